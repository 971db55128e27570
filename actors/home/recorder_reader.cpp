#include "actors/home/recorder_reader.hpp"

#include "actors/home/recorder_cursor.hpp"
#include "actors/home/recorder_events.hpp"
#include "actors/home/recorder_rows.hpp"
#include "actors/home/recorder_schema.hpp"
#include "actors/home/row_sink.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

namespace habitd {

namespace {

/// Which file a path names at the moment.
struct file_identity {
  dev_t device = 0;
  ino_t number = 0;
  bool operator==(const file_identity&) const = default;
};

file_identity identity_of(const std::filesystem::path& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0)
    return {};
  return {found.st_dev, found.st_ino};
}

class recorder_reader {
public:
  recorder_reader(const source_request& request, std::optional<temporary_file> copy)
      : request_{request}, copy_{std::move(copy)}, events_{request.machine_users},
        cursor_{parse_cursor(request.resume_cursor)} {
    // One that a row dated ahead has moved would keep all restarts until then untold.
    if (request.clock && is_ahead(cursor_.passed, request.clock->now()))
      cursor_.passed = wall_time{std::chrono::milliseconds{cursor_.row_time}};
  }

  error open();
  expected<read_step> next();
  read_problems problems() const { return sink_.problems(); }
  std::string description() const;

private:
  const std::filesystem::path& file() const {
    return copy_ ? copy_->path() : request_.file;
  }
  error prepare();
  error follow_changes();
  error check_cursor();
  void start_over();
  expected<read_step> read_page();
  error take_rows(std::size_t& count);
  void take_row();

  source_request request_;
  std::optional<temporary_file> copy_;
  file_identity identity_;
  std::optional<sqlite_database> database_;
  recorder_schema schema_;
  std::int64_t schema_cookie_ = -1; // changes whenever a table does
  std::optional<sqlite_query> states_, range_, time_by_id_;
  recorder_rows rows_;
  recorder_events events_;
  row_sink sink_;
  recorder_cursor cursor_;
  bool resumed_ = true; // starts up to the cursor were told by an earlier run
  bool gave_rows_ = false;
};

expected<std::int64_t> read_number(sqlite_database& database, const char* sql) {
  auto query = database.prepare(sql);
  if (!query)
    return query.error();
  if (!query->step())
    return database.failure(sql);
  return query->number(0);
}

error recorder_reader::open() {
  identity_ = identity_of(file());
  auto database =
    copy_ ? sqlite_database::open_private(file()) : sqlite_database::open(file());
  if (!database)
    return database.error();
  // Queries refer to the old handle: they go first.
  for (auto* const query : {&states_, &range_, &time_by_id_})
    query->reset();
  rows_.close();
  events_ = recorder_events{request_.machine_users};
  database_ = std::move(*database);
  if (copy_)
    copy_->remove_name();
  schema_cookie_ = -1;
  resumed_ = true;
  return follow_changes();
}

error recorder_reader::prepare() {
  auto schema = probe_recorder(*database_, request_.file.string());
  if (!schema)
    return schema.error();
  schema_ = std::move(*schema);
  const auto make = [this](std::optional<sqlite_query>& query, std::string_view sql) {
    auto prepared = database_->prepare(sql);
    if (!prepared)
      return prepared.error();
    query = std::move(*prepared);
    return error{};
  };
  if (auto err = make(states_, schema_.states_sql))
    return err;
  // Apart, each is one look at the index; together they would read the whole table.
  if (auto err = make(range_, "SELECT (SELECT min(state_id) FROM states), "
                              "(SELECT max(state_id) FROM states)"))
    return err;
  // One row of the main query, for its time.
  if (auto err = make(time_by_id_, schema_.states_sql))
    return err;
  if (auto err = rows_.prepare(*database_, schema_))
    return err;
  return events_.prepare(*database_, schema_);
}

/// Home Assistant alters tables when it is upgraded, and restoring a backup puts another
/// file in the place of ours.
error recorder_reader::follow_changes() {
  if (!copy_ && identity_of(file()) != identity_)
    return open();
  const auto cookie = read_number(*database_, "PRAGMA schema_version");
  if (!cookie)
    return cookie.error();
  if (*cookie == schema_cookie_)
    return {};
  if (auto err = prepare())
    return err;
  schema_cookie_ = *cookie;
  return {};
}

void recorder_reader::start_over() {
  cursor_ = {};
  resumed_ = false;
  rows_.forget();
  sink_.forget_states();
  events_ = recorder_events{request_.machine_users};
}

/// A smaller greatest id, or another time at the cursor, means another database. Ids of
/// removed rows may be used again, so an empty table begins anew too.
error recorder_reader::check_cursor() {
  if (cursor_.state_id == 0)
    return {};
  if (!range_->step())
    return database_->failure("read states");
  bool same = !range_->is_null(1) && range_->number(1) >= cursor_.state_id;
  range_->reset();
  if (same) {
    time_by_id_->bind(1, cursor_.state_id - 1);
    time_by_id_->bind(2, std::int64_t{1});
    if (time_by_id_->step() && time_by_id_->number(state_id) == cursor_.state_id) {
      const auto at = stored_time(*time_by_id_, state_updated_ts, state_updated_text);
      same = at && at->time_since_epoch().count() == cursor_.row_time;
    }
    time_by_id_->reset();
  }
  if (same)
    return {};
  start_over();
  return events_.prepare(*database_, schema_);
}

expected<read_step> recorder_reader::next() {
  if (auto err = follow_changes())
    return err;
  while (true) {
    if (auto err = database_->run("BEGIN"))
      return err;
    auto step = [this]() -> expected<std::optional<read_step>> {
      if (auto err = check_cursor())
        return err;
      // States and the events that explain them must come from the same moment.
      const auto all = events_.catch_up(*database_);
      if (!all)
        return all.error();
      if (!*all)
        return std::optional<read_step>{};
      auto page = read_page();
      if (!page)
        return page.error();
      return std::optional<read_step>{std::move(*page)};
    }();
    // Nothing was written. On a damaged file COMMIT would fail, and the good rows with it.
    auto ended = database_->run("ROLLBACK");
    if (!step)
      return step.error();
    if (database_->in_transaction())
      return ended;
    if (*step)
      return std::move(**step);
  }
}

expected<read_step> recorder_reader::read_page() {
  if (std::exchange(resumed_, false) && cursor_.state_id > 0)
    events_.told_until(cursor_.passed);
  const auto before = cursor_.state_id;
  std::size_t count = 0;
  rows_.begin_page();
  // What came before a damaged place is good; the next page meets the damage at once.
  auto damage = take_rows(count);
  if (damage && sink_.page_size() == 0)
    return damage;
  read_step step;
  step.page = sink_.take_page();
  step.at_end = !damage && count < request_.page_rows;
  gave_rows_ = gave_rows_ || before > 0 || !step.page.rows.empty();
  if (step.at_end && !gave_rows_ && count > 0)
    return make_error(ec::invalid_input,
                      fmt::format("{}: none of {} rows could be read, first {}",
                                  request_.file.string(), count,
                                  sink_.problems().first.front()));
  if (!range_->step())
    return database_->failure("read states");
  const auto first = range_->number(0);
  const auto last = range_->number(1);
  range_->reset();
  step.ordinal = static_cast<std::uint64_t>(before) + 1;
  step.progress =
    step.at_end || last <= first
      ? 1
      : static_cast<double>(cursor_.state_id - first) / static_cast<double>(last - first);
  step.position = {request_.file.string(), format_cursor(cursor_)};
  return step;
}

error recorder_reader::take_rows(std::size_t& count) {
  states_->bind(1, cursor_.state_id);
  states_->bind(2, static_cast<std::int64_t>(request_.page_rows));
  while (states_->step()) {
    ++count;
    take_row();
  }
  const bool failed = states_->failed();
  auto reason = failed ? database_->failure("read states") : error{};
  states_->reset();
  return reason;
}

void recorder_reader::take_row() {
  const auto id = states_->number(state_id);
  sink_.set_place(request_.file.native(), static_cast<std::uint64_t>(id));
  const auto at = stored_time(*states_, state_updated_ts, state_updated_text);
  cursor_.state_id = id;
  cursor_.row_time = at ? at->time_since_epoch().count() : 0;
  if (!at)
    return sink_.bad("no time");
  if (!request_.clock || !is_ahead(*at, request_.clock->now()))
    cursor_.passed = std::max(cursor_.passed, *at);
  events_.tell_until(cursor_.passed, [this](wall_time start) { sink_.restart(start); });
  rows_.take(*states_, *at, events_.who(), sink_);
}

std::string recorder_reader::description() const {
  return schema_.version > 0
           ? fmt::format("Home Assistant recorder, schema {}", schema_.version)
           : "Home Assistant recorder, from before schema numbers";
}

expected<event_source> open_reader(const source_request& request,
                                   std::optional<temporary_file> copy) {
  const auto reader = std::make_shared<recorder_reader>(request, std::move(copy));
  if (auto err = reader->open())
    return err;
  return event_source{[reader] { return reader->next(); },
                      [reader] { return reader->problems(); }, reader->description()};
}

} // namespace

expected<event_source> open_recorder(const source_request& request) {
  return open_reader(request, std::nullopt);
}

expected<event_source> open_recorder_copy(const source_request& request,
                                          temporary_file copy) {
  return open_reader(request, std::move(copy));
}

} // namespace habitd
