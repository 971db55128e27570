// Every zone of tzdb through every change of its clock from 1970 to 2037: a job at a fixed
// time runs exactly once for every local date that exists.

#include "actors/runtime/cron.hpp"

#include <catch2/catch.hpp>
#include <date/tz.h>

namespace habitd {
namespace {

using namespace std::chrono_literals;

using std::chrono::minutes;
using std::chrono::sys_seconds;

constexpr auto around = 50h; // of each change that is looked at: two dates either side

const auto first_change = sys_seconds{0s};
const auto end_of_changes = sys_seconds{date::sys_days{date::year{2038} / 1 / 1}};

/// The runs that a person with the clock in sight would make, minute by minute: when it
/// first shows the time of a date or a later one, provided that it ever shows the date.
std::vector<sys_seconds> runs_by_watching(const date::time_zone& zone, sys_seconds from,
                                          sys_seconds until, minutes time) {
  std::vector<std::pair<int, sys_seconds>> due; // date, first minute at or after its time
  std::vector<int> seen;
  auto piece = zone.get_info(from);
  auto furthest = std::chrono::seconds::min();
  for (auto now = from; now < until; now += 1min) {
    if (now >= piece.end)
      piece = zone.get_info(now);
    const auto shown = now.time_since_epoch() + piece.offset;
    if (const auto date = static_cast<int>(date::floor<date::days>(shown).count());
        seen.empty() || seen.back() != date)
      seen.push_back(date);
    if (shown <= furthest)
      continue;
    const auto reached = static_cast<int>(date::floor<date::days>(shown - time).count());
    const auto before =
      static_cast<int>(date::floor<date::days>(furthest - time).count());
    if (furthest != std::chrono::seconds::min())
      for (int date = before + 1; date <= reached; ++date)
        due.emplace_back(date, now);
    furthest = shown;
  }
  std::vector<sys_seconds> runs;
  for (const auto& [date, at] : due)
    if (std::find(seen.begin(), seen.end(), date) != seen.end())
      runs.push_back(at);
  return runs;
}

std::vector<sys_seconds> runs_of(const cron_expression& expression,
                                 const home_calendar& calendar, sys_seconds from,
                                 sys_seconds until) {
  std::vector<sys_seconds> runs;
  auto at = next_run(expression, calendar, from);
  for (; at && *at < until; at = next_run(expression, calendar, *at))
    runs.push_back(std::chrono::floor<std::chrono::seconds>(*at));
  return runs;
}

/// The watcher looks at whole minutes, a few clocks changed between them.
bool same(const std::vector<sys_seconds>& runs, const std::vector<sys_seconds>& watched) {
  return std::equal(
    runs.begin(), runs.end(), watched.begin(), watched.end(),
    [](sys_seconds run, sys_seconds seen) { return run <= seen && seen - run < 1min; });
}

struct job_at {
  minutes time;
  cron_expression expression;
};

std::vector<job_at> jobs() {
  return {{0min, *parse_cron("0 0 * * *")},
          {120min, *parse_cron("0 2 * * *")},
          {150min, *parse_cron("30 2 * * *")},
          {180min, *parse_cron("0 3 * * *")}};
}

struct figures {
  int zones = 0;
  int changes = 0;
  int runs = 0;
  int wrong = 0;
};

void check_zone(const std::string& name, figures& count) {
  const auto calendar = home_calendar::open(name);
  REQUIRE(calendar);
  const auto& zone = *date::locate_zone(name);
  static const auto all_jobs = jobs();
  ++count.zones;
  for (auto change = zone.get_info(first_change).end; change < end_of_changes;
       change = zone.get_info(change).end) {
    ++count.changes;
    for (const auto& [time, expression] : all_jobs) {
      const auto from = change - around, until = change + around;
      const auto watched = runs_by_watching(zone, from, until, time);
      count.runs += static_cast<int>(watched.size());
      if (same(runs_of(expression, *calendar, from, until), watched))
        continue;
      ++count.wrong;
      UNSCOPED_INFO(name << " at " << date::format("%FT%TZ", change) << ", job "
                         << expression.text);
    }
  }
}

void check(const figures& count) {
  const auto text = std::to_string(count.zones) + " zones, " +
                    std::to_string(count.changes) + " changes, " +
                    std::to_string(count.runs) + " runs";
  INFO(text);
  CHECK(count.wrong == 0);
  if (count.zones > 100)
    WARN(text);
}

TEST_CASE("around each change of the clock there is one run for every date") {
  figures count;
  for (const auto* zone :
       {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo",
        "Asia/Beirut", "America/Santiago", "America/Havana", "Pacific/Apia",
        "Pacific/Kwajalein", "Africa/Monrovia", "Antarctica/Troll", "Africa/Casablanca",
        "America/St_Johns", "Asia/Gaza", "UTC"})
    check_zone(zone, count);

  CHECK(count.changes > 1000);
  check(count);
}

TEST_CASE("every zone of tzdb has one run for every date around each change", "[.long]") {
  figures count;
  for (const auto& zone : date::get_tzdb().zones)
    check_zone(zone.name(), count);

  CHECK(count.zones > 400);
  check(count);
}

} // namespace
} // namespace habitd
