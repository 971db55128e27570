#include "actors/detector/co_occurrence/scan.hpp"

#include "actors/detector/kit/binomial.hpp"
#include "actors/detector/kit/design_effect.hpp"
#include "actors/detector/kit/false_discovery.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>

namespace habitd {

namespace {

/// A number for every bin; floats, since tens of thousands of pairs are multiplied out.
using bin_floats = std::array<float, bins_per_day>;

/// How likely each bin is covered by a response.
bin_floats rates_of_cover(const bin_counts& cover, const bin_counts& exposed) {
  bin_floats rates{};
  for (std::size_t bin = 0; bin < rates.size(); ++bin)
    if (cover[bin] > 0)
      rates[bin] = cover[bin] >= exposed[bin]
                     ? 1.0F
                     : static_cast<float>(cover[bin]) / static_cast<float>(exposed[bin]);
  return rates;
}

bin_floats as_floats(const bin_counts& counts) {
  bin_floats floats{};
  for (std::size_t bin = 0; bin < floats.size(); ++bin)
    floats[bin] = static_cast<float>(counts[bin]);
  return floats;
}

double expected_hits(const bin_floats& triggers, const bin_floats& rates) {
  constexpr std::size_t lanes = 8; // sums of their own, so that they are added at once
  static_assert(bins_per_day % lanes == 0);
  std::array<float, lanes> sums{};
  for (std::size_t bin = 0; bin < bins_per_day; bin += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane)
      sums[lane] += triggers[bin + lane] * rates[bin + lane];
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

/// One pair at one window: what followed, and what either followed or came before.
struct pair_sums {
  day_sums hits;
  day_sums ordered; // the same hits, of `either`
  trial_sums either;

  void add(std::uint32_t of_day, std::uint32_t before, std::uint64_t triggers) {
    hits.add(of_day, triggers);
    ordered.add(of_day, std::uint64_t{of_day} + before);
    either.add(std::uint64_t{of_day} + before);
  }
};

/// Things done by the same presence come before each other as often as after; a response
/// follows. A trigger counts twice if it did both, which makes the test cautious.
/// Source: J. Hallas, "Evidence of depression provoked by cardiovascular medication: a
///         prescription sequence symmetry analysis", Epidemiology 7(5), 1996.
double order_p(const pair_sums& of, const pair_rules& rules) {
  const double n = of.either.trials;
  const double by_chance = rules.least_lift / (1 + rules.least_lift);
  if (of.hits.hits <= by_chance * n)
    return 1;
  const auto effect = rules.is_clustered ? design_effect(of.ordered, of.either) : 1;
  return binomial_tail(of.hits.hits / effect, n / effect, by_chance);
}

pair_strength judge(const pair_sums& sums, const trial_sums& of, double expected,
                    const pair_rules& rules) {
  const auto& hits = sums.hits;
  pair_strength is;
  is.hits = hits.hits;
  is.triggers = of.trials;
  is.days = hits.days;
  is.trigger_days = of.days;
  is.expected = expected;
  const auto by_chance = rules.least_lift * expected;
  if (hits.hits <= by_chance)
    return is;
  if (rules.is_clustered)
    is.dispersion = design_effect(hits, of);
  is.p = binomial_tail(hits.hits / is.dispersion, of.trials / is.dispersion,
                       by_chance / of.trials);
  if (is.p <= 0.05) // or else the order is of no interest
    is.p_order = order_p(sums, rules);
  return is;
}

/// What one trigger was followed by, summed over its days.
struct response_sums {
  std::array<pair_sums, window_kinds> by_window;
  std::uint32_t automated = 0;
};

class pair_scanner {
public:
  pair_scanner(const pair_window& window, const pair_rules& rules)
      : window_{window}, rules_{rules} {
    const auto exposed = window.exposed(~day_set{0});
    for (const auto& of : window.items)
      for (std::size_t w = 0; w < window_kinds; ++w)
        rates_[w].push_back(rates_of_cover(of.cover[w], exposed));
    const auto items = window.items.size();
    sums_.resize(items);
    if (items > 0)
      places_.assign(window.items.back().item + 1, items);
    for (std::size_t i = 0; i < items; ++i)
      places_[window.items[i].item] = i;
  }

  /// False if a row does not decode.
  bool scan(std::size_t trigger, std::vector<pair_found>& found);

private:
  bool add_up(const pair_window::item_rows& of);
  void judge_all(const pair_window::item_rows& of, std::vector<pair_found>& found) const;

  const pair_window& window_;
  const pair_rules rules_;
  std::array<std::vector<bin_floats>, window_kinds> rates_; // by place
  std::vector<std::size_t> places_;                         // by item number
  std::vector<response_sums> sums_;                         // by place
  std::array<trial_sums, window_kinds> of_trigger_{};
};

bool pair_scanner::add_up(const pair_window::item_rows& of) {
  std::fill(sums_.begin(), sums_.end(), response_sums{});
  of_trigger_ = {};
  for (const auto& row : of.rows) {
    for (std::size_t w = 0; w < window_kinds; ++w)
      of_trigger_[w].add(row.triggers[w]);
    const bool decoded = each_hit(row.counts, [&](const day_hit& hit) {
      // An item that only automations turn on has no row, and no place.
      if (hit.item >= places_.size() || places_[hit.item] == window_.items.size())
        return;
      auto& sums = sums_[places_[hit.item]];
      sums.automated += hit.automated;
      for (std::size_t w = 0; w < window_kinds; ++w) {
        sums.by_window[w].add(hit.hits[w], hit.before[w], row.triggers[w]);
      }
    });
    if (!decoded)
      return false;
  }
  return true;
}

void pair_scanner::judge_all(const pair_window::item_rows& of,
                             std::vector<pair_found>& found) const {
  const std::array triggers{as_floats(of.triggers[0]), as_floats(of.triggers[1])};
  for (std::size_t place = 0; place < sums_.size(); ++place) {
    const auto& response = window_.items[place];
    for (std::size_t w = 0; w < window_kinds; ++w) {
      const auto& sums = sums_[place].by_window[w];
      if (sums.hits.hits < least_hits || sums.hits.days < least_hit_days ||
          of.total[w] < least_total || response.total[w] < least_total ||
          of.item == response.item)
        continue;
      auto strength =
        judge(sums, of_trigger_[w], expected_hits(triggers[w], rates_[w][place]), rules_);
      strength.automated = sums_[place].automated;
      if (strength.p <= 0.05)
        found.push_back({of.item, response.item, w, strength, 1});
    }
  }
}

bool pair_scanner::scan(std::size_t trigger, std::vector<pair_found>& found) {
  const auto& of = window_.items[trigger];
  if (of.total[0] < least_total) // as many as of the longer window, or more
    return true;
  if (!add_up(of))
    return false;
  judge_all(of, found);
  return true;
}

/// Ordered pairs with enough support, whether they ever met or not: leaving out those that
/// didn't would depend on what is tested.
std::size_t count_hypotheses(const pair_window& window) {
  std::size_t tested = 0;
  for (std::size_t w = 0; w < window_kinds; ++w) {
    std::size_t often = 0;
    std::size_t within_entities = 0;
    std::optional<entity_number> previous;
    for (const auto& of : window.items) {
      if (of.total[w] < least_total)
        continue;
      ++often;
      if (previous == entity_of(of.item))
        within_entities += 2;
      previous = entity_of(of.item);
    }
    if (often > 0)
      tested += often * (often - 1) - within_entities;
  }
  return tested;
}

/// Triggers and cover of one item on those days.
trigger_row bins_of(const pair_window& window, item_number item, day_set among) {
  trigger_row sum;
  if (const auto place = window.place_of(item); place != window.items.size())
    for (const auto& row : window.items[place].rows)
      if (among >> row.day & 1)
        (void)add_bins(row.bins, sum); // they decoded when the window was read
  return sum;
}

void rate(pair_scan& scan) {
  std::vector<double> p;
  std::vector<pair_found*> tested;
  for (auto& pair : scan.found) {
    if (entity_of(pair.trigger) == entity_of(pair.response))
      continue;
    p.push_back(pair.strength.p);
    tested.push_back(&pair);
  }
  const auto q = false_discovery_rates(p, scan.tested);
  for (std::size_t i = 0; i < tested.size(); ++i)
    tested[i]->q = q[i];
}

/// Tells responses from what is merely done at the same time, among what isn't chance.
void tell_order(pair_scan& scan) {
  std::vector<double> p;
  std::vector<pair_found*> asked;
  for (auto& pair : scan.found) {
    if (pair.q > candidate_q)
      continue;
    p.push_back(pair.strength.p_order);
    asked.push_back(&pair);
  }
  const auto q = false_discovery_rates(p, p.size());
  for (std::size_t i = 0; i < asked.size(); ++i)
    asked[i]->is_ordered = q[i] <= candidate_q;
}

} // namespace

expected<pair_scan> scan_pairs(const pair_window& window, const pair_rules& rules) {
  pair_scan scan;
  scan.tested = count_hypotheses(window);
  pair_scanner scanner{window, rules};
  for (std::size_t i = 0; i < window.items.size(); ++i)
    if (!scanner.scan(i, scan.found))
      return make_error(ec::corrupt_data,
                        "co_occurrence, item " + std::to_string(window.items[i].item));
  rate(scan);
  tell_order(scan);
  return scan;
}

bool is_often_enough(const pair_strength& is) {
  return wilson(is.hits, is.triggers).low >= least_share;
}

pair_strength test_pair(const pair_window& window, item_number trigger,
                        item_number response, std::size_t kind, day_set among) {
  pair_sums sums;
  trial_sums of;
  day_set dates = 0;
  day_set triggered = 0;
  std::uint32_t automated = 0;
  const auto place = window.place_of(trigger);
  if (place == window.items.size())
    return {};
  for (const auto& row : window.items[place].rows) {
    if ((among >> row.day & 1) == 0)
      continue;
    of.add(row.triggers[kind]);
    if (row.triggers[kind] > 0)
      triggered |= day_set{1} << row.day;
    each_hit(row.counts, [&](const day_hit& hit) {
      if (hit.item != response)
        return;
      automated += hit.automated;
      sums.add(hit.hits[kind], hit.before[kind], row.triggers[kind]);
      if (hit.hits[kind] > 0)
        dates |= day_set{1} << row.day;
    });
  }
  const auto triggers = as_floats(bins_of(window, trigger, among).triggers[kind]);
  const auto rates =
    rates_of_cover(bins_of(window, response, among).cover[kind], window.exposed(among));
  auto is = judge(sums, of, expected_hits(triggers, rates), {});
  is.automated = automated;
  is.dates = dates;
  is.dates_of_trigger = triggered;
  return is;
}

} // namespace habitd
