#include "actors/detector/duration/record.hpp"

#include "actors/detector/kit/packing.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace habitd {

namespace {

constexpr std::uint8_t uses_version = 1;
constexpr std::uint32_t any_count = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t longest_day = 26 * 3600;

/// Upper ends of the bins in seconds, worked out in integers so that no libm decides.
constexpr auto length_ends = [] {
  std::array<std::uint32_t, 640> ends{};
  std::uint64_t scaled = std::uint64_t{1} << 20;
  for (auto& end : ends) {
    end = static_cast<std::uint32_t>(scaled >> 20);
    scaled += scaled / 50;
  }
  return ends;
}();

bool is_observed(const home_day& day, std::size_t from, std::size_t to) {
  for (auto bin = from; bin <= to; ++bin)
    if (!day.observed[bin])
      return false;
  return true;
}

std::uint32_t second_of(const activation& seen) {
  return static_cast<std::uint32_t>(std::max(1, seen.at / 1000));
}

/// Follows one entity through a day.
struct use_progress {
  use_record found;
  const activation* began = nullptr; // of the use that goes on
  bool is_first = true;

  void end(const home_day& day, const activation& seen) {
    if (began)
      count(day, seen);
    else if (is_first && !seen.automated && is_observed(day, 0, seen.bin))
      found.cuts[day.day].head = second_of(seen);
    began = nullptr;
  }

  void count(const home_day& day, const activation& seen) {
    if (began->automated || seen.automated)
      ++found.automated;
    else if (!is_observed(day, began->bin, seen.bin))
      ++found.censored;
    else
      ++found.uses[bin_of_length(
        static_cast<std::uint32_t>(std::max(1, (seen.at - began->at) / 1000)))];
  }
};

} // namespace

length_bin bin_of_length(std::uint32_t seconds) {
  const auto at = std::lower_bound(length_ends.begin(), length_ends.end() - 1, seconds);
  return static_cast<length_bin>(at - length_ends.begin());
}

std::uint32_t longest_of(length_bin bin) {
  return length_ends.at(bin);
}

std::uint32_t shortest_of(length_bin bin) {
  return bin == 0 ? 1 : length_ends.at(bin - 1u);
}

double length_of(length_bin bin) {
  return (shortest_of(bin) + longest_of(bin)) / 2.0;
}

std::map<entity_number, use_record> observe_uses(const home_day& day) {
  std::map<entity_number, use_progress> by_entity;
  for (const auto& seen : day.activations) {
    auto& of = by_entity[entity_of(seen.item)];
    if (turn_of(seen.item) == turn::off) {
      of.end(day, seen);
    } else {
      of.found.censored += of.began != nullptr; // its end was not seen
      of.began = &seen;
    }
    of.is_first = false;
  }
  std::map<entity_number, use_record> records;
  for (auto& [entity, of] : by_entity) {
    if (of.began && !of.began->automated &&
        is_observed(day, of.began->bin, bins_per_day - 1))
      of.found.cuts[day.day].tail = second_of(*of.began);
    if (of.found != use_record{})
      records.emplace(entity, std::move(of.found));
  }
  return records;
}

use_record merge(const use_record& a, const use_record& b) {
  auto sum = a;
  for (const auto& [bin, count] : b.uses)
    sum.uses[bin] += count;
  sum.automated += b.automated;
  sum.censored += b.censored;
  sum.cuts.insert(b.cuts.begin(), b.cuts.end());
  return sum;
}

std::string pack(const use_record& record) {
  byte_writer out;
  out.byte(uses_version);
  out.number(record.uses.size());
  length_bin previous = 0;
  for (const auto& [bin, count] : record.uses) {
    out.number(static_cast<std::uint64_t>(bin - previous) << 1 | (count > 1 ? 1 : 0));
    if (count > 1)
      out.number(count);
    previous = bin;
  }
  out.number(record.automated);
  out.number(record.censored);
  out.number(record.cuts.size());
  for (const auto& [day, cut] : record.cuts) {
    out.signed_number(day.number);
    out.number(cut.tail);
    out.number(cut.head);
  }
  return out.take();
}

expected<use_record> unpack_uses(std::string_view bytes) {
  const auto damaged = [] {
    return make_error(ec::corrupt_data, "lengths of uses do not decode");
  };
  byte_reader in{bytes};
  if (in.byte() != uses_version)
    return make_error(ec::corrupt_data, "lengths of uses of an unknown version");
  use_record record;
  std::uint32_t bin = 0;
  for (auto left = in.number(); left > 0 && !in.failed(); --left) {
    const auto step = in.number_up_to(2 * length_ends.size());
    bin += step >> 1;
    const auto count = step & 1 ? in.number_up_to(any_count) : 1;
    if (bin >= length_ends.size() || count == 0 ||
        !record.uses.emplace(static_cast<length_bin>(bin), count).second)
      return damaged();
  }
  record.automated = in.number_up_to(any_count);
  record.censored = in.number_up_to(any_count);
  for (auto left = in.number(); left > 0 && !in.failed(); --left) {
    const local_day day{in.signed_number_within(10'000'000)};
    cut_uses cut;
    cut.tail = in.number_up_to(longest_day);
    cut.head = in.number_up_to(longest_day);
    if (!record.cuts.emplace(day, cut).second)
      return damaged();
  }
  if (!in.finished())
    return damaged();
  return record;
}

} // namespace habitd
