#include "actors/detector/time_of_day/record.hpp"

#include "actors/detector/kit/packing.hpp"

#include <array>
#include <limits>
#include <unordered_map>

namespace habitd {

namespace {

constexpr std::uint8_t starts_version = 1;
constexpr std::int32_t episode_gap = 15 * 60 * 1000; // ms
constexpr std::int32_t furthest_start_day = 10'000'000;

using bin_set = std::bitset<bins_per_day>;

constexpr std::int32_t wall_day = 24 * 60 * 60 * 1000;

struct item_progress {
  item_starts found;
  std::array<std::int32_t, 2> last{-wall_day, -wall_day}; // by `automated`
};

void put_bins(byte_writer& out, const bin_set& bins) {
  out.number(bins.count());
  std::size_t previous = 0;
  for (std::size_t bin = 0; bin < bins.size(); ++bin) {
    if (!bins[bin])
      continue;
    out.number(bin - previous);
    previous = bin;
  }
}

/// False unless the bins are in range and rising.
bool read_bins(byte_reader& in, bin_set& bins) {
  std::size_t bin = 0;
  const auto count = in.number_up_to(bins_per_day);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto step = in.number_up_to(bins_per_day - 1);
    bin += step;
    if (in.failed() || bin >= bins.size() || (step == 0 && i > 0))
      return false;
    bins.set(bin);
  }
  return !in.failed();
}

bool read_items(byte_reader& in, std::vector<item_starts>& items) {
  std::uint64_t item = 0;
  for (auto count = in.number(); count > 0; --count) {
    const auto step = in.number_up_to(std::numeric_limits<item_number>::max());
    item += step;
    if (in.failed() || item > std::numeric_limits<item_number>::max() ||
        (step == 0 && !items.empty()))
      return false;
    item_starts of{.item = static_cast<item_number>(item), .starts = {}, .automated = {}};
    if (!read_bins(in, of.starts) || !read_bins(in, of.automated))
      return false;
    items.push_back(of);
  }
  return !in.failed();
}

std::vector<item_starts> merge_items(const std::vector<item_starts>& a,
                                     const std::vector<item_starts>& b) {
  std::vector<item_starts> all;
  all.reserve(a.size() + b.size());
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() || right != b.end()) {
    if (right == b.end() || (left != a.end() && left->item < right->item)) {
      all.push_back(*left++);
    } else if (left == a.end() || right->item < left->item) {
      all.push_back(*right++);
    } else {
      all.push_back(*left++);
      all.back().starts |= right->starts;
      all.back().automated |= right->automated;
      ++right;
    }
  }
  return all;
}

} // namespace

start_record observe_starts(const home_day& day) {
  std::unordered_map<item_number, item_progress> by_item;
  for (const auto& seen : day.activations)
    by_item[seen.item].last[seen.automated] = seen.at - wall_day;
  for (const auto& seen : day.activations) {
    auto& of = by_item[seen.item];
    auto& last = of.last[seen.automated];
    if (seen.at - last >= episode_gap)
      (seen.automated ? of.found.automated : of.found.starts).set(seen.bin);
    last = seen.at;
  }
  std::map<item_number, item_starts> sorted;
  for (auto& [item, of] : by_item) {
    of.found.item = item;
    sorted.emplace(item, of.found);
  }
  start_record record;
  auto& items = record[day.day];
  items.reserve(sorted.size());
  for (const auto& [item, found] : sorted)
    items.push_back(found);
  return record;
}

start_record merge(const start_record& a, const start_record& b) {
  auto all = a;
  for (const auto& [day, items] : b) {
    auto& mine = all[day];
    mine = merge_items(mine, items);
  }
  return all;
}

expected<std::string> merge_starts(std::string_view a, std::string_view b) {
  const auto left = unpack_starts(a);
  const auto right = unpack_starts(b);
  if (!left || !right)
    return !left ? left.error() : right.error();
  return pack(merge(*left, *right));
}

std::string pack(const start_record& record) {
  byte_writer out;
  out.byte(starts_version);
  out.number(record.size());
  for (const auto& [day, items] : record) {
    out.signed_number(day.number);
    out.number(items.size());
    item_number previous = 0;
    for (const auto& of : items) {
      out.number(of.item - previous);
      previous = of.item;
      put_bins(out, of.starts);
      put_bins(out, of.automated);
    }
  }
  return out.take();
}

expected<start_record> unpack_starts(std::string_view bytes) {
  byte_reader in{bytes};
  if (in.byte() != starts_version)
    return make_error(ec::corrupt_data, "episode starts of an unknown version");
  start_record record;
  for (auto count = in.number(); count > 0; --count) {
    const local_day day{in.signed_number_within(furthest_start_day)};
    const bool is_later = record.empty() || record.rbegin()->first < day;
    if (in.failed() || !is_later || !read_items(in, record[day]))
      return make_error(ec::corrupt_data, "episode starts do not decode");
  }
  if (!in.finished())
    return make_error(ec::corrupt_data, "episode starts do not decode");
  return record;
}

} // namespace habitd
