#include "actors/detector/co_occurrence/prune.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace habitd {

namespace {

constexpr double most_of = 0.8; // the share of the hits that an explanation must cover

// Half is enough where an entity's own other turn explains: what is turned on is turned off
// some time later, and only a part of these times falls into the window.
constexpr double half_of = 0.5;

double share_of(const pair_found& pair) {
  return static_cast<double>(pair.strength.hits) / pair.strength.triggers;
}

bool is_within_entity(const pair_found& pair) {
  return entity_of(pair.trigger) == entity_of(pair.response);
}

using link_index = std::map<std::pair<item_number, item_number>, const pair_link*>;
using links_by_trigger = std::map<item_number, std::vector<const pair_link*>>;

struct link_graph {
  explicit link_graph(const std::vector<pair_link>& links) {
    for (const auto& link : links) {
      by_pair[{link.pair.trigger, link.pair.response}] = &link;
      from[link.pair.trigger].push_back(&link);
      to[link.pair.response].push_back(&link);
    }
  }
  const pair_link* find(item_number trigger, item_number response) const {
    const auto at = by_pair.find({trigger, response});
    return at == by_pair.end() ? nullptr : at->second;
  }

  link_index by_pair;
  links_by_trigger from;
  links_by_trigger to;
};

/// Lags are known by coarse bins and vary; a detour may be half as long or twice.
bool adds_up(double first, double second, double whole) {
  return first <= whole + 5 && std::abs(first + second - whole) <= std::max(10.0, whole);
}

/// A->B and B->C make up A->C.
bool is_detour(const pair_link& first, const pair_link& second, const pair_link& whole) {
  const double least = is_within_entity(second.pair) ? half_of : most_of;
  return first.pair.strength.hits * share_of(second.pair) >=
           least * whole.pair.strength.hits &&
         adds_up(first.lag, second.lag, whole.lag);
}

/// A->B and A->C, each stronger than B->C, make up B->C.
bool is_shared(const pair_link& to_trigger, const pair_link& to_response,
               const pair_link& echo) {
  const double least = is_within_entity(to_response.pair) ? half_of : most_of;
  return to_trigger.pair.strength.p <= echo.pair.strength.p &&
         to_response.pair.strength.p <= echo.pair.strength.p &&
         to_trigger.pair.strength.hits * share_of(to_response.pair) >=
           least * echo.pair.strength.hits &&
         adds_up(to_trigger.lag, echo.lag, to_response.lag);
}

bool has_detour(const link_graph& graph, const pair_link& whole) {
  const auto from = graph.from.find(whole.pair.trigger);
  return std::any_of(from->second.begin(), from->second.end(), [&](const auto* first) {
    const auto* second = graph.find(first->pair.response, whole.pair.response);
    return second && is_detour(*first, *second, whole);
  });
}

bool is_echo(const link_graph& graph, const pair_link& link) {
  const auto to = graph.to.find(link.pair.trigger);
  return to != graph.to.end() &&
         std::any_of(to->second.begin(), to->second.end(), [&](const auto* to_trigger) {
           const auto* to_response =
             graph.find(to_trigger->pair.trigger, link.pair.response);
           return to_response && to_response != &link &&
                  is_shared(*to_trigger, *to_response, link);
         });
}

double quantile_of(const std::array<double, lag_ends.size()>& lags, double share) {
  double all = 0;
  for (const auto n : lags)
    all += n;
  double before = 0;
  for (std::size_t bin = 0; bin < lags.size(); ++bin) {
    const double from = bin == 0 ? 0 : lag_ends[bin - 1];
    if (lags[bin] > 0 && before + lags[bin] >= share * all)
      return from + (lag_ends[bin] - from) * (share * all - before) / lags[bin];
    before += lags[bin];
  }
  return 0;
}

} // namespace

lag_summary summarise_lags(const std::array<std::uint32_t, lag_ends.size()>& lags,
                           const std::array<std::uint32_t, window_kinds>& hits,
                           std::size_t kind) {
  // Short lags were counted for triggers of the shorter window, of which those of the longer
  // are a part: scale them to its hits.
  double late = 0;
  for (std::size_t bin = short_lags; bin < lags.size(); ++bin)
    late += lags[bin];
  const double scale =
    kind == 0 || hits[0] == 0 ? 1 : std::max(0.0, hits[1] - late) / hits[0];
  std::array<double, lag_ends.size()> counted{};
  for (std::size_t bin = 0; bin < lags.size(); ++bin)
    if (bin < short_lags)
      counted[bin] = scale * lags[bin];
    else if (kind == 1)
      counted[bin] = lags[bin];
  return {quantile_of(counted, 0.5), quantile_of(counted, 0.1),
          quantile_of(counted, 0.9)};
}

std::vector<pair_found> better_windows(std::vector<pair_found> found) {
  const auto rank = [](const pair_found& x) {
    return std::tuple{x.trigger, x.response, !x.is_ordered, x.strength.p, x.window};
  };
  std::sort(found.begin(), found.end(),
            [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  const auto is_same_pair = [](const auto& a, const auto& b) {
    return a.trigger == b.trigger && a.response == b.response;
  };
  found.erase(std::unique(found.begin(), found.end(), is_same_pair), found.end());
  return found;
}

std::vector<pair_found> stronger_directions(std::vector<pair_found> found,
                                            const entity_names& names) {
  const auto rank = [](const pair_found& x) {
    return std::pair{!x.is_ordered, x.strength.p};
  };
  std::map<std::pair<item_number, item_number>, std::pair<bool, double>> ranks;
  for (const auto& pair : found)
    ranks[{pair.trigger, pair.response}] = rank(pair);
  std::erase_if(found, [&](const pair_found& pair) {
    const auto back = ranks.find({pair.response, pair.trigger});
    if (back == ranks.end() || back->second > rank(pair))
      return false;
    return back->second < rank(pair) ||
           names(entity_of(pair.response)) < names(entity_of(pair.trigger));
  });
  return found;
}

std::vector<pair_link> unexplained(const std::vector<pair_link>& links) {
  std::vector<pair_link> direct;
  const link_graph all{links};
  for (const auto& link : links)
    if (is_within_entity(link.pair) || !has_detour(all, link))
      direct.push_back(link);
  const link_graph graph{direct};
  std::vector<pair_link> kept;
  for (const auto& link : direct)
    if (link.pair.is_ordered && !is_within_entity(link.pair) && !is_echo(graph, link))
      kept.push_back(link);
  return kept;
}

} // namespace habitd
