#pragma once

#include "actors/detector/detector.hpp"
#include "actors/detector/kit/packing.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// How long after its trigger a response may come, in seconds.
constexpr std::array<int, 2> response_windows{60, 300};
constexpr std::size_t window_kinds = response_windows.size();

/// Upper ends of the lag bins, in seconds; the first ten cover the shorter window.
constexpr std::array<int, 13> lag_ends{1, 2, 3, 5, 8, 12, 18, 27, 40, 60, 100, 170, 300};
constexpr std::size_t short_lags = 10;

using bin_counts = std::array<std::uint32_t, bins_per_day>;

/// How often one item followed a trigger. The sums over days are kept because triggers of
/// one day are not independent, days are.
struct response_count {
  item_number item = 0;
  std::array<std::uint32_t, window_kinds> hits{};     // triggers that it followed
  std::array<std::uint32_t, window_kinds> days{};     // with at least one hit
  std::array<std::uint64_t, window_kinds> squares{};  // sum over days of hits^2
  std::array<std::uint64_t, window_kinds> products{}; // sum over days of hits * triggers
  std::array<std::uint32_t, window_kinds> before{};   // triggers that it came before
  std::uint32_t automated = 0; // triggers that an automated turn of it followed, in 300 s
  std::array<std::uint32_t, lag_ends.size()> lags{}; // first responses by lag: up to 60 s
                                                     // after triggers of the shorter
                                                     // window, beyond of the longer
  bool operator==(const response_count&) const = default;
};

/// Everything counted of one item, as a trigger and as a response; of one day as observed,
/// of more days once merged. A trigger of window W is an activation with no other of the
/// item in the W seconds before it.
struct trigger_row {
  std::uint32_t days = 1;
  std::array<bin_counts, window_kinds> triggers{};
  std::array<bin_counts, window_kinds> cover{}; // seconds followed by the item within W
  std::array<std::uint32_t, window_kinds> trigger_days{};
  std::array<std::uint64_t, window_kinds>
    trigger_squares{};                   // sum over days of triggers^2
  std::vector<response_count> responses; // by item; includes the entity's other turn
  bool operator==(const trigger_row&) const = default;
};

/// Sums both: associative, commutative, exact.
trigger_row merge(const trigger_row& a, const trigger_row& b);

/// Fills what follows from the hits and triggers of a single day.
void complete_day(trigger_row& row);

std::string pack(const trigger_row& row);

/// `merge` of packed rows. @errors as of `unpack_row`.
expected<std::string> merge_rows(std::string_view a, std::string_view b);

/// @errors ec::corrupt_data for anything `pack` did not write, a newer version included.
expected<trigger_row> unpack_row(std::string_view bytes);

/// Where a packed row of one day holds what; views into it.
struct row_sections {
  std::string_view bins;   // for `add_bins`
  std::string_view counts; // for `each_hit`
};

/// @errors ec::corrupt_data unless this is a row of one day, so far as its frame tells.
expected<row_sections> split_day_row(std::string_view bytes);

/// Adds triggers and cover of one day; false if they don't decode.
bool add_bins(std::string_view bins, trigger_row& to);

/// Low bits of a response's first number: which of the rarer counts come after it.
constexpr unsigned count_flags = 2;
constexpr std::uint64_t has_automated = 1;
constexpr std::uint64_t has_before = 2;

/// What one day's row says of one response.
struct day_hit {
  item_number item = 0;
  std::array<std::uint32_t, window_kinds> hits{};
  std::array<std::uint32_t, window_kinds> before{};
  std::uint32_t automated = 0;
};

/// Visits the responses of one day by item; false if they don't decode.
template <class Visit>
bool each_hit(std::string_view counts, Visit&& visit) {
  byte_reader in{counts};
  day_hit hit;
  while (in.left() > 0) {
    hit.item += static_cast<item_number>(in.number());
    const auto longer = in.number();
    hit.hits[1] = static_cast<std::uint32_t>(longer >> count_flags);
    hit.hits[0] = static_cast<std::uint32_t>(in.number());
    hit.before = {};
    if (longer & has_before) {
      hit.before[1] = static_cast<std::uint32_t>(in.number());
      hit.before[0] = static_cast<std::uint32_t>(in.number());
    }
    hit.automated = longer & has_automated ? static_cast<std::uint32_t>(in.number()) : 0;
    if (in.failed())
      return false;
    visit(hit);
  }
  return true;
}

} // namespace habitd
