#include "actors/detector/lifecycle.hpp"

#include "actors/detector/binomial.hpp"
#include "actors/detector/packing.hpp"

#include <algorithm>
#include <limits>

namespace habitd {

namespace {

constexpr std::uint8_t habits_version = 1;
constexpr std::int32_t furthest_day = 10'000'000; // so that differences can't overflow
constexpr std::uint32_t any_number = std::numeric_limits<std::uint32_t>::max();

void confirm(habit& of, const evidence& since, const evidence& lately) {
  if (since.eligible_days < confirm_days || since.p > 0.05)
    return;
  of.status = pattern_status::confirmed;
  of.support = lately.support;
  of.trials = lately.trials;
}

/// A trigger that no longer happens leaves no trials, and fades as well.
bool has_faded(const habit& of, const evidence& lately) {
  if (lately.trials == 0)
    return lately.eligible_days >= 2 * confirm_days;
  return wilson(lately.support, lately.trials).high <
         wilson(of.support, of.trials).value / 2;
}

void put_day(byte_writer& out, const std::optional<local_day>& day) {
  out.byte(day ? 1 : 0);
  if (day)
    out.signed_number(day->number);
}

local_day read_day(byte_reader& in) {
  return {in.signed_number_within(furthest_day)};
}

std::optional<local_day> read_optional_day(byte_reader& in) {
  if (in.byte() == 0)
    return std::nullopt;
  return read_day(in);
}

habit read_habit(byte_reader& in) {
  habit of;
  of.id = in.number();
  of.status = static_cast<pattern_status>(in.number_up_to(2));
  of.item = in.number_up_to(any_number);
  of.response = in.number_up_to(any_number);
  of.begin = static_cast<std::uint16_t>(in.number_up_to(bins_per_day - 1));
  of.width = static_cast<std::uint16_t>(in.number_up_to(3600));
  of.centre = in.number_up_to(86'399);
  of.days = static_cast<day_type>(in.number_up_to(2));
  of.first_found = read_day(in);
  of.support = in.number_up_to(any_number);
  of.trials = in.number_up_to(any_number);
  of.low_since = read_optional_day(in);
  of.retired_on = read_optional_day(in);
  return of;
}

} // namespace

std::vector<int> weekdays_of(day_type type) {
  switch (type) {
  case day_type::workdays:
    return {0, 1, 2, 3, 4};
  case day_type::weekend:
    return {5, 6};
  case day_type::all:
    break;
  }
  return {0, 1, 2, 3, 4, 5, 6};
}

bool advance(habit& of, local_day check, const evidence& since, const evidence& lately) {
  if (of.status == pattern_status::retired)
    return !of.retired_on || check - *of.retired_on <= remember_retired_days;
  if (of.status == pattern_status::candidate) {
    confirm(of, since, lately);
    return of.status == pattern_status::confirmed ||
           check - of.first_found < candidate_days;
  }
  if (!has_faded(of, lately)) {
    of.low_since.reset();
  } else if (!of.low_since) {
    of.low_since = check;
  } else if (check > *of.low_since) {
    of.status = pattern_status::retired;
    of.retired_on = check;
  }
  return true;
}

lifecycle_state pack_habits(const std::vector<habit>& habits) {
  byte_writer out;
  out.byte(habits_version);
  out.number(habits.size());
  for (const auto& of : habits) {
    out.number(of.id);
    out.number(static_cast<std::uint64_t>(of.status));
    out.number(of.item);
    out.number(of.response);
    out.number(of.begin);
    out.number(of.width);
    out.number(of.centre);
    out.number(static_cast<std::uint64_t>(of.days));
    out.signed_number(of.first_found.number);
    out.number(of.support);
    out.number(of.trials);
    put_day(out, of.low_since);
    put_day(out, of.retired_on);
  }
  return out.take();
}

expected<std::vector<habit>> unpack_habits(const lifecycle_state& state) {
  std::vector<habit> habits;
  if (state.empty())
    return habits; // before the first check
  byte_reader in{state};
  if (in.byte() != habits_version)
    return make_error(ec::corrupt_data, "habits of an unknown version");
  for (auto count = in.number(); count > 0 && !in.failed(); --count) {
    habits.push_back(read_habit(in));
    if (habits.back().status == pattern_status::retired && !habits.back().retired_on)
      return make_error(ec::corrupt_data, "a retired habit without its date");
  }
  if (!in.finished())
    return make_error(ec::corrupt_data, "habits do not decode");
  return habits;
}

} // namespace habitd
