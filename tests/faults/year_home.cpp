#include "tests/faults/year_home.hpp"

#include "tests/faults/day_writer.hpp"

#include <algorithm>
#include <charconv>

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;

constexpr local_day new_year{20'454}; // 2026-01-01
constexpr auto year_source = "home of a year";

std::size_t pages_before(const std::string& cursor) {
  std::size_t pages = 0;
  std::from_chars(cursor.data(), cursor.data() + cursor.size(), pages);
  return pages;
}

} // namespace

year_home::year_home(std::uint64_t seed)
    : calendar_{std::make_shared<const home_calendar>(
        *home_calendar::open("Europe/Berlin"))},
      seed_{seed} {}

wall_time year_home::begin_of(int day) const {
  return calendar_->span_of(new_year + day).begin;
}

wall_time year_home::end_of_page(std::size_t number) const {
  const auto day = new_year + static_cast<int>(number / 2);
  return number % 2 == 0 ? calendar_->instant(day, 15h) : calendar_->span_of(day).end;
}

/// Rows of a day in the order of time, before or after 15:00.
event_page year_home::page(std::size_t number) const {
  event_page result;
  const auto day = new_year + static_cast<int>(number / 2);
  day_writer{result, *calendar_, seed_ * 100'000 + number / 2}.day(day);
  const auto noon = end_of_page(number / 2 * 2);
  std::erase_if(result.rows, [&](const event_row& row) {
    return (row.at < noon) != (number % 2 == 0);
  });
  std::stable_sort(result.rows.begin(), result.rows.end(),
                   [](const event_row& a, const event_row& b) { return a.at < b.at; });
  return result;
}

expected<event_source> year_home::open(const home_store& store, wall_time now) const {
  const auto cursor = store.cursor(year_source);
  if (!cursor)
    return cursor.error();
  event_source source;
  source.next = [this, now, at = pages_before(*cursor)]() mutable -> expected<read_step> {
    read_step step;
    step.ordinal = at;
    if (end_of_page(at) <= now)
      step.page = page(at++);
    step.position = {year_source, std::to_string(at)};
    step.at_end = end_of_page(at) > now;
    step.progress = step.at_end ? 1 : 0.5;
    return step;
  };
  source.problems = [] { return read_problems{}; };
  source.description = year_source;
  return source;
}

} // namespace habitd::faults
