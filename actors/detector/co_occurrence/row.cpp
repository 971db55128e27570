#include "actors/detector/co_occurrence/row.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace habitd {

namespace {

// Version 1: days; a section of bins; a section of counts; lags. Sections are preceded by
// their length, so that a reader takes those it needs. What follows from a single day's
// counts is written for merged rows only.
constexpr std::uint8_t row_version = 1;
constexpr std::uint32_t any_count = std::numeric_limits<std::uint32_t>::max() / 2;

void put_bin_counts(byte_writer& out, const bin_counts& counts) {
  std::uint64_t used = 0;
  for (const auto n : counts)
    used += n > 0;
  out.number(used);
  std::size_t previous = 0;
  for (std::size_t bin = 0; bin < counts.size(); ++bin) {
    if (counts[bin] == 0)
      continue;
    out.number(bin - previous);
    out.number(counts[bin]);
    previous = bin;
  }
}

bool read_bin_counts(byte_reader& in, bin_counts& counts) {
  const auto used = in.number_up_to(bins_per_day);
  std::size_t bin = 0;
  for (std::uint32_t i = 0; i < used; ++i) {
    const auto step = in.number_up_to(bins_per_day - 1);
    const auto value = in.number_up_to(any_count);
    bin += step;
    if (in.failed() || bin >= counts.size() || (step == 0 && i > 0) || value == 0)
      return false;
    counts[bin] += value;
  }
  return !in.failed();
}

bool read_all_bins(byte_reader& in, trigger_row& row) {
  for (auto* of : {&row.triggers, &row.cover})
    for (auto& counts : *of)
      if (!read_bin_counts(in, counts))
        return false;
  return true;
}

std::string packed_bins(const trigger_row& row) {
  byte_writer out;
  for (const auto* of : {&row.triggers, &row.cover})
    for (const auto& counts : *of)
      put_bin_counts(out, counts);
  if (row.days != 1) {
    for (std::size_t w = 0; w < window_kinds; ++w) {
      out.number(row.trigger_days[w]);
      out.number(row.trigger_squares[w]);
    }
  }
  return out.take();
}

std::string packed_counts(const trigger_row& row) {
  byte_writer out;
  item_number previous = 0;
  for (const auto& of : row.responses) {
    out.number(of.item - previous);
    previous = of.item;
    const bool came_before = of.before[0] > 0 || of.before[1] > 0;
    out.number(std::uint64_t{of.hits[1]} << count_flags | (came_before ? has_before : 0) |
               (of.automated > 0 ? has_automated : 0));
    out.number(of.hits[0]);
    if (came_before) {
      out.number(of.before[1]);
      out.number(of.before[0]);
    }
    if (of.automated > 0)
      out.number(of.automated);
    if (row.days == 1)
      continue;
    for (std::size_t w = 0; w < window_kinds; ++w) {
      out.number(of.days[w]);
      out.number(of.squares[w]);
      out.number(of.products[w]);
    }
  }
  return out.take();
}

void put_lags(byte_writer& out, const response_count& of) {
  std::uint8_t used = 0;
  for (const auto n : of.lags)
    used = static_cast<std::uint8_t>(used + (n > 0));
  out.byte(used);
  for (std::size_t bin = 0; bin < of.lags.size(); ++bin) {
    const auto n = of.lags[bin];
    if (n == 0)
      continue;
    out.byte(static_cast<std::uint8_t>(bin << 4 | std::min(n, 15u)));
    if (n >= 15)
      out.number(n - 15);
  }
}

bool read_lags(byte_reader& in, response_count& of) {
  int previous = -1;
  for (auto used = in.byte(); used > 0; --used) {
    const auto packed = in.byte();
    const int bin = packed >> 4;
    std::uint32_t n = packed & 15;
    if (n == 15)
      n += in.number_up_to(any_count);
    if (in.failed() || bin <= previous || bin >= std::ssize(of.lags) || n == 0)
      return false;
    of.lags[static_cast<std::size_t>(bin)] = n;
    previous = bin;
  }
  return !in.failed();
}

bool read_merged_counts(byte_reader& in, response_count& of) {
  for (std::size_t w = 0; w < window_kinds; ++w) {
    of.days[w] = in.number_up_to(any_count);
    of.squares[w] = in.number();
    of.products[w] = in.number();
  }
  return !in.failed();
}

/// The counts that flags announce; an announced count is above zero.
bool read_rarer_counts(byte_reader& in, std::uint64_t flags, response_count& of) {
  if (flags & has_before) {
    of.before[1] = in.number_up_to(any_count);
    of.before[0] = in.number_up_to(any_count);
    if (of.before[0] == 0 && of.before[1] == 0)
      return false;
  }
  if (flags & has_automated) {
    of.automated = in.number_up_to(any_count);
    if (of.automated == 0)
      return false;
  }
  return !in.failed();
}

bool read_counts(std::string_view counts, trigger_row& row) {
  byte_reader in{counts};
  item_number previous = 0;
  while (in.left() > 0) {
    response_count of;
    const auto step = in.number_up_to(std::numeric_limits<item_number>::max() - previous);
    of.item = previous + step;
    if (step == 0 && !row.responses.empty())
      return false;
    previous = of.item;
    const auto longer = in.number();
    of.hits[0] = in.number_up_to(any_count);
    if (longer >> count_flags > any_count || !read_rarer_counts(in, longer, of) ||
        (row.days != 1 && !read_merged_counts(in, of)) || in.failed())
      return false;
    of.hits[1] = static_cast<std::uint32_t>(longer >> count_flags);
    row.responses.push_back(of);
  }
  return !in.failed();
}

response_count sum(const response_count& a, const response_count& b) {
  auto all = a;
  for (std::size_t w = 0; w < window_kinds; ++w) {
    all.hits[w] += b.hits[w];
    all.before[w] += b.before[w];
    all.days[w] += b.days[w];
    all.squares[w] += b.squares[w];
    all.products[w] += b.products[w];
  }
  all.automated += b.automated;
  for (std::size_t bin = 0; bin < all.lags.size(); ++bin)
    all.lags[bin] += b.lags[bin];
  return all;
}

std::vector<response_count> merge_responses(const std::vector<response_count>& a,
                                            const std::vector<response_count>& b) {
  std::vector<response_count> all;
  all.reserve(std::max(a.size(), b.size()));
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() && right != b.end()) {
    if (left->item < right->item)
      all.push_back(*left++);
    else if (right->item < left->item)
      all.push_back(*right++);
    else
      all.push_back(sum(*left++, *right++));
  }
  all.insert(all.end(), left, a.end());
  all.insert(all.end(), right, b.end());
  return all;
}

void add(bin_counts& to, const bin_counts& from) {
  for (std::size_t bin = 0; bin < to.size(); ++bin)
    to[bin] += from[bin];
}

error undecodable_row() {
  return make_error(ec::corrupt_data, "a row of co-occurrences does not decode");
}

} // namespace

trigger_row merge(const trigger_row& a, const trigger_row& b) {
  auto all = a;
  all.days += b.days;
  for (std::size_t w = 0; w < window_kinds; ++w) {
    add(all.triggers[w], b.triggers[w]);
    add(all.cover[w], b.cover[w]);
    all.trigger_days[w] += b.trigger_days[w];
    all.trigger_squares[w] += b.trigger_squares[w];
  }
  all.responses = merge_responses(a.responses, b.responses);
  return all;
}

void complete_day(trigger_row& row) {
  for (std::size_t w = 0; w < window_kinds; ++w) {
    const auto& by_bin = row.triggers[w];
    const auto all = std::accumulate(by_bin.begin(), by_bin.end(), std::uint64_t{0});
    row.trigger_days[w] = all > 0;
    row.trigger_squares[w] = all * all;
    for (auto& of : row.responses) {
      of.days[w] = of.hits[w] > 0;
      of.squares[w] = std::uint64_t{of.hits[w]} * of.hits[w];
      of.products[w] = of.hits[w] * all;
    }
  }
}

expected<std::string> merge_rows(std::string_view a, std::string_view b) {
  const auto left = unpack_row(a);
  const auto right = unpack_row(b);
  if (!left || !right)
    return !left ? left.error() : right.error();
  return pack(merge(*left, *right));
}

std::string pack(const trigger_row& row) {
  const auto bins = packed_bins(row);
  const auto counts = packed_counts(row);
  byte_writer out;
  out.byte(row_version);
  out.number(row.days);
  out.number(bins.size());
  out.bytes(bins);
  out.number(counts.size());
  out.bytes(counts);
  for (const auto& of : row.responses)
    put_lags(out, of);
  return out.take();
}

expected<trigger_row> unpack_row(std::string_view bytes) {
  byte_reader in{bytes};
  if (in.byte() != row_version)
    return make_error(ec::corrupt_data, "co-occurrences of an unknown version");
  trigger_row row;
  row.days = in.number_up_to(any_count);
  byte_reader bins{in.bytes(in.number())};
  if (!read_all_bins(bins, row))
    return undecodable_row();
  for (std::size_t w = 0; w < window_kinds && row.days != 1; ++w) {
    row.trigger_days[w] = bins.number_up_to(any_count);
    row.trigger_squares[w] = bins.number();
  }
  if (!bins.finished() || !read_counts(in.bytes(in.number()), row))
    return undecodable_row();
  for (auto& of : row.responses)
    if (!read_lags(in, of))
      return undecodable_row();
  if (!in.finished())
    return undecodable_row();
  if (row.days == 1)
    complete_day(row);
  return row;
}

expected<row_sections> split_day_row(std::string_view bytes) {
  byte_reader in{bytes};
  if (in.byte() != row_version)
    return make_error(ec::corrupt_data, "co-occurrences of an unknown version");
  if (in.number() != 1)
    return undecodable_row();
  row_sections sections;
  sections.bins = in.bytes(in.number());
  sections.counts = in.bytes(in.number());
  if (in.failed())
    return undecodable_row();
  return sections;
}

bool add_bins(std::string_view bins, trigger_row& to) {
  byte_reader in{bins};
  return read_all_bins(in, to) && in.finished();
}

} // namespace habitd
