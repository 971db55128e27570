#include "actors/detector/time_of_day/time_of_day.hpp"

#include "actors/detector/kit/binomial.hpp"
#include "actors/detector/kit/false_discovery.hpp"
#include "actors/detector/kit/naming.hpp"
#include "actors/detector/kit/rounded.hpp"
#include "actors/detector/time_of_day/automate.hpp"
#include "actors/detector/time_of_day/finding.hpp"
#include "actors/detector/time_of_day/place.hpp"
#include "actors/detector/time_of_day/record.hpp"

#include <algorithm>
#include <tuple>

namespace habitd {

namespace {

constexpr const char* time_of_day_name = "time_of_day";
constexpr int same_habit = 30 * 60; // seconds between centres

// More than other detectors allow: of the candidates that are wrong, a confirmation on later
// days lets one in twenty pass (docs/decisions/0005-weights-and-weeks.md).
constexpr double clock_candidate_q = 0.2;

std::vector<clock_mode> significant(const std::vector<clock_mode>& modes) {
  std::vector<double> p;
  p.reserve(modes.size());
  for (const auto& mode : modes)
    p.push_back(mode.p);
  const auto q = false_discovery_rates(p, p.size());
  std::vector<clock_mode> found;
  for (std::size_t i = 0; i < modes.size(); ++i)
    if (q[i] <= clock_candidate_q &&
        modes[i].strength.automated < modes[i].strength.support)
      found.push_back(modes[i]);
  return found;
}

clock_span span_of(const clock_place& of) {
  const auto width = std::find(clock_widths.begin(), clock_widths.end(), of.width);
  const auto index =
    std::min<std::ptrdiff_t>(width - clock_widths.begin(), std::ssize(clock_widths) - 1);
  return {of.begin, static_cast<std::size_t>(index), of.days};
}

void follow(clock_place& of, const clock_mode& mode) {
  of.begin = static_cast<std::uint16_t>(mode.span.begin);
  of.width = static_cast<std::uint16_t>(clock_widths[mode.span.width]);
  of.days = mode.span.days;
  of.centre = static_cast<std::uint32_t>(clock_time(mode.strength.centre));
}

clock_strength strength_of(const clock_window& window, const clock_place& of,
                           day_set among = ~day_set{0}) {
  const auto* item = window.find(of.item);
  static const bin_days nothing{};
  return test_span(window, item ? item->starts : nothing,
                   item ? item->automated : nothing, span_of(of), among);
}

clock_place on_any_day(clock_place of) {
  of.days = day_type::all;
  return of;
}

/// The p-value of a habit among all spans that were tried; one that keeps to some weekdays
/// may have been found among all days.
double corrected_p(const clock_window& window, const clock_place& of) {
  return rounded(std::min(
    {1.0, strength_of(window, of).p * clock_multiplicity(of.days),
     strength_of(window, on_any_day(of)).p * clock_multiplicity(day_type::all)}));
}

/// How likely it would be to have been away since its last time, if it came as often as until
/// then.
double silence_of(const clock_strength& is) {
  const auto missed = days_behind(is.dates, is.days);
  return likelihood_of_silence(is.support, is.eligible - missed, missed);
}

/// @param of  as it was when it was found or confirmed.
evidence evidence_of(const clock_strength& is, const habit_life& of) {
  // A quarter of the days is the least that may be called a habit, as in the scan.
  const bool enough = 4 * is.support >= is.eligible;
  return {
    is.support, is.eligible, is.eligible, enough ? is.p : 1.0,
    std::min(silence_of(is), likelihood_of_silence(of.support, of.trials,
                                                   days_behind(is.dates, is.days)))};
}

bool is_same(const clock_place& of, const clock_mode& mode) {
  return of.item == mode.item &&
         clock_distance(static_cast<int>(of.centre), clock_time(mode.strength.centre)) <=
           same_habit;
}

/// "time_of_day|light.kitchen|on|07:30", the time to the nearest half hour.
std::string id_text(const clock_place& of, const entity_names& names) {
  const auto half_hours = (of.centre + 900) / 1800 % 48;
  return std::string{time_of_day_name} + '|' + item_text(of.item, names) + '|' +
         std::to_string(half_hours / 2) + (half_hours % 2 == 0 ? ":00" : ":30");
}

void take_up(std::vector<clock_habit_record>& habits, const clock_mode& mode,
             local_day check, const entity_names& names) {
  auto* known =
    find_habit(habits, [&](const auto& of) { return is_same(of.place, mode); });
  if (silence_of(mode.strength) < ended_at ||
      (known && known->status == pattern_status::candidate))
    return;
  clock_habit_record fresh;
  auto& of = known ? *known : fresh;
  of.place.item = mode.item;
  follow(of.place, mode); // it may drift; what it is called stays
  if (of.status != pattern_status::confirmed)
    begin_candidate(of, check, mode.strength.support, mode.strength.eligible);
  if (!known)
    add_candidate(habits, fresh, id_text(fresh.place, names));
}

expected<lifecycle_state> check_clock(const aggregate_history& history, local_day check,
                                      const lifecycle_state& before,
                                      const entity_names& names) {
  auto habits = unpack_habits<clock_place>(before);
  if (!habits)
    return std::move(habits.error());
  const auto window = read_clock_window(history, check);
  if (!window)
    return window.error();
  std::erase_if(*habits, [&](clock_habit_record& of) {
    const auto later = window->days_after(of.first_found);
    auto since = evidence_of(strength_of(*window, of.place, later), of);
    // A week confirms a habit of workdays too, though it happened on five days of it.
    since.eligible_days = strength_of(*window, on_any_day(of.place), later).eligible;
    return !advance(of, check, since, evidence_of(strength_of(*window, of.place), of));
  });
  for (const auto& mode : find_clock_habits(*window, names))
    take_up(*habits, mode, check, names);
  return pack_habits(std::move(*habits));
}

/// Of a confirmed habit, too, on the days since it was found: it was chosen on others, so its
/// place is no longer one of many. Twice the smaller, as there are two.
double p_today(const clock_window& window, const clock_habit_record& of) {
  const auto p = corrected_p(window, of.place);
  if (of.status != pattern_status::confirmed)
    return p;
  const auto since = strength_of(window, of.place, window.days_after(of.first_found)).p;
  return rounded(std::min(1.0, 2 * std::min(p, since)));
}

pattern pattern_of(const clock_window& window, const clock_habit_record& of,
                   const clock_strength& is, double q, const entity_names& names) {
  pattern says;
  says.id = format_pattern_id(of.id);
  says.detector = time_of_day_name;
  says.entities = {names(entity_of(of.place.item))};
  says.turns = {turn_of(of.place.item)};
  says.own =
    own_part({is.support > 0 ? clock_time(is.centre) : static_cast<int>(of.place.centre),
              is.spread_minutes});
  says.weekdays = weekdays_of(of.place.days);
  says.support = says.support_days = static_cast<int>(is.support);
  says.trials = says.eligible_days = static_cast<int>(is.eligible);
  says.adherence = wilson(is.support, is.eligible);
  says.lift = rounded(is.lift);
  says.p = p_today(window, of);
  says.q = q;
  says.status = of.status;
  says.first_found = of.first_found;
  says.dates = window.dates_of(is.dates);
  return says;
}

/// False-discovery rates of `habits` among everything the window was scanned for; a habit
/// stands in for the hypothesis that found it.
std::vector<double> rates_of(const clock_window& window,
                             const std::vector<clock_habit_record>& habits) {
  std::vector<double> p;
  p.reserve(habits.size());
  for (const auto& of : habits)
    p.push_back(p_today(window, of));
  for (const auto& mode : scan_clock(window))
    if (std::none_of(habits.begin(), habits.end(),
                     [&](const auto& of) { return is_same(of.place, mode); }))
      p.push_back(mode.p);
  return false_discovery_rates(p, p.size());
}

expected<std::vector<pattern>> conclude_clock(const aggregate_history& history,
                                              local_day last,
                                              const lifecycle_state& state,
                                              const entity_names& names) {
  const auto habits = living_habits<clock_place>(state);
  if (!habits)
    return habits.error();
  const auto window = read_clock_window(history, last);
  if (!window)
    return window.error();
  const auto q = rates_of(*window, *habits);
  std::vector<pattern> patterns;
  patterns.reserve(habits->size());
  for (std::size_t i = 0; i < habits->size(); ++i) {
    const auto& of = (*habits)[i];
    const auto is = strength_of(*window, of.place);
    if (!has_ended(evidence_of(is, of))) // between checks, too
      patterns.push_back(pattern_of(*window, of, is, q[i], names));
  }
  std::sort(patterns.begin(), patterns.end(), [](const pattern& a, const pattern& b) {
    const auto key = [](const pattern& of) {
      return std::tuple{of.entities, of.turns, clock_finding_of(of)->time, of.id};
    };
    return key(a) < key(b);
  });
  return patterns;
}

} // namespace

std::vector<clock_mode> find_clock_habits(const clock_window& window,
                                          const entity_names& names) {
  auto found = significant(scan_clock(window));
  std::sort(found.begin(), found.end(), [&](const clock_mode& a, const clock_mode& b) {
    return std::tuple{names(entity_of(a.item)), turn_of(a.item), a.strength.centre} <
           std::tuple{names(entity_of(b.item)), turn_of(b.item), b.strength.centre};
  });
  return found;
}

detector time_of_day_detector(detector_id id) {
  return {.id = id,
          .name = time_of_day_name,
          .observe =
            [](const home_day& day) {
              return std::vector<aggregate_part>{{0, pack(observe_starts(day))}};
            },
          .merge = merge_starts,
          .verify =
            [](std::uint32_t, std::string_view bytes) {
              const auto starts = unpack_starts(bytes);
              return starts ? error{} : starts.error();
            },
          .verify_state = verify_habits<clock_place>,
          .check = check_clock,
          .conclude = conclude_clock,
          .describe = describe_clock,
          .replay = replay_clock,
          .propose = propose_clock};
}

} // namespace habitd
