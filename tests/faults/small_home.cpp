#include "tests/faults/small_home.hpp"

#include "tests/faults/day_writer.hpp"

#include <algorithm>
#include <charconv>

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;

constexpr local_day first_day{20'514}; // 2026-03-02, a Monday
constexpr auto source_name = "small home";

event_page copy_of(const event_page& page) {
  event_page copy;
  for (std::uint32_t i = 0; i < page.texts.size(); ++i)
    copy.texts.intern(page.texts[i]);
  copy.rows = page.rows;
  return copy;
}

/// How many pages were read; the cursor is that number as text.
std::size_t pages_read(const std::string& cursor) {
  std::size_t pages = 0;
  std::from_chars(cursor.data(), cursor.data() + cursor.size(), pages);
  return pages;
}

} // namespace

small_home::small_home(std::uint64_t seed)
    : calendar_{std::make_shared<const home_calendar>(
        *home_calendar::open("Europe/Berlin"))},
      seed_{seed} {
  // A weekly check in each: two would be stored within one message, and a `course` sees
  // only what is stored at the end of each.
  for (const auto& job : {std::vector{4, 3}, std::vector{7, 1}, std::vector{2, 5}}) {
    for (const int days : job)
      add_page(days);
    pages_by_.push_back(pages_.size());
    days_by_.push_back(days_);
  }
}

wall_time small_home::begins(std::size_t job) const {
  return calendar_->span_of(first_day + (days_by_.at(job) - 1)).end + 1h;
}

void small_home::add_page(int days) {
  page_days_.push_back(days);
  auto& page = pages_.emplace_back();
  day_writer writer{page, *calendar_, seed_ * 1000 + pages_.size()};
  for (int i = 0; i < days; ++i)
    writer.day(first_day + days_++);
}

/// The first page that the source still has of those before `end`.
std::size_t small_home::first_page(std::size_t end) const {
  int days = 0;
  auto first = end;
  while (first > 0 && (kept_days_ == 0 || days + page_days_[first - 1] <= kept_days_))
    days += page_days_[--first];
  return first;
}

expected<event_source> small_home::open(const home_store& store, std::size_t job) const {
  const auto cursor = store.cursor(source_name);
  if (!cursor)
    return cursor.error();
  event_source source;
  source.next =
    [this, end = pages_by_.at(job),
     at = std::max(pages_read(*cursor),
                   first_page(pages_by_.at(job)))]() mutable -> expected<read_step> {
    read_step step;
    step.ordinal = at;
    if (at < end)
      step.page = copy_of(pages_[at++]);
    step.position = {source_name, std::to_string(at)};
    step.at_end = at >= end;
    step.progress = static_cast<double>(at) / static_cast<double>(end);
    return step;
  };
  source.problems = [] { return read_problems{}; };
  source.description = source_name;
  return source;
}

} // namespace habitd::faults
