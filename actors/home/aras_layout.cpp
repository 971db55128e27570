#include "actors/home/delimited.hpp"
#include "actors/home/line_layout.hpp"
#include "actors/home/read_time.hpp"

#include <array>
#include <charconv>
#include <fmt/format.h>

namespace habitd {

namespace {

constexpr std::int64_t first_day = 15'341; // 2012-01-02, a Monday, in days since 1970
constexpr std::int64_t ms_per_day = 86'400'000;
constexpr std::size_t sensor_columns = 20;
constexpr std::size_t all_columns = sensor_columns + 2;

std::optional<int> read_number(std::string_view text) {
  int value = 0;
  const auto [stop, failed] =
    std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || stop != text.data() + text.size())
    return std::nullopt;
  return value;
}

/// The day in "DAY_12.txt".
std::optional<int> day_in_name(std::string_view member) {
  const auto begin = member.find_first_of("0123456789");
  if (begin == std::string_view::npos)
    return std::nullopt;
  const auto end = std::min(member.find_first_not_of("0123456789", begin), member.size());
  return read_number(member.substr(begin, end - begin));
}

/// Values of the sensor columns, as '0' and '1'; nothing if the line is not 22 numbers of
/// which the first 20 are 0 or 1.
std::optional<std::array<char, sensor_columns>> read_second(std::string_view line) {
  std::array<char, sensor_columns> values{};
  std::size_t count = 0;
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == ' ' || line[at] == '\t') {
      ++at;
      continue;
    }
    auto end = at;
    while (end < line.size() && line[end] >= '0' && line[end] <= '9')
      ++end;
    const auto length = end - at;
    const bool sensor = count < sensor_columns;
    if (length == 0 || count == all_columns ||
        (sensor && (length != 1 || line[at] > '1')))
      return std::nullopt;
    if (sensor)
      values[count] = line[at];
    ++count;
    at = end;
  }
  if (count != all_columns)
    return std::nullopt;
  return values;
}

std::string sensor_id(std::size_t column) {
  return fmt::format("binary_sensor.sensor_{}", column);
}

class aras_reader {
public:
  explicit aras_reader(const home_facts& facts) : times_{facts.calendar} {
    for (std::size_t i = 0; i < sensor_columns; ++i)
      ids_[i] = sensor_id(i + 1);
  }

  void take(const text_line& line, row_sink& rows) {
    if (line.number == 1) {
      day_ = day_in_name(line.member).value_or(day_ + 1);
      second_ = 0;
    }
    if (trim(line.text).empty() && !line.too_long)
      return;
    // The line of a second that can't be read still takes its second.
    const auto second = second_++;
    const auto values = read_second(line.text);
    if (!values || second >= 86'400)
      return rows.bad(values ? "a day of over 86400 seconds"
                             : "not 20 sensors of 0 or 1 and two activities");
    if (*values == last_)
      return;
    const auto at = times_.instant((first_day + day_ - 1) * ms_per_day + second * 1000);
    for (std::size_t i = 0; i < sensor_columns; ++i)
      if ((*values)[i] != last_[i])
        rows.take(
          {.at = at, .entity = ids_[i], .state = (*values)[i] == '1' ? "on" : "off"});
    last_ = *values;
  }

private:
  local_times times_;
  std::array<std::string, sensor_columns> ids_;
  std::array<char, sensor_columns> last_{}; // not '0' or '1' before the first line
  std::int64_t day_ = 0;
  std::int64_t second_ = 0;
};

class aras_events_reader {
public:
  explicit aras_events_reader(const home_facts& facts) : times_{facts.calendar} {}

  void take(const text_line& line, row_sink& rows) {
    if (line.too_long)
      return rows.bad("line of over 1 MB");
    if (line.number == 1 || trim(line.text).empty())
      return; // the header
    if (!fields_.split(line.text, ',') || fields_.size() < 4)
      return rows.bad("not day, time, sensor, value");
    const auto day = read_number(fields_[0]);
    const auto time = read_time_of_day(fields_[1]);
    const auto sensor = read_number(fields_[2]);
    if (!day || !time || !sensor || (fields_[3] != "0" && fields_[3] != "1"))
      return rows.bad("not day, time, sensor, value");
    const auto id = sensor_id(static_cast<std::size_t>(*sensor));
    rows.take({.at = times_.instant((first_day + *day - 1) * ms_per_day + *time),
               .entity = id,
               .state = fields_[3] == "1" ? "on" : "off"});
  }

private:
  local_times times_;
  delimited_line fields_;
};

} // namespace

line_layout aras_layout(const home_facts& facts) {
  const auto reader = std::make_shared<aras_reader>(facts);
  return {[reader](const text_line& line, row_sink& rows) { reader->take(line, rows); }};
}

bool looks_like_aras(std::span<const std::string_view> lines) {
  return !lines.empty() && read_second(lines.front()).has_value();
}

line_layout aras_events_layout(const home_facts& facts) {
  const auto reader = std::make_shared<aras_events_reader>(facts);
  return {[reader](const text_line& line, row_sink& rows) { reader->take(line, rows); }};
}

bool looks_like_aras_events(std::span<const std::string_view> lines) {
  return !lines.empty() &&
         header_names(lines.front(), ',') ==
           std::vector<std::string>{"day", "time", "sensor_column", "value"};
}

} // namespace habitd
