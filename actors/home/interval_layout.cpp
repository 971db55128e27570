#include "actors/home/delimited.hpp"
#include "actors/home/entity_name.hpp"
#include "actors/home/line_layout.hpp"
#include "actors/home/read_time.hpp"

#include <algorithm>

namespace habitd {

namespace {

/// True for "25-Feb-2008 …": everything before and after the table is prose.
bool begins_with_date(std::string_view line) {
  const auto dash = line.find('-');
  return (dash == 1 || dash == 2) && line.size() > dash + 5 && line[dash + 4] == '-' &&
         line[0] >= '0' && line[0] <= '9';
}

class interval_reader {
public:
  explicit interval_reader(const home_facts& facts) : times_{facts.calendar} {}

  void take(const text_line& line, row_sink& rows) {
    if (line.too_long)
      return rows.bad("line of over 1 MB");
    if (!begins_with_date(line.text))
      return;
    if (!fields_.split(line.text, '\t') || fields_.size() < 3)
      return rows.bad("not start, end and sensor");
    const auto begin = read_time(trim(fields_[0]));
    const auto end = read_time(trim(fields_[1]));
    if (!begin || !end)
      return rows.bad("no such time: " +
                      std::string{(begin ? fields_[1] : fields_[0]).substr(0, 40)});
    const auto name = slug(fields_[2]);
    if (name.empty() || name.size() > 200)
      return rows.bad("no sensor");
    const auto from = times_.instant(*begin);
    const auto until = times_.instant(*end);
    if (until < from)
      return rows.bad("ends before it begins");
    const auto id = "binary_sensor.sensor_" + name;
    rows.take({.at = from,
               .entity = id,
               .state = "on",
               .old_state = "off",
               .before = previous::known});
    rows.take({.at = std::max(until, from + shortest_on),
               .entity = id,
               .state = "off",
               .old_state = "on",
               .before = previous::known});
  }

private:
  local_times times_;
  delimited_line fields_;
};

} // namespace

line_layout interval_layout(const home_facts& facts) {
  const auto reader = std::make_shared<interval_reader>(facts);
  return {[reader](const text_line& line, row_sink& rows) { reader->take(line, rows); }};
}

bool looks_like_intervals(std::span<const std::string_view> lines) {
  const auto interval = [](std::string_view line) {
    if (!begins_with_date(line))
      return false;
    delimited_line fields;
    return fields.split(line, '\t') && fields.size() >= 3 && read_time(trim(fields[0])) &&
           read_time(trim(fields[1]));
  };
  // Files of the same shape that tell what people did, not what sensors saw.
  const auto annotation = [](std::string_view line) {
    return line.find("activity id") != std::string_view::npos;
  };
  return std::ranges::any_of(lines, interval) && std::ranges::none_of(lines, annotation);
}

} // namespace habitd
