#include "actors/runtime/calendar.hpp"

#include <date/date.h>
#include <date/tz.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace habitd {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto day_start = hours{3};

constexpr auto zone_files = "/usr/share/zoneinfo";

/// Why no zone can be found by that name.
std::string unknown_zone(const std::string& zone) {
  std::error_code ignored; // can't be seen = isn't there for us
  if (!std::filesystem::exists(std::string{zone_files} + "/UTC", ignored) &&
      !std::filesystem::exists(std::string{zone_files} + "/Etc/UTC", ignored))
    return std::string{"no time zone data in "} + zone_files +
           ": install the package tzdata";
  return "no such time zone: \"" + zone + "\" (expected an IANA name like Europe/Berlin)";
}

/// True if the zone's file leaves the changes of coming years to a rule at its end, as
/// `zic -b slim` writes it, and the rule was not understood: the date library reads the list
/// alone, and would hold on to what came last. Source: RFC 8536, 3.3.
bool is_cut_short(const date::time_zone& zone) {
  std::ifstream file{std::string{zone_files} + "/" + zone.name(), std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  if (bytes.size() < 2 || bytes.back() != '\n')
    return false;
  const auto rule = bytes.substr(bytes.rfind('\n', bytes.size() - 2) + 1);
  if (rule.find(',') == std::string::npos)
    return false; // no summer time
  const auto offset_in = [&zone](date::month month) {
    return zone.get_info(date::sys_days{date::year{2036} / month / 1}).offset;
  };
  return offset_in(date::January) == offset_in(date::July);
}

} // namespace

int day_clock::seconds_since_start(wall_time at) const {
  auto piece = pieces_.rbegin();
  while (piece + 1 != pieces_.rend() && at < piece->from)
    ++piece;
  const auto local = at.time_since_epoch().count() + piece->offset;
  constexpr std::int64_t ms_per_day = 86'400'000;
  const auto since = (local - std::int64_t{3} * 3'600'000) % ms_per_day;
  return static_cast<int>((since + (since < 0 ? ms_per_day : 0)) / 1000);
}

expected<home_calendar> home_calendar::open(const std::string& zone) {
  home_calendar result;
  try {
    result.zone_ = zone.empty() ? date::current_zone() : date::locate_zone(zone);
  } catch (const std::exception&) {
    return make_error(ec::invalid_input, unknown_zone(zone));
  }
  if (is_cut_short(*result.zone_))
    return make_error(ec::invalid_input,
                      std::string{zone_files} + "/" + result.zone_->name() +
                        ": a slim time zone file, which has no changes of coming years; "
                        "install the package tzdata of Debian, or files made with "
                        "`zic -b fat`");
  result.name_ = result.zone_->name();
  return result;
}

wall_time home_calendar::instant(local_day date, seconds since_midnight) const {
  const auto local = date::local_days{date::days{date.number}} + since_midnight;
  const auto info = zone_->get_info(local);
  if (info.result == date::local_info::nonexistent)
    return info.first.end;
  return wall_time{local.time_since_epoch() - info.first.offset};
}

local_day home_calendar::day_of(wall_time at) const {
  const auto info = zone_->get_info(date::floor<seconds>(at));
  const auto local = at.time_since_epoch() + info.offset - day_start;
  const auto guess =
    local_day{static_cast<std::int32_t>(date::floor<date::days>(local).count())};
  // Where 03:00 itself is skipped or repeated, wall time alone can't tell the day.
  if (at < instant(guess, day_start))
    return guess - 1;
  if (at >= instant(guess + 1, day_start))
    return guess + 1;
  return guess;
}

day_clock home_calendar::clock_of(local_day day) const {
  day_clock clock;
  clock.span_ = {instant(day, day_start), instant(day + 1, day_start)};
  auto at = clock.span_.begin;
  while (at < clock.span_.end) {
    const auto info = zone_->get_info(date::floor<seconds>(at));
    clock.pieces_.push_back({at, milliseconds{info.offset}.count()});
    at = info.end;
  }
  return clock;
}

clock_piece home_calendar::piece_at(wall_time at) const {
  const auto info = zone_->get_info(date::floor<seconds>(at));
  // The last piece has no end, or one that milliseconds can't hold.
  constexpr auto last = std::chrono::sys_seconds{std::chrono::hours{24 * 366 * 30'000}};
  return {info.offset, std::min(info.end, last)};
}

bool home_calendar::has_date(local_day date) const {
  return instant(date, seconds{0}) < instant(date + 1, seconds{0});
}

std::string home_calendar::format(wall_time at) const {
  const auto zoned = date::make_zoned(zone_, date::floor<seconds>(at));
  return date::format("%FT%T%Ez", zoned);
}

} // namespace habitd
