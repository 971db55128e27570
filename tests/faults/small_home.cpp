#include "tests/faults/small_home.hpp"

#include <algorithm>
#include <charconv>
#include <random>

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;

constexpr local_day first_day{20'514}; // 2026-03-02, a Monday
constexpr auto source_name = "small home";

/// Writes turns of a home's entities into a page.
class page_writer {
public:
  page_writer(event_page& page, const home_calendar& calendar, std::uint64_t seed)
      : page_{page}, calendar_{calendar}, random_{seed} {}

  void day(local_day date) {
    const auto at = [&](double hours) {
      return calendar_.instant(date,
                               std::chrono::seconds{static_cast<int>(hours * 3600)});
    };
    const auto rises = at(7.0 + below(600) / 3600.0);
    turn("light.kitchen", rises, 40min);
    for (const double hour : {8.5, 12.0, 18.2, 21.3}) {
      const auto moves = at(hour + below(3000) / 3600.0);
      turn("binary_sensor.hall", moves, 2min);
      turn("light.hall", moves + std::chrono::seconds{8 + below(6)}, 5min);
    }
    turn("switch.kettle", at(6.0 + below(14 * 3600) / 3600.0), 4min);
    turn("light.study", at(6.0 + below(14 * 3600) / 3600.0), 25min);
  }

private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  void turn(std::string_view entity, wall_time at, std::chrono::minutes lasts) {
    row(entity, at, "on", "off");
    row(entity, at + lasts, "off", "on");
  }

  void row(std::string_view entity, wall_time at, std::string_view to,
           std::string_view from) {
    event_row row;
    row.at = at;
    row.entity = page_.texts.intern(entity);
    row.state = page_.texts.intern(to);
    row.old_state = page_.texts.intern(from);
    row.before = previous::known;
    row.act = ++acts_;
    page_.rows.push_back(row);
  }

  event_page& page_;
  const home_calendar& calendar_;
  std::mt19937_64 random_;
  std::uint64_t acts_ = 0;
};

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
  auto& page = pages_.emplace_back();
  page_writer writer{page, *calendar_, seed_ * 1000 + pages_.size()};
  for (int i = 0; i < days; ++i)
    writer.day(first_day + days_++);
}

expected<event_source> small_home::open(const home_store& store, std::size_t job) const {
  const auto cursor = store.cursor(source_name);
  if (!cursor)
    return cursor.error();
  event_source source;
  source.next = [this, end = pages_by_.at(job),
                 at = pages_read(*cursor)]() mutable -> expected<read_step> {
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
