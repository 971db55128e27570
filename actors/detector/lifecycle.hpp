#pragma once

#include "actors/detector/detector.hpp"

#include <optional>
#include <vector>

namespace habitd {

/// The days of the week on which something is a habit.
enum class day_type : std::uint8_t { all, workdays, weekend };

constexpr bool is_of(day_type type, local_day day) {
  return type == day_type::all || (type == day_type::weekend) == (weekday_of(day) >= 5);
}

/// 0 = Monday.
std::vector<int> weekdays_of(day_type type);

/// One habit as a detector remembers it between checks.
struct habit {
  std::uint64_t id = 0;
  pattern_status status = pattern_status::candidate;
  item_number item = 0;     // the trigger of a co-occurrence
  item_number response = 0; // 0 for a time of day
  std::uint16_t begin = 0;  // first bin of a time of day
  std::uint16_t width = 0;  // bins of a time of day, seconds of a co-occurrence
  std::uint32_t centre = 0; // seconds since local midnight; 0 for a co-occurrence
  day_type days = day_type::all;
  local_day first_found;
  std::uint32_t support = 0; // adherence as published when it was found or confirmed
  std::uint32_t trials = 0;
  std::optional<local_day> low_since; // the first of the checks that found it faded
  std::optional<local_day> retired_on;
  bool operator==(const habit&) const = default;
};

/// How a habit did on some days.
struct evidence {
  std::uint32_t support = 0;
  std::uint32_t trials = 0;
  std::uint32_t eligible_days = 0;
  double p = 1; // of this one habit, uncorrected: it was chosen on other days
};

constexpr int confirm_days = 7;    // eligible days a confirmation needs
constexpr int candidate_days = 28; // then an unconfirmed candidate is dropped
constexpr int remember_retired_days = 365;

/// Moves a habit on at a check: confirms a candidate, retires a faded habit. Doing so twice
/// for one check changes nothing more.
/// @param since   the days after the one it was found on, up to the check.
/// @param lately  the whole window that ends with the check.
/// @returns       false if it is to be forgotten.
bool advance(habit& of, local_day check, const evidence& since, const evidence& lately);

/// Packed with a version byte, in the order given. Decoding anything else, a newer version
/// included, is ec::corrupt_data.
lifecycle_state pack_habits(const std::vector<habit>& habits);
expected<std::vector<habit>> unpack_habits(const lifecycle_state& state);

} // namespace habitd
