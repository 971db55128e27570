#pragma once

#include "actors/detector/detector.hpp"
#include "actors/detector/kit/packing.hpp"
#include "actors/detector/kit/pattern_id.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

namespace habitd {

/// What every detector remembers of a habit between checks.
struct habit_life {
  std::uint64_t id = 0;
  pattern_status status = pattern_status::candidate;
  local_day first_found;
  std::uint32_t support = 0; // adherence as published when it was found or confirmed
  std::uint32_t trials = 0;
  std::optional<local_day> low_since; // the first of the checks that found it faded
  std::optional<local_day> retired_on;
  bool operator==(const habit_life&) const = default;
};

/// A habit with its place: what of, and where, which is the detector's to say. A place has
/// `operator==`, `put_place(byte_writer&, place)` and `read_place(byte_reader&, place&)`.
template <class Place>
struct habit : habit_life {
  Place place;
  bool operator==(const habit&) const = default;
};

/// How a habit did on some days.
struct evidence {
  std::uint32_t support = 0;
  std::uint32_t trials = 0;
  std::uint32_t eligible_days = 0;
  double p = 1;       // of this one habit, uncorrected: it was chosen on other days
  double silence = 1; // how likely it is to have been away as long as it now was
};

constexpr int confirm_days = 7;    // eligible days a confirmation needs
constexpr int candidate_days = 28; // then an unconfirmed candidate is dropped
constexpr int remember_retired_days = 365;

/// Moves a habit on at a check: confirms a candidate, retires a faded habit. Doing so twice
/// for one check changes nothing more.
/// @param since   the days after the one it was found on, up to the check.
/// @param lately  the whole window that ends with the check.
/// @returns       false if it is to be forgotten.
bool advance(habit_life& of, local_day check, const evidence& since,
             const evidence& lately);

/// How likely `misses` chances in a row are without it, if it comes at the lower end of the
/// share of `hits` in `chances`.
double likelihood_of_silence(std::uint32_t hits, std::uint32_t chances,
                             std::uint32_t misses);

/// Whether a habit has ended: so long a silence would be too much of an accident.
constexpr double ended_at = 0.005;
inline bool has_ended(const evidence& lately) {
  return lately.silence < ended_at;
}

/// Makes it a candidate of this check, with its adherence then.
void begin_candidate(habit_life& of, local_day check, std::uint32_t support,
                     std::uint32_t trials);

/// Reading and writing what is the same in all books; in two halves, as the place stands
/// between them.
namespace book_format {
constexpr std::uint8_t version = 1;
constexpr std::uint32_t any_number = std::numeric_limits<std::uint32_t>::max();
void put_head(byte_writer& out, const habit_life& of);
void put_rest(byte_writer& out, const habit_life& of);
void read_head(byte_reader& in, habit_life& of);
/// @returns false for what no check writes.
bool read_rest(byte_reader& in, habit_life& of);
} // namespace book_format

/// Packed with a version byte, by id. Decoding anything else, a newer version included, is
/// ec::corrupt_data.
template <class Place>
lifecycle_state pack_habits(std::vector<habit<Place>> habits) {
  std::sort(habits.begin(), habits.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  byte_writer out;
  out.byte(book_format::version);
  out.number(habits.size());
  for (const auto& of : habits) {
    book_format::put_head(out, of);
    put_place(out, of.place);
    book_format::put_rest(out, of);
  }
  return out.take();
}

template <class Place>
expected<std::vector<habit<Place>>> unpack_habits(const lifecycle_state& state) {
  std::vector<habit<Place>> habits;
  if (state.empty())
    return habits; // before the first check
  byte_reader in{state};
  if (in.byte() != book_format::version)
    return make_error(ec::corrupt_data, "habits of an unknown version");
  for (auto count = in.number(); count > 0 && !in.failed(); --count) {
    auto& of = habits.emplace_back();
    book_format::read_head(in, of);
    read_place(in, of.place);
    if (!book_format::read_rest(in, of))
      return make_error(ec::corrupt_data, "a retired habit without its date");
  }
  if (!in.finished())
    return make_error(ec::corrupt_data, "habits do not decode");
  return habits;
}

template <class Place>
error verify_habits(const lifecycle_state& state) {
  const auto habits = unpack_habits<Place>(state);
  return habits ? error{} : habits.error();
}

/// The habit that `is_same` accepts, or null.
template <class Place, class Same>
habit<Place>* find_habit(std::vector<habit<Place>>& habits, Same is_same) {
  const auto at = std::find_if(habits.begin(), habits.end(), is_same);
  return at == habits.end() ? nullptr : &*at;
}

/// Adds a candidate; its id is made of what it says.
template <class Place>
void add_candidate(std::vector<habit<Place>>& habits, habit<Place> fresh,
                   const std::string& says) {
  fresh.id = free_pattern_id(says, [&habits](std::uint64_t id) {
    return std::any_of(habits.begin(), habits.end(),
                       [id](const auto& of) { return of.id == id; });
  });
  habits.push_back(std::move(fresh));
}

/// Those that are shown: all but the retired.
template <class Place>
expected<std::vector<habit<Place>>> living_habits(const lifecycle_state& state) {
  auto habits = unpack_habits<Place>(state);
  if (habits)
    std::erase_if(*habits,
                  [](const auto& of) { return of.status == pattern_status::retired; });
  return habits;
}

} // namespace habitd
