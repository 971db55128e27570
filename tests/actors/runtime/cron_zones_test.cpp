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
/// In plain seconds, for there are half a billion of these minutes.
std::vector<sys_seconds> runs_by_watching(const date::time_zone& zone, sys_seconds from,
                                          sys_seconds until, minutes time) {
  constexpr std::int64_t day = 86'400, never = -1;
  const std::int64_t time_of_day = std::chrono::seconds{time}.count();
  std::vector<std::pair<std::int64_t, sys_seconds>> due; // by the date
  std::vector<std::int64_t> seen;                        // dates
  std::int64_t furthest = never, date = never;
  std::int64_t at = from.time_since_epoch().count();
  while (at < until.time_since_epoch().count()) {
    const auto piece = zone.get_info(sys_seconds{std::chrono::seconds{at}});
    const auto end = std::min(piece.end, until).time_since_epoch().count();
    for (; at < end; at += 60) {
      const auto shown =
        at + piece.offset.count() + 10 * day; // above zero, as 1970 isn't
      if (shown / day != date)
        seen.push_back(date = shown / day);
      if (furthest == never)
        furthest = shown;
      for (; furthest < shown; furthest = std::min(shown, furthest + day))
        if (const auto next = (furthest - time_of_day) / day + 1;
            next * day + time_of_day <= std::min(shown, furthest + day))
          due.emplace_back(next, std::chrono::seconds{at});
    }
  }
  std::vector<sys_seconds> runs;
  for (const auto& [date_due, when] : due)
    if (std::find(seen.begin(), seen.end(), date_due) != seen.end())
      runs.push_back(when);
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
  for (const auto* zone : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                           "Africa/Cairo", "America/Santiago", "Pacific/Apia",
                           "Pacific/Kwajalein", "Africa/Monrovia", "UTC"})
    check_zone(zone, count);

  CHECK(count.changes > 600);
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
