#include "tests/actors/detector/real_logs.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <sstream>

namespace habitd {

namespace {

/// Seconds from the first midnight of a log, entity, on or off.
struct sensor_turn {
  double at = 0;
  std::string sensor;
  turn to = turn::on;
};

/// The text of the first file in a compressed log whose name ends so.
std::string unpacked(const std::string& path, const std::string& ends_with) {
  std::unique_ptr<archive, decltype(&archive_read_free)> in{archive_read_new(),
                                                            archive_read_free};
  archive_read_support_filter_all(in.get());
  archive_read_support_format_tar(in.get());
  archive_read_support_format_raw(in.get());
  std::string text;
  if (archive_read_open_filename(in.get(), path.c_str(), 1 << 16) != ARCHIVE_OK)
    return text;
  archive_entry* entry = nullptr;
  while (archive_read_next_header(in.get(), &entry) == ARCHIVE_OK) {
    const std::string name = archive_entry_pathname(entry);
    if (name != "data" && !name.ends_with(ends_with))
      continue;
    std::array<char, 65536> buffer{};
    for (la_ssize_t n;
         (n = archive_read_data(in.get(), buffer.data(), buffer.size())) > 0;)
      text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return text;
}

std::vector<std::vector<std::string>> rows_of(const std::string& text, char separator) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.back() == '\r')
      line.pop_back();
    auto& row = rows.emplace_back();
    std::istringstream fields{line};
    for (std::string field; std::getline(fields, field, separator);)
      row.push_back(field);
  }
  return rows;
}

/// Seconds since 1970 of a civil date and time; negative if it isn't one.
double seconds_of(int year, int month, int day, int hour, int minute, double second) {
  using namespace std::chrono;
  const sys_days date{std::chrono::year{year} / month / day};
  return static_cast<double>(date.time_since_epoch().count()) * 86'400 + hour * 3600 +
         minute * 60 + second;
}

double seconds_of(const std::string& text) {
  static const std::array<const char*, 12> months{
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  int y = 0, mo = 0, d = 0, h = 0, mi = 0;
  double s = 0;
  std::array<char, 4> month{};
  if (std::sscanf(text.c_str(), "%d-%3[A-Za-z]-%d %d:%d:%lf", &d, month.data(), &y, &h,
                  &mi, &s) == 6) {
    for (std::size_t i = 0; i < months.size(); ++i)
      if (std::string{month.data()} == months[i])
        mo = static_cast<int>(i) + 1;
    return mo > 0 ? seconds_of(y, mo, d, h, mi, s) : -1;
  }
  if (std::sscanf(text.c_str(), "%d-%d-%d %d:%d:%lf", &y, &mo, &d, &h, &mi, &s) == 6 ||
      std::sscanf(text.c_str(), "%d.%d.%d.,%d:%d:%lf", &y, &mo, &d, &h, &mi, &s) == 6)
    return seconds_of(y, mo, d, h, mi, s);
  return -1;
}

std::vector<sensor_turn> read_aras(const std::string& folder) {
  std::vector<sensor_turn> turns;
  for (const auto& row :
       rows_of(unpacked(folder + "/aras_house_a.events.csv.zst", ""), ','))
    if (int h = 0, m = 0, s = 0;
        row.size() == 4 && std::sscanf(row[1].c_str(), "%d:%d:%d", &h, &m, &s) == 3)
      turns.push_back({(std::stoi(row[0]) - 1) * 86'400.0 + h * 3600 + m * 60 + s,
                       "aras." + row[2], row[3] == "1" ? turn::on : turn::off});
  return turns;
}

/// Tab-separated start, end, sensor.
std::vector<sensor_turn> read_intervals(const std::string& path,
                                        const std::string& file) {
  std::vector<sensor_turn> turns;
  for (const auto& row : rows_of(unpacked(path, file), '\t')) {
    if (row.size() < 3 || seconds_of(row[0]) < 0)
      continue;
    turns.push_back({seconds_of(row[0]), "sensor." + row[2], turn::on});
    turns.push_back({seconds_of(row[1]), "sensor." + row[2], turn::off});
  }
  return turns;
}

std::vector<sensor_turn> read_ordonez(const std::string& folder) {
  std::vector<sensor_turn> turns;
  for (const auto& row :
       rows_of(unpacked(folder + "/ordonez_a.raw.tar.zst", "devices.csv"), ','))
    if (row.size() == 3 && seconds_of(row[0]) >= 0)
      turns.push_back(
        {seconds_of(row[0]), row[1], row[2] == "True" ? turn::on : turn::off});
  return turns;
}

std::vector<sensor_turn> read_budapest(const std::string& folder) {
  std::vector<sensor_turn> turns;
  for (const auto& row :
       rows_of(unpacked(folder + "/home_budapest_a2.raw.tar.zst", ".csv"), ',')) {
    if (row.size() != 6 || (row[4] != "mot" && row[4] != "win"))
      continue;
    if (const auto at = seconds_of(row[0] + ',' + row[1]); at >= 0)
      turns.push_back(
        {at, row[2] + row[3] + row[4], row[5].starts_with("0") ? turn::off : turn::on});
  }
  return turns;
}

real_log cut_into_days(const std::string& name, std::vector<sensor_turn> turns) {
  constexpr double day_begins = 3 * 3600;
  std::stable_sort(turns.begin(), turns.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  std::map<std::string, entity_number> numbers;
  std::map<int, home_day> days;
  for (const auto& seen : turns) {
    const auto since = seen.at - day_begins;
    const int number = static_cast<int>(std::floor(since / 86'400));
    auto& day = days[number];
    day.day = {number};
    day.observed.set();
    day.exposure.fill(900);
    const auto entity =
      numbers.try_emplace(seen.sensor, static_cast<entity_number>(numbers.size() + 1))
        .first->second;
    const auto ms = static_cast<std::int32_t>((since - number * 86'400.0) * 1000);
    day.activations.push_back(
      {ms, static_cast<std::uint16_t>(ms / 300'000), false, item_of(entity, seen.to)});
  }
  real_log log{name, {}};
  for (auto& [number, day] : days) {
    std::sort(day.activations.begin(), day.activations.end(),
              [](const activation& a, const activation& b) {
                return std::pair{a.at, a.item} < std::pair{b.at, b.item};
              });
    log.days.push_back(std::move(day));
  }
  return log;
}

} // namespace

std::vector<real_log> read_real_logs(const std::string& folder) {
  std::vector<real_log> logs;
  const auto add = [&logs](const std::string& name, std::vector<sensor_turn> turns) {
    if (!turns.empty())
      logs.push_back(cut_into_days(name, std::move(turns)));
  };
  add("aras", read_aras(folder));
  add("kasteren",
      read_intervals(folder + "/kasteren_house_a.raw.tar.zst", "SenseData.txt"));
  add("mit", read_intervals(folder + "/mit_subject1.raw.tar.zst", "houseD-ss.txt"));
  add("ordonez", read_ordonez(folder));
  add("budapest", read_budapest(folder));
  return logs;
}

} // namespace habitd
