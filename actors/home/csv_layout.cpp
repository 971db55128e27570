#include "actors/home/context.hpp"
#include "actors/home/delimited.hpp"
#include "actors/home/entity_name.hpp"
#include "actors/home/line_layout.hpp"
#include "actors/home/read_time.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <initializer_list>
#include <optional>
#include <unordered_map>

namespace habitd {

namespace {

using column = std::optional<std::size_t>;

/// Where the columns are, from the names in the header.
struct csv_columns {
  char delimiter = ',';
  column entity, state, old_state;
  column updated, changed; // a row whose times differ changed only attributes
  column date, time;
  column context, user, parent;
  std::size_t least = 0; // fields a row must have

  bool complete() const { return entity && state && (updated || changed || time); }
};

column find(const std::vector<std::string>& names,
            std::initializer_list<std::string_view> wanted) {
  for (const auto name : wanted)
    if (const auto found = std::ranges::find(names, name); found != names.end())
      return static_cast<std::size_t>(found - names.begin());
  return std::nullopt;
}

csv_columns read_header(std::string_view line) {
  csv_columns result;
  for (const char delimiter : {',', ';', '\t'}) {
    const auto names = header_names(line, delimiter);
    if (names.size() < 3)
      continue;
    result.delimiter = delimiter;
    result.entity = find(names, {"entity_id", "entity", "device", "sensor"});
    result.state = find(names, {"state", "value"});
    result.old_state = find(names, {"old_state"});
    result.updated = find(names, {"last_updated"});
    result.changed = find(names, {"last_changed"});
    result.date = find(names, {"date"});
    result.time = find(names, {"time", "timestamp", "datetime"});
    result.context = find(names, {"context_id"});
    result.user = find(names, {"context_user_id"});
    result.parent = find(names, {"context_parent_id"});
    for (const auto& needed :
         {result.entity, result.state, result.updated, result.changed, result.time})
      result.least = std::max(result.least, needed ? *needed + 1 : 0);
    if (result.complete())
      return result;
  }
  return {};
}

class csv_reader {
public:
  explicit csv_reader(const home_facts& facts)
      : times_{facts.calendar}, attribution_{facts.machine_users} {}

  void take(const text_line& line, row_sink& rows);

  /// An open quote at the end of the file spoils its own line only.
  void finish(row_sink& rows);

private:
  /// A quoted field may hold line ends, but a quote that was never meant to be one must not
  /// swallow the rest of the file.
  static constexpr std::size_t most_joined = 20;

  void take_record(std::string_view record, row_sink& rows);
  void take_fields(row_sink& rows);
  std::optional<time_reading> time_of(const column& at) const;
  std::optional<time_reading> row_time() const;
  std::string_view entity_name(std::string_view name, std::string_view state);
  event_context context() const;

  local_times times_;
  attribution attribution_;
  csv_columns columns_;
  std::string header_;
  delimited_line fields_;
  std::string joined_; // lines of a record whose quote is still open
  std::size_t joined_lines_ = 0;
  std::unordered_map<std::string, std::string> ids_; // of names that are no entity ids
};

void csv_reader::take(const text_line& line, row_sink& rows) {
  if (line.number == 1)
    finish(rows);
  if (line.too_long)
    return rows.bad("line of over 1 MB");
  if (joined_lines_ == 0 && trim(line.text).empty())
    return;
  if (header_.empty() || line.text == header_) {
    header_ = line.text;
    columns_ = read_header(header_);
    if (!columns_.complete())
      header_.clear();
    return header_.empty() ? rows.bad("no header that names time, entity and state")
                           : void();
  }
  if (joined_lines_ == 0)
    return take_record(line.text, rows);
  joined_ += '\n';
  joined_ += line.text;
  ++joined_lines_;
  const auto record = std::exchange(joined_, {});
  take_record(record, rows);
}

void csv_reader::take_record(std::string_view record, row_sink& rows) {
  if (fields_.split(record, columns_.delimiter)) {
    joined_lines_ = 0;
    return take_fields(rows);
  }
  joined_lines_ = std::max<std::size_t>(joined_lines_, 1);
  joined_ = record;
  if (joined_lines_ >= most_joined)
    finish(rows);
}

void csv_reader::finish(row_sink& rows) {
  while (joined_lines_ > 0) {
    const auto text = std::exchange(joined_, {});
    joined_lines_ = 0;
    rows.bad("a quote is never closed");
    // The lines after the damaged one are rows of their own.
    std::string_view rest = text;
    while (joined_lines_ == 0) {
      const auto end = rest.find('\n');
      if (end == std::string_view::npos)
        return;
      rest.remove_prefix(end + 1);
      const auto line = rest.substr(0, rest.find('\n'));
      if (fields_.split(line, columns_.delimiter))
        take_fields(rows);
      else
        rows.bad("a quote is never closed");
    }
  }
}

std::optional<time_reading> csv_reader::time_of(const column& at) const {
  return at ? read_time(trim(fields_[*at])) : std::nullopt;
}

std::optional<time_reading> csv_reader::row_time() const {
  if (columns_.updated)
    return time_of(columns_.updated);
  if (columns_.changed)
    return time_of(columns_.changed);
  if (!columns_.date || *columns_.date >= fields_.size())
    return time_of(columns_.time);
  const auto date = read_date(trim(fields_[*columns_.date]));
  const auto time = read_time_of_day(trim(fields_[*columns_.time]));
  if (!date || !time)
    return std::nullopt;
  return time_reading{std::int64_t{*date} * 86'400'000 + *time, true};
}

std::string_view csv_reader::entity_name(std::string_view name, std::string_view state) {
  if (is_entity_id(name))
    return name;
  auto& id = ids_[std::string{name}];
  if (id.empty())
    id = entity_id_for(name, state);
  return id;
}

event_context csv_reader::context() const {
  const auto field = [this](const column& at) -> std::optional<std::string_view> {
    if (!at || *at >= fields_.size())
      return std::nullopt;
    return trim(fields_[*at]);
  };
  return {field(columns_.context), field(columns_.user), field(columns_.parent)};
}

void csv_reader::take_fields(row_sink& rows) {
  if (fields_.size() < columns_.least)
    return rows.bad(
      fmt::format("{} fields where {} are needed", fields_.size(), columns_.least));
  const auto time = row_time();
  if (!time) {
    const auto where = columns_.updated   ? *columns_.updated
                       : columns_.changed ? *columns_.changed
                                          : *columns_.time;
    return rows.bad(fmt::format("no such time: {:.40}", fields_[where]));
  }
  const auto name = trim(fields_[*columns_.entity]);
  if (name.empty() || name.size() > 255)
    return rows.bad(name.empty() ? "no entity" : "entity of over 255 characters");
  source_row row{.at = times_.instant(*time), .state = trim(fields_[*columns_.state])};
  row.entity = entity_name(name, row.state);
  if (columns_.old_state && *columns_.old_state < fields_.size()) {
    row.old_state = trim(fields_[*columns_.old_state]);
    row.before = row.old_state.empty() ? previous::none : previous::known;
  }
  const auto changed = columns_.updated ? time_of(columns_.changed) : std::nullopt;
  if ((changed && changed->ms != time->ms) ||
      (row.before == previous::known && row.old_state == row.state))
    row.kind = row_kind::attributes;
  const auto from = context();
  row.act = act_of(from.id.value_or(std::string_view{}));
  row.by = attribution_.by(from, row.act);
  rows.take(row);
}

} // namespace

line_layout csv_layout(const home_facts& facts) {
  const auto reader = std::make_shared<csv_reader>(facts);
  return {[reader](const text_line& line, row_sink& rows) { reader->take(line, rows); },
          [reader](row_sink& rows) { reader->finish(rows); }};
}

bool looks_like_csv(std::span<const std::string_view> lines) {
  return !lines.empty() && read_header(lines.front()).complete();
}

} // namespace habitd
