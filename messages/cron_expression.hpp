#pragma once

#include "messages/error.hpp"
#include "messages/time.hpp"

#include <bitset>
#include <optional>
#include <string>
#include <string_view>

namespace habitd {

/// When a job is due, as minute, hour, day of month, month and day of week: the five fields
/// of crontab(5).
struct cron_expression {
  std::string text; // as it was written
  std::bitset<60> minutes;
  std::bitset<24> hours;
  std::bitset<32> days;    // 1 … 31
  std::bitset<13> months;  // 1 … 12
  std::bitset<7> weekdays; // 0 = Sunday
  bool any_hour = false; // the field begins with '*', a step included; so do the next two
  bool any_day = false;
  bool any_weekday = false;
  bool operator==(const cron_expression&) const = default;
};

/// Reads five fields of numbers, ranges, lists and steps, names like "jan" and "sun" in any
/// case, 7 for Sunday too; or @hourly, @daily, @weekly, @monthly.
/// @errors  ec::invalid_input with the field, the text and what is allowed: "field 2 (hour):
///          25 is not within 0-23"; also if no date ever matches, like the 31st of February.
/// Source: Debian 12, crontab(5).
expected<cron_expression> parse_cron(std::string_view text);

/// Whether a job is due on a date at all. Where both the day of month and the day of week
/// are restricted, either will do.
bool falls_on(const cron_expression& expression, local_day date);

/// The first date from `from` on that the expression falls on; nothing within 40 years, the
/// longest that a 29th of February on a given weekday keeps one waiting, means never.
std::optional<local_day> next_date(const cron_expression& expression, local_day from);

} // namespace habitd
