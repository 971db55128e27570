#include "actors/home/context.hpp"
#include "actors/home/delimited.hpp"
#include "actors/home/entity_name.hpp"
#include "actors/home/line_layout.hpp"
#include "actors/home/read_time.hpp"
#include "messages/home_day.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <initializer_list>
#include <limits>
#include <optional>
#include <unordered_map>
#include <vector>

namespace habitd {

namespace {

using column = std::optional<std::size_t>;

/// Columns of which the first that holds something counts, the best first.
using columns = std::vector<std::size_t>;

/// Where the columns are, from the names in the header.
struct csv_columns {
  char delimiter = ',';
  column entity, state, value, old_state;
  column domain, field, tags; // of InfluxDB
  columns updated, changed;   // a row whose times differ changed only attributes
  columns times;              // of any other name
  column date;                // then the first of `times` is a time of day
  column context, user, parent;
  std::size_t least = 0; // fields a row must have

  bool complete() const {
    return (entity || tags) && (state || value) &&
           (!updated.empty() || !changed.empty() || !times.empty());
  }
};

using names = std::vector<std::string>;

columns find_all(const names& in, std::initializer_list<std::string_view> wanted) {
  columns result;
  for (const auto name : wanted)
    if (const auto found = std::ranges::find(in, name); found != in.end())
      result.push_back(static_cast<std::size_t>(found - in.begin()));
  return result;
}

column find(const names& in, std::initializer_list<std::string_view> wanted) {
  const auto found = find_all(in, wanted);
  return found.empty() ? std::nullopt : std::optional{found.front()};
}

csv_columns columns_named(const names& header, char delimiter) {
  csv_columns result;
  result.delimiter = delimiter;
  result.entity = find(header, {"entity_id", "entity", "device", "sensor"});
  result.state = find(header, {"state"});
  result.value = find(header, {"value", "_value"});
  result.old_state = find(header, {"old_state"});
  result.domain = find(header, {"domain"});
  result.field = find(header, {"_field"});
  result.tags = find(header, {"tags"});
  result.updated = find_all(header, {"last_updated_ts", "last_updated"});
  result.changed = find_all(header, {"last_changed_ts", "last_changed"});
  result.date = find(header, {"date"});
  result.times = find_all(header, {"time", "_time", "timestamp", "datetime", "when"});
  result.context = find(header, {"context_id", "context_id_bin", "hex(context_id_bin)"});
  result.user = find(header, {"context_user_id", "context_user_id_bin"});
  result.parent = find(header, {"context_parent_id", "context_parent_id_bin"});
  auto first_time = std::numeric_limits<std::size_t>::max();
  for (const auto* const some : {&result.updated, &result.changed, &result.times})
    for (const auto at : *some)
      first_time = std::min(first_time, at);
  if (result.complete())
    result.least = std::max({result.entity ? *result.entity : *result.tags, first_time,
                             result.state ? *result.state : *result.value}) +
                   1;
  return result;
}

csv_columns read_header(std::string_view line) {
  for (const char delimiter : {',', ';', '\t', '|'}) {
    auto header = header_names(line, delimiter);
    if (header.size() < 3)
      continue;
    for (auto& name : header) // "s.state", as a query names it
      if (const auto dot = name.rfind('.'); dot != std::string::npos)
        name.erase(0, dot + 1);
    if (auto result = columns_named(header, delimiter); result.complete())
      return result;
  }
  return {};
}

/// What databases and programs write for null.
bool is_blank(std::string_view field) {
  constexpr std::array<std::string_view, 8> words{"",    "NULL", "null", "None",
                                                  "nan", "NaN",  "NaT",  "\\N"};
  return std::ranges::find(words, field) != words.end();
}

/// Lines that InfluxDB 2 puts before a header.
bool is_annotation(std::string_view line) {
  return line.starts_with("#group") || line.starts_with("#datatype") ||
         line.starts_with("#default");
}

/// "kitchen" of key "entity_id" in "domain=light,entity_id=kitchen".
std::string_view tag(std::string_view tags, std::string_view key) {
  for (auto at = tags.find(key); at != std::string_view::npos;
       at = tags.find(key, at + 1))
    if ((at == 0 || tags[at - 1] == ',') &&
        tags.substr(at + key.size()).starts_with('=')) {
      const auto rest = tags.substr(at + key.size() + 1);
      return rest.substr(0, rest.find(','));
    }
  return {};
}

class csv_reader {
public:
  explicit csv_reader(const home_facts& facts)
      : times_{facts.calendar}, attribution_{facts.who} {}

  void take(const text_line& line, row_sink& rows);

  /// An open quote at the end of the file spoils its own line only.
  void finish(row_sink& rows);

private:
  /// A quoted field may hold line ends, but a quote that was never meant to be one must not
  /// swallow the rest of the file.
  static constexpr std::size_t most_joined = 20;

  void take_record(std::string_view record, row_sink& rows);
  void take_fields(const std::optional<time_reading>& time, row_sink& rows);
  bool take_header(std::string_view line);

  /// Nothing where the row has no such field, or it is blank.
  std::string_view field(const column& at) const;
  std::string_view field(const columns& some) const;
  std::string_view time_field() const;
  std::optional<time_reading> row_time() const;
  std::string_view state() const;
  std::string_view entity_name(std::string_view state);
  event_context context() const;

  local_times times_;
  std::shared_ptr<attribution> attribution_;
  csv_columns columns_;
  std::string header_;
  delimited_line fields_;
  std::string joined_; // lines of a record whose quote is still open
  std::size_t joined_lines_ = 0;
  std::unordered_map<std::string, std::string> ids_; // of names that are no entity ids
  std::string joined_id_; // of domain and object id, of the row at hand
};

void csv_reader::take(const text_line& line, row_sink& rows) {
  if (line.number == 1)
    finish(rows);
  if (line.too_long)
    return rows.bad("line of over 1 MB");
  if (joined_lines_ == 0 && trim(line.text).empty())
    return;
  if (joined_lines_ == 0 && (line.text == header_ || is_annotation(line.text)))
    return;
  if (header_.empty())
    return take_header(line.text)
             ? void()
             : rows.bad("no header that names time, entity and state");
  if (joined_lines_ == 0)
    return take_record(line.text, rows);
  joined_ += '\n';
  joined_ += line.text;
  ++joined_lines_;
  const auto record = std::exchange(joined_, {});
  take_record(record, rows);
}

bool csv_reader::take_header(std::string_view line) {
  auto found = read_header(line);
  if (!found.complete())
    return false;
  header_ = line;
  columns_ = std::move(found);
  return true;
}

void csv_reader::take_record(std::string_view record, row_sink& rows) {
  if (fields_.split(record, columns_.delimiter)) {
    joined_lines_ = 0;
    // Another table in the same file, as InfluxDB writes one for each measurement.
    const auto time = row_time();
    if (!time && take_header(record))
      return;
    return take_fields(time, rows);
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
        take_fields(row_time(), rows);
      else
        rows.bad("a quote is never closed");
    }
  }
}

std::string_view csv_reader::field(const column& at) const {
  if (!at || *at >= fields_.size())
    return {};
  const auto text = trim(fields_[*at]);
  return is_blank(text) ? std::string_view{} : text;
}

std::string_view csv_reader::field(const columns& some) const {
  for (const auto at : some)
    if (const auto text = field(column{at}); !text.empty())
      return text;
  return {};
}

std::string_view csv_reader::time_field() const {
  for (const auto* const some : {&columns_.updated, &columns_.changed, &columns_.times})
    if (const auto text = field(*some); !text.empty())
      return text;
  return {};
}

std::optional<time_reading> csv_reader::row_time() const {
  const auto text = time_field();
  if (!columns_.date || *columns_.date >= fields_.size())
    return read_time(text);
  const auto date = read_date(field(columns_.date));
  const auto time = read_time_of_day(text);
  if (!date || !time)
    return std::nullopt;
  return time_reading{std::int64_t{*date} * 86'400'000 + *time, true};
}

/// Of the two fields that InfluxDB has, the text says more than the number.
std::string_view csv_reader::state() const {
  const auto text = field(columns_.state);
  return text.empty() ? field(columns_.value) : text;
}

std::string_view csv_reader::entity_name(std::string_view state) {
  auto name = field(columns_.entity);
  auto domain = field(columns_.domain);
  if (const auto tags = field(columns_.tags); name.empty() && !tags.empty()) {
    name = tag(tags, "entity_id");
    domain = tag(tags, "domain");
  }
  if (name.empty() || name.size() > 255 || is_entity_id(name))
    return name;
  if (!domain.empty()) {
    joined_id_.assign(domain).append(".").append(name);
    if (is_entity_id(joined_id_))
      return joined_id_;
  }
  auto& id = ids_[std::string{name}];
  if (id.empty())
    id = entity_id_for(name, state);
  return id;
}

event_context csv_reader::context() const {
  const auto told = [this](const column& at) -> std::optional<std::string_view> {
    return at ? std::optional{field(at)} : std::nullopt;
  };
  return {told(columns_.context), told(columns_.user), told(columns_.parent)};
}

void csv_reader::take_fields(const std::optional<time_reading>& time, row_sink& rows) {
  if (fields_.size() < columns_.least)
    return rows.bad(
      fmt::format("{} fields where {} are needed", fields_.size(), columns_.least));
  if (const auto name = field(columns_.field);
      columns_.field && name != "state" && name != "value")
    return; // an attribute's
  if (!time)
    return rows.bad(fmt::format("no such time: {:.40}", time_field()));
  source_row row{.at = times_.instant(*time), .state = state()};
  row.entity = entity_name(row.state);
  if (row.entity.empty() || row.entity.size() > 255)
    return rows.bad(row.entity.empty() ? "no entity" : "entity of over 255 characters");
  // An export leaves the field empty for null too, so empty says nothing.
  row.old_state = field(columns_.old_state);
  if (!row.old_state.empty())
    row.before = previous::known;
  if (!field(columns_.updated).empty())
    if (const auto changed = read_time(field(columns_.changed)))
      row.changed_at = times_.instant(*changed);
  if ((row.changed_at && row.changed_at != row.at) ||
      (row.before == previous::known && row.old_state == row.state))
    row.kind = row_kind::attributes;
  const auto from = context();
  row.act = act_of(from.id.value_or(std::string_view{}));
  row.by = attribution_->by(from, row.act);
  if (const auto domain = domain_of(row.entity);
      domain == "automation" || domain == "script")
    attribution_->automation_ran(from.id.value_or(std::string_view{}));
  rows.take(row);
}

} // namespace

line_layout csv_layout(const home_facts& facts) {
  const auto reader = std::make_shared<csv_reader>(facts);
  return {[reader](const text_line& line, row_sink& rows) { reader->take(line, rows); },
          [reader](row_sink& rows) { reader->finish(rows); }};
}

bool looks_like_csv(std::span<const std::string_view> lines) {
  const auto header = std::ranges::find_if_not(lines, is_annotation);
  return header != lines.end() && read_header(*header).complete();
}

bool looks_like_csv_row(std::string_view line) {
  for (const char delimiter : {',', ';', '\t', '|'}) {
    delimited_line fields;
    if (!fields.split(line, delimiter) || fields.size() < 3)
      continue;
    bool entity = false;
    bool time = false;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const auto text = trim(fields[i]);
      entity |= is_entity_id(text) && !read_time(text);
      time |= text.size() >= 10 && read_time(text);
    }
    if (entity && time)
      return true;
  }
  return false;
}

} // namespace habitd
