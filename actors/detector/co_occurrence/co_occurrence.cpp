#include "actors/detector/co_occurrence/co_occurrence.hpp"

#include "actors/detector/co_occurrence/automate.hpp"
#include "actors/detector/co_occurrence/finding.hpp"
#include "actors/detector/co_occurrence/observe.hpp"
#include "actors/detector/co_occurrence/place.hpp"
#include "actors/detector/kit/binomial.hpp"
#include "actors/detector/kit/false_discovery.hpp"
#include "actors/detector/kit/naming.hpp"
#include "actors/detector/kit/rounded.hpp"

#include <algorithm>
#include <bit>
#include <set>
#include <tuple>

namespace habitd {

namespace {

constexpr const char* co_occurrence_name = "co_occurrence";

using lag_counts = std::array<std::uint32_t, lag_ends.size()>;

struct counted_lags {
  lag_counts lags{};
  std::array<std::uint32_t, window_kinds> hits{};
};

/// The lags of every pair of `wanted`, from the rows of its trigger.
expected<std::map<std::pair<item_number, item_number>, counted_lags>>
read_lags(const aggregate_history& history, const pair_window& window,
          const std::set<std::pair<item_number, item_number>>& wanted) {
  std::map<std::pair<item_number, item_number>, counted_lags> found;
  std::set<item_number> triggers;
  for (const auto& [trigger, response] : wanted)
    triggers.insert(trigger);
  for (const auto trigger : triggers) {
    const auto place = window.place_of(trigger);
    if (place == window.items.size())
      continue;
    for (const auto& at : window.items[place].rows) {
      auto bytes = history.part(window.days[at.day], trigger);
      if (!bytes)
        return std::move(bytes.error());
      const auto row = unpack_row(*bytes);
      if (!row)
        return row.error();
      for (const auto& of : row->responses) {
        if (!wanted.contains({trigger, of.item}))
          continue;
        auto& sum = found[{trigger, of.item}];
        for (std::size_t bin = 0; bin < of.lags.size(); ++bin)
          sum.lags[bin] += of.lags[bin];
        for (std::size_t w = 0; w < window_kinds; ++w)
          sum.hits[w] += of.hits[w];
      }
    }
  }
  return found;
}

bool is_mostly_automated(const pair_strength& is) {
  return is.automated >= is.hits;
}

std::size_t kind_of(const pair_place& of) {
  return of.window == response_windows[0] ? 0 : 1;
}

pair_strength strength_of_pair(const pair_window& window, const pair_place& of,
                               day_set among = ~day_set{0}) {
  return test_pair(window, of.trigger, of.response, kind_of(of), among);
}

/// Of days on which it could have come; and of days at all, should its trigger be gone.
double silence_of(const pair_window& window, const pair_strength& is) {
  const auto count = [](day_set days) {
    return static_cast<std::uint32_t>(std::popcount(days));
  };
  const auto triggered = is.dates_of_trigger;
  const auto all = window.all_days();
  const auto answered = days_behind(is.dates, triggered);
  const auto seen = days_behind(triggered, all);
  return std::min(
    likelihood_of_silence(count(is.dates), count(triggered) - answered, answered),
    likelihood_of_silence(count(triggered), count(all) - seen, seen));
}

evidence evidence_of_pair(const pair_window& window, const pair_strength& is,
                          day_set among = ~day_set{0}) {
  return {is.hits, is.triggers,
          static_cast<std::uint32_t>(std::popcount(window.all_days() & among)),
          is.hits >= 2 ? std::max(is.p, is.p_order) : 1.0, silence_of(window, is)};
}

bool is_alive_the_other_way(const pair_habit_record& of, const pair_found& pair) {
  return of.place.trigger == pair.response && of.place.response == pair.trigger &&
         of.status != pattern_status::retired;
}

void take_up(std::vector<pair_habit_record>& habits, const pair_found& pair,
             local_day check, const entity_names& names) {
  if (find_habit(habits,
                 [&](const auto& of) { return is_alive_the_other_way(of, pair); }))
    return;
  auto* known = find_habit(habits, [&](const auto& of) {
    return of.place.trigger == pair.trigger && of.place.response == pair.response;
  });
  if (known && known->status != pattern_status::retired)
    return;
  pair_habit_record fresh;
  auto& of = known ? *known : fresh;
  of.place = {pair.trigger, pair.response,
              static_cast<std::uint16_t>(response_windows[pair.window])};
  begin_candidate(of, check, pair.strength.hits, pair.strength.triggers);
  if (!known)
    add_candidate(habits, fresh,
                  std::string{co_occurrence_name} + '|' + item_text(pair.trigger, names) +
                    '|' + item_text(pair.response, names));
}

expected<lifecycle_state> check_pairs(const aggregate_history& history, local_day check,
                                      const lifecycle_state& before,
                                      const entity_names& names) {
  auto habits = unpack_habits<pair_place>(before);
  if (!habits)
    return std::move(habits.error());
  const auto window = read_pair_window(history, check);
  if (!window)
    return window.error();
  const auto scan = scan_pairs(*window);
  if (!scan)
    return scan.error();
  const auto found = find_responses(history, *window, *scan, names);
  if (!found)
    return found.error();
  std::erase_if(*habits, [&](pair_habit_record& of) {
    const auto later = window->days_after(of.first_found);
    const auto since = strength_of_pair(*window, of.place, later);
    return !advance(of, check, evidence_of_pair(*window, since, later),
                    evidence_of_pair(*window, strength_of_pair(*window, of.place)));
  });
  for (const auto& [pair, lag] : *found) {
    const auto is = test_pair(*window, pair.trigger, pair.response, pair.window);
    if (silence_of(*window, is) >= ended_at)
      take_up(*habits, pair, check, names);
  }
  return pack_habits(std::move(*habits));
}

/// On which days a response follows, judged by the days on which its trigger happened.
day_type belongs_to(const pair_window& window, const pair_place& of, day_set dates) {
  const auto place = window.place_of(of.trigger);
  std::array<std::uint32_t, 2> days{};
  std::array<std::uint32_t, 2> hits{};
  if (place == window.items.size())
    return day_type::all;
  for (const auto& row : window.items[place].rows) {
    const std::size_t free = weekday_of(window.days[row.day]) >= 5;
    ++days[free];
    hits[free] += (dates >> row.day & 1) != 0;
  }
  if (days[0] == 0 || days[1] == 0 ||
      fisher_exact(hits[0], days[0], hits[1], days[1]) > 0.01)
    return day_type::all;
  return std::uint64_t{hits[0]} * days[1] > std::uint64_t{hits[1]} * days[0]
           ? day_type::workdays
           : day_type::weekend;
}

pattern pattern_of_pair(const pair_window& window, const pair_habit_record& of,
                        const pair_strength& is, const entity_names& names) {
  const auto& place = of.place;
  pattern says;
  says.id = format_pattern_id(of.id);
  says.detector = co_occurrence_name;
  says.entities = {names(entity_of(place.trigger)), names(entity_of(place.response))};
  says.turns = {turn_of(place.trigger), turn_of(place.response)};
  says.weekdays = weekdays_of(belongs_to(window, place, is.dates));
  says.support = static_cast<int>(is.hits);
  says.trials = static_cast<int>(is.triggers);
  says.support_days = static_cast<int>(is.days);
  says.eligible_days = static_cast<int>(window.days.size());
  says.adherence = wilson(is.hits, is.triggers);
  says.lift = rounded((is.hits + 0.5) / (is.expected + 0.5));
  says.p = is.p;
  says.status = of.status;
  says.first_found = of.first_found;
  says.dates = window.dates_of(is.dates);
  return says;
}

/// False-discovery rates of habits among every pair that the window was scanned for.
std::vector<double> rates_of_pairs(const pair_scan& scan,
                                   const std::vector<pair_habit_record>& habits,
                                   const std::vector<pair_strength>& strengths) {
  std::vector<double> p;
  std::vector<double> p_order; // of what isn't chance
  std::set<std::tuple<item_number, item_number, std::size_t>> listed;
  for (std::size_t i = 0; i < habits.size(); ++i) {
    const auto& place = habits[i].place;
    p.push_back(strengths[i].p);
    p_order.push_back(strengths[i].p_order);
    listed.insert({place.trigger, place.response, kind_of(place)});
  }
  for (const auto& pair : scan.found)
    if (entity_of(pair.trigger) != entity_of(pair.response) &&
        !listed.contains({pair.trigger, pair.response, pair.window})) {
      p.push_back(pair.strength.p);
      if (pair.q <= candidate_q)
        p_order.push_back(pair.strength.p_order);
    }
  auto q = false_discovery_rates(p, scan.tested);
  const auto q_order = false_discovery_rates(p_order, p_order.size());
  for (std::size_t i = 0; i < habits.size(); ++i)
    q[i] = std::max(q[i], q_order[i]); // neither chance nor the other way round
  return q;
}

expected<std::vector<pattern>> conclude_pairs(const aggregate_history& history,
                                              local_day last,
                                              const lifecycle_state& state,
                                              const entity_names& names) {
  const auto habits = living_habits<pair_place>(state);
  if (!habits)
    return habits.error();
  const auto window = read_pair_window(history, last);
  if (!window)
    return window.error();
  const auto scan = scan_pairs(*window);
  if (!scan)
    return scan.error();
  std::set<std::pair<item_number, item_number>> wanted;
  std::vector<pair_strength> strengths;
  for (const auto& of : *habits) {
    wanted.insert({of.place.trigger, of.place.response});
    strengths.push_back(strength_of_pair(*window, of.place));
  }
  const auto lags = read_lags(history, *window, wanted);
  if (!lags)
    return lags.error();
  const auto q = rates_of_pairs(*scan, *habits, strengths);
  std::vector<pattern> patterns;
  for (std::size_t i = 0; i < habits->size(); ++i) {
    const auto& of = (*habits)[i];
    if (!is_often_enough(strengths[i]) ||
        has_ended(evidence_of_pair(*window, strengths[i])))
      continue;
    auto says = pattern_of_pair(*window, of, strengths[i], names);
    says.q = q[i];
    response_finding finding{of.place.window, std::nullopt};
    if (const auto at = lags->find({of.place.trigger, of.place.response});
        at != lags->end())
      finding.lag = summarise_lags(at->second.lags, at->second.hits, kind_of(of.place));
    says.own = own_part(finding);
    patterns.push_back(std::move(says));
  }
  std::sort(patterns.begin(), patterns.end(), [](const pattern& a, const pattern& b) {
    return std::tie(a.entities, a.turns, a.id) < std::tie(b.entities, b.turns, b.id);
  });
  return patterns;
}

} // namespace

expected<std::vector<pair_link>> find_responses(const aggregate_history& history,
                                                const pair_window& window,
                                                const pair_scan& scan,
                                                const entity_names& names) {
  std::vector<pair_found> strong;
  for (const auto& pair : scan.found)
    if ((pair.q <= candidate_q || entity_of(pair.trigger) == entity_of(pair.response)) &&
        !is_mostly_automated(pair.strength))
      strong.push_back(pair);
  strong = stronger_directions(better_windows(std::move(strong)), names);
  std::set<std::pair<item_number, item_number>> wanted;
  for (const auto& pair : strong)
    wanted.insert({pair.trigger, pair.response});
  const auto lags = read_lags(history, window, wanted);
  if (!lags)
    return lags.error();
  std::vector<pair_link> links;
  for (const auto& pair : strong) {
    const auto& of = lags->at({pair.trigger, pair.response});
    links.push_back({pair, summarise_lags(of.lags, of.hits, pair.window).median});
  }
  auto found = unexplained(links); // rare ones explain others, but are none themselves
  std::erase_if(
    found, [](const pair_link& link) { return !is_often_enough(link.pair.strength); });
  std::sort(found.begin(), found.end(), [&](const pair_link& a, const pair_link& b) {
    return std::pair{item_text(a.pair.trigger, names),
                     item_text(a.pair.response, names)} <
           std::pair{item_text(b.pair.trigger, names), item_text(b.pair.response, names)};
  });
  return found;
}

detector co_occurrence_detector(detector_id id) {
  return {.id = id,
          .name = co_occurrence_name,
          .observe = observe_co_occurrence,
          .merge = merge_rows,
          .verify = verify_day_row,
          .verify_state = verify_habits<pair_place>,
          .check = check_pairs,
          .conclude = conclude_pairs,
          .describe = describe_response,
          .replay = replay_response,
          .propose = propose_response};
}

} // namespace habitd
