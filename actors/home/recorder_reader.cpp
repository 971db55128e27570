#include "actors/home/recorder_reader.hpp"

#include "actors/home/recorder_cursor.hpp"
#include "actors/home/recorder_events.hpp"
#include "actors/home/recorder_rows.hpp"
#include "actors/home/recorder_schema.hpp"
#include "actors/home/row_sink.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <charconv>

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

/// "7 light.kitchen" a line.
std::string format_names(const entity_names& names) {
  std::string text;
  for (const auto& [number, name] : names)
    text += fmt::format("{} {}\n", number, name);
  return text;
}

entity_names parse_names(std::string_view text) {
  entity_names names;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    std::int64_t number = 0;
    const auto [next, failed] =
      std::from_chars(line.data(), line.data() + line.size(), number);
    if (failed == std::errc{} && next != line.data() + line.size())
      names[number] = std::string{next + 1, line.data() + line.size()};
  }
  return names;
}

class recorder_reader {
public:
  recorder_reader(const source_request& request, std::optional<temporary_file> copy)
      : request_{request}, copy_{std::move(copy)}, rows_{request.calendar},
        events_{request.machine_users}, cursor_{parse_cursor(request.resume_cursor)},
        known_names_{parse_names(request.known_names)} {}

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
  error survey_more();
  expected<std::optional<read_step>> read_moment();
  expected<bool> was_left_alone();
  void tell_names(read_step& step);
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
  bool resumed_ = true; // what the cursor passed was told by an earlier run
  bool gave_rows_ = false;

  // Where no index finds an entity's row before another, a look at all rows does.
  std::shared_ptr<carried_states> carried_;
  std::int64_t surveyed_ = 0; // rowid
  bool surveying_ = false;
  entity_names known_names_; // as the store has them
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
  // A row that does not tell what was before is left to the rows of its entity.
  carried_ = std::make_shared<carried_states>(request_.calendar);
  sink_.carry(carried_);
  surveyed_ = 0;
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
  if (auto err = make(range_, "SELECT (SELECT min(rowid) FROM states), "
                              "(SELECT max(rowid) FROM states)"))
    return err;
  // One row of the main query, for its time.
  if (auto err = make(time_by_id_, schema_.states_sql))
    return err;
  if (auto err = rows_.prepare(*database_, schema_))
    return err;
  surveying_ = schema_.carried_sql.empty();
  return events_.prepare(*database_, schema_);
}

/// Home Assistant alters tables when it is upgraded, and restoring a backup puts another
/// file in the place of ours.
error recorder_reader::follow_changes() {
  const auto& files = database_->files();
  if (!copy_ &&
      (identity_of(file()) != identity_ || (files && *files != look_at_files(file()))))
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
  known_names_.clear(); // another database numbers its entities otherwise
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
    if (time_by_id_->step() && time_by_id_->number(state_row) == cursor_.state_id) {
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

/// A stretch of the survey, as short as one of the events'.
error recorder_reader::survey_more() {
  constexpr std::int64_t stretch = 20'000;
  states_->bind(1, surveyed_);
  states_->bind(2, stretch);
  std::int64_t count = 0;
  for (; states_->step(); ++count) {
    surveyed_ = states_->number(state_row);
    rows_.survey(*states_, *carried_);
  }
  const bool failed = states_->failed();
  states_->reset();
  surveying_ =
    count == stretch && !failed; // the pages before damage are good, and then it tells
  return {};
}

/// What can be had in one transaction; nothing if there is more to look at before rows can be
/// understood.
expected<std::optional<read_step>> recorder_reader::read_moment() {
  if (auto err = check_cursor())
    return err;
  if (auto err = rows_.begin_page(*database_))
    return err;
  // States and the events that explain them must come from the same moment.
  if (std::exchange(resumed_, false) && cursor_.state_id > 0) {
    events_.told_until(cursor_.run_id, cursor_.event_id);
    rows_.told_until(wall_time{std::chrono::milliseconds{cursor_.row_time}});
  }
  const auto all = events_.catch_up(*database_);
  if (!all)
    return all.error();
  if (*all && surveying_)
    if (auto err = survey_more())
      return err;
  if (!*all || surveying_)
    return std::optional<read_step>{};
  auto page = read_page();
  if (!page)
    return page.error();
  return std::optional<read_step>{std::move(*page)};
}

/// False if somebody began to write a database that is read without locks: what was read
/// may be half of one state and half of another.
expected<bool> recorder_reader::was_left_alone() {
  const auto files = database_->files();
  if (!files || *files == look_at_files(file()))
    return true;
  sink_.forget_page();
  rows_.forget();
  if (auto err = open())
    return err;
  return false;
}

expected<read_step> recorder_reader::next() {
  if (auto err = follow_changes())
    return err;
  while (true) {
    const auto before = cursor_;
    if (auto err = database_->run("BEGIN"))
      return err;
    auto step = read_moment();
    // Nothing was written. On a damaged file COMMIT would fail, and the good rows with it.
    auto ended = database_->run("ROLLBACK");
    const auto left_alone = was_left_alone();
    if (!left_alone)
      return left_alone.error();
    if (!*left_alone) {
      cursor_ = before;
      continue;
    }
    if (!step)
      return step.error();
    if (database_->in_transaction())
      return ended;
    if (*step)
      return std::move(**step);
  }
}

/// Compares the entities' names with those that the store knows.
void recorder_reader::tell_names(read_step& step) {
  const auto& names = rows_.names();
  if (names == known_names_)
    return;
  for (const auto& [number, name] : names)
    if (const auto known = known_names_.find(number);
        known != known_names_.end() && known->second != name)
      step.renamed.push_back({known->second, name});
  step.names = format_names(names);
  known_names_ = names;
}

expected<read_step> recorder_reader::read_page() {
  const auto before = cursor_.state_id;
  std::size_t count = 0;
  events_.tell_starts([this](wall_time start) { sink_.restart(start); });
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
  cursor_.run_id = events_.runs_read();
  cursor_.event_id = events_.events_read();
  tell_names(step);
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
  const auto id = states_->number(state_row);
  sink_.set_place(request_.file.native(), static_cast<std::uint64_t>(id));
  const auto at = stored_time(*states_, state_updated_ts, state_updated_text);
  cursor_.state_id = id;
  cursor_.row_time = at ? at->time_since_epoch().count() : 0;
  if (!at)
    return sink_.bad("no time");
  if (schema_.carried_sql.empty())
    rows_.survey(*states_, *carried_); // those that came after the survey
  rows_.take(*states_, *at, events_.who(), sink_);
}

std::string recorder_reader::description() const {
  return (schema_.version > 0
            ? fmt::format("Home Assistant recorder, schema {}", schema_.version)
            : "Home Assistant recorder, from before schema numbers") +
         (schema_.automations ? "" : std::string{"; "}.append(tells_no_automations));
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
