#include "actors/detector/duration/scan.hpp"

#include "actors/detector/kit/binomial.hpp"
#include "actors/detector/kit/design_effect.hpp"

#include <algorithm>
#include <cmath>

namespace habitd {

namespace {

constexpr std::uint32_t fewest_uses = 10;
constexpr std::uint32_t fewest_days = 6;
constexpr length_bin one_width = 35; // the longest is twice the shortest
constexpr length_bin two_width = 20; // one and a half times
constexpr length_bin least_apart = 13;
constexpr double one_share = 0.55; // of ordinary uses inside the densest such stretch
constexpr double two_share = 0.60;
constexpr double least_inside = 0.75;
constexpr double greatest_p = 0.01;
constexpr std::uint32_t day_length = 86'400; // also of the two days a year that differ
constexpr double shortest_shown = 60;
constexpr std::uint32_t most_a_day = 40;

using bin_counts_of = std::map<length_bin, std::uint32_t>;

bin_counts_of total_of(const entity_uses& of) {
  bin_counts_of sum;
  for (const auto& day : of.by_day)
    for (const auto& [bin, count] : day)
      sum[bin] += count;
  return sum;
}

struct dense_stretch {
  use_mode mode;
  std::uint32_t inside = 0;
  length_bin extent = 0; // from the shortest to the longest use in it
};

/// Stretches that begin with a use: the densest is one of them.
std::vector<dense_stretch> stretches_of(const bin_counts_of& uses, length_bin width) {
  std::vector<dense_stretch> all;
  for (auto first = uses.begin(); first != uses.end(); ++first) {
    dense_stretch of{{first->first, width}, 0, 0};
    for (auto at = first; at != uses.end() && of.mode.holds(at->first); ++at) {
      of.inside += at->second;
      of.extent = static_cast<length_bin>(at->first - first->first);
    }
    all.push_back(of);
  }
  return all;
}

/// Moved so that its uses lie in the middle, where those to come will be.
use_mode centred(const dense_stretch& of) {
  const int spare = (of.mode.width - 1 - of.extent) / 2;
  const auto begin = static_cast<length_bin>(std::max(0, of.mode.begin - spare));
  return {begin, of.mode.width};
}

std::vector<use_mode> densest(const bin_counts_of& uses) {
  const auto all = stretches_of(uses, one_width);
  const auto best = std::max_element(all.begin(), all.end(), [](auto& a, auto& b) {
    return std::pair{a.inside, -a.extent} < std::pair{b.inside, -b.extent};
  });
  return best == all.end() ? std::vector<use_mode>{} : std::vector{centred(*best)};
}

std::vector<use_mode> densest_two(const bin_counts_of& uses, std::uint32_t all_uses) {
  const auto all = stretches_of(uses, two_width);
  const auto least = std::max(3u, (15 * all_uses + 99) / 100);
  std::vector<use_mode> best;
  std::uint32_t most = 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    for (auto j = i + 1; j < all.size(); ++j) {
      const auto& a = all[i];
      const auto& b = all[j];
      if (a.inside < least || b.inside < least || a.inside + b.inside <= most ||
          b.mode.begin < a.mode.begin + two_width + least_apart)
        continue;
      most = a.inside + b.inside;
      best = {centred(a), centred(b)};
    }
  return best;
}

void join_days(use_window& window,
               const std::vector<std::map<entity_number, use_record>>& records) {
  for (std::size_t i = 1; i < records.size(); ++i) {
    if (window.days[i] - window.days[i - 1] != 1)
      continue;
    for (const auto& [entity, today] : records[i]) {
      const auto before = records[i - 1].find(entity);
      const auto head = today.cuts.find(window.days[i]);
      if (before == records[i - 1].end() || head == today.cuts.end())
        continue;
      const auto tail = before->second.cuts.find(window.days[i - 1]);
      if (tail == before->second.cuts.end() || tail->second.tail == 0 ||
          head->second.head == 0)
        continue;
      ++window.entities[entity]
          .by_day[i][bin_of_length(day_length - tail->second.tail + head->second.head)];
    }
  }
}

} // namespace

expected<use_window> read_use_window(const aggregate_history& history, local_day last) {
  use_window window;
  std::vector<std::map<entity_number, use_record>> records;
  for (auto at = history.days.lower_bound(last - (window_days - 1));
       at != history.days.end() && at->first <= last; ++at) {
    error damage;
    auto& of_day = records.emplace_back();
    auto failed =
      history.scan(at->first, [&](std::uint32_t entity, std::string_view all) {
        auto record = unpack_uses(all);
        if (!record)
          damage = make_error(ec::corrupt_data, "duration, day " +
                                                  std::to_string(at->first.number) +
                                                  ": " + describe(record.error()));
        else
          of_day.emplace(entity, std::move(*record));
        return !damage;
      });
    if (failed || damage)
      return failed ? failed : damage;
    window.days.push_back(at->first);
  }
  for (std::size_t i = 0; i < records.size(); ++i)
    for (const auto& [entity, record] : records[i]) {
      auto& of = window.entities[entity];
      of.by_day.resize(records.size());
      of.by_day[i] = record.uses;
      of.automated += record.automated;
    }
  join_days(window, records);
  return window;
}

use_strength test_modes(const entity_uses& of, const std::vector<use_mode>& modes,
                        double share, day_set among) {
  use_strength is;
  day_sums inside;
  trial_sums all;
  for (std::size_t i = 0; i < of.by_day.size(); ++i) {
    if ((among >> i & 1) == 0 || of.by_day[i].empty())
      continue;
    std::uint32_t uses = 0;
    std::uint32_t hits = 0;
    for (const auto& [bin, count] : of.by_day[i]) {
      uses += count;
      if (std::any_of(modes.begin(), modes.end(),
                      [bin = bin](const use_mode& mode) { return mode.holds(bin); }))
        hits += count;
    }
    all.add(uses);
    inside.add(hits, uses);
    if (hits > 0)
      is.dates |= day_set{1} << i;
  }
  is.uses = all.trials;
  is.inside = inside.hits;
  is.days = all.days;
  if (is.uses == 0)
    return is;
  const auto effect = design_effect(inside, all);
  is.p =
    binomial_tail(std::floor(is.inside / effect), std::floor(is.uses / effect), share);
  return is;
}

std::vector<use_mode> find_modes(const entity_uses& of) {
  const auto uses = total_of(of);
  const auto holds = [&of](const std::vector<use_mode>& modes, double share) {
    const auto is = test_modes(of, modes, share);
    return !modes.empty() && is.uses >= fewest_uses && is.days >= fewest_days &&
           is.inside >= least_inside * is.uses && is.p <= greatest_p;
  };
  if (auto one = densest(uses); holds(one, one_share))
    return one;
  std::uint32_t all = 0;
  for (const auto& [bin, count] : uses)
    all += count;
  if (auto two = densest_two(uses, all); holds(two, two_share))
    return two;
  return {};
}

bool is_a_machines(const entity_uses& of) {
  std::vector<std::uint32_t> a_day;
  std::uint32_t all = 0;
  for (const auto& day : of.by_day) {
    std::uint32_t uses = 0;
    for (const auto& [bin, count] : day)
      uses += count;
    if (uses > 0)
      a_day.push_back(uses);
    all += uses;
  }
  if (a_day.empty() || of.automated >= all)
    return true;
  std::sort(a_day.begin(), a_day.end());
  return a_day[a_day.size() / 2] > most_a_day ||
         length_of(length_quantile(of, 0.5)) < shortest_shown;
}

length_bin length_quantile(const entity_uses& of, double share, const use_mode* mode) {
  auto uses = total_of(of);
  if (mode)
    std::erase_if(uses, [mode](const auto& entry) { return !mode->holds(entry.first); });
  std::uint32_t all = 0;
  for (const auto& [bin, count] : uses)
    all += count;
  std::uint32_t below = 0;
  for (const auto& [bin, count] : uses)
    if ((below += count) >= share * all)
      return bin;
  return 0;
}

} // namespace habitd
