#include "actors/community/trending.hpp"

#include <algorithm>

namespace habitd {

namespace {

constexpr std::size_t least_rates = 20; // fewer are no distribution
constexpr int least_gain = 3;

struct growth {
  double per_day = 0;
  std::int64_t gained = 0;
  bool is_known = false;
};

growth growth_of(const corpus_entry& entry, const vote_history& history,
                 std::int32_t today) {
  const auto found = history.find(entry.id);
  if (!entry.voted || found == history.end())
    return {};
  for (const auto& [day, votes] : found->second) {
    const auto days = today - day;
    if (days > trend_days)
      continue;
    if (days < least_trend_days)
      break;
    const auto gained = std::int64_t{entry.votes} - std::int64_t{votes};
    return {std::max(0.0, static_cast<double>(gained) / days), gained, true};
  }
  return {};
}

} // namespace

void mark_trending(std::vector<corpus_entry*> entries, const vote_history& history,
                   std::int32_t today) {
  std::vector<double> rates;
  std::vector<growth> all;
  for (const auto* entry : entries) {
    all.push_back(growth_of(*entry, history, today));
    if (all.back().is_known)
      rates.push_back(all.back().per_day);
  }
  double bar = 0;
  if (rates.size() >= least_rates) {
    const auto at = rates.begin() + static_cast<std::ptrdiff_t>(rates.size() * 95 / 100);
    std::nth_element(rates.begin(), at, rates.end());
    bar = *at;
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i]->votes_per_day = all[i].per_day;
    entries[i]->trending =
      rates.size() >= least_rates && all[i].gained >= least_gain && all[i].per_day >= bar;
  }
}

} // namespace habitd
