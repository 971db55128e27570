#include "actors/detector/time_of_day.hpp"

#include "actors/detector/binomial.hpp"
#include "actors/detector/false_discovery.hpp"
#include "actors/detector/pattern_id.hpp"
#include "actors/detector/time_of_day_record.hpp"

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

clock_span span_of(const habit& of) {
  const auto width = std::find(clock_widths.begin(), clock_widths.end(), of.width);
  const auto index =
    std::min<std::ptrdiff_t>(width - clock_widths.begin(), std::ssize(clock_widths) - 1);
  return {of.begin, static_cast<std::size_t>(index), of.days};
}

void follow(habit& of, const clock_mode& mode) {
  of.begin = static_cast<std::uint16_t>(mode.span.begin);
  of.width = static_cast<std::uint16_t>(clock_widths[mode.span.width]);
  of.days = mode.span.days;
  of.centre = static_cast<std::uint32_t>(clock_time(mode.strength.centre));
}

clock_strength strength_of(const clock_window& window, const habit& of,
                           day_set among = ~day_set{0}) {
  const auto* item = window.find(of.item);
  static const bin_days nothing{};
  return test_span(window, item ? item->starts : nothing,
                   item ? item->automated : nothing, span_of(of), among);
}

habit on_any_day(habit of) {
  of.days = day_type::all;
  return of;
}

/// The p-value of a habit among all spans that were tried; one that keeps to some weekdays
/// may have been found among all days.
double corrected_p(const clock_window& window, const habit& of) {
  return std::min(
    {1.0, strength_of(window, of).p * clock_multiplicity(of.days),
     strength_of(window, on_any_day(of)).p * clock_multiplicity(day_type::all)});
}

evidence evidence_of(const clock_strength& is) {
  // A quarter of the days is the least that may be called a habit, as in the scan.
  const bool enough = 4 * is.support >= is.eligible;
  return {is.support, is.eligible, is.eligible, enough ? is.p : 1.0};
}

bool is_same(const habit& of, const clock_mode& mode) {
  return of.item == mode.item &&
         clock_distance(static_cast<int>(of.centre), clock_time(mode.strength.centre)) <=
           same_habit;
}

/// "time_of_day|light.kitchen|on|07:30", the time to the nearest half hour.
std::string id_text(const habit& of, const entity_names& names) {
  const auto half_hours = (of.centre + 900) / 1800 % 48;
  return std::string{time_of_day_name} + '|' + names(entity_of(of.item)) + '|' +
         (turn_of(of.item) == turn::on ? "on" : "off") + '|' +
         std::to_string(half_hours / 2) + (half_hours % 2 == 0 ? ":00" : ":30");
}

void begin_candidate(habit& of, const clock_mode& mode, local_day check) {
  of.status = pattern_status::candidate;
  of.item = mode.item;
  follow(of, mode);
  of.first_found = check;
  of.support = mode.strength.support;
  of.trials = mode.strength.eligible;
  of.low_since.reset();
  of.retired_on.reset();
}

void take_up(std::vector<habit>& habits, const clock_mode& mode, local_day check,
             const entity_names& names) {
  const auto known = std::find_if(habits.begin(), habits.end(),
                                  [&](const habit& h) { return is_same(h, mode); });
  if (known != habits.end()) {
    if (known->status == pattern_status::confirmed)
      follow(*known, mode); // it may drift; what it is called stays
    else if (known->status == pattern_status::retired)
      begin_candidate(*known, mode, check);
    return;
  }
  habit fresh;
  begin_candidate(fresh, mode, check);
  fresh.id = free_pattern_id(id_text(fresh, names), [&habits](std::uint64_t id) {
    return std::any_of(habits.begin(), habits.end(),
                       [id](const habit& h) { return h.id == id; });
  });
  habits.push_back(fresh);
}

expected<lifecycle_state> check_clock(const aggregate_history& history, local_day check,
                                      const lifecycle_state& before,
                                      const entity_names& names) {
  auto habits = unpack_habits(before);
  if (!habits)
    return std::move(habits.error());
  const auto window = read_clock_window(history, check);
  if (!window)
    return window.error();
  std::erase_if(*habits, [&](habit& of) {
    const auto later = window->days_after(of.first_found);
    auto since = evidence_of(strength_of(*window, of, later));
    // A week confirms a habit of workdays too, though it happened on five days of it.
    since.eligible_days = strength_of(*window, on_any_day(of), later).eligible;
    return !advance(of, check, since, evidence_of(strength_of(*window, of)));
  });
  for (const auto& mode : find_clock_habits(*window, names))
    take_up(*habits, mode, check, names);
  std::sort(habits->begin(), habits->end(),
            [](const habit& a, const habit& b) { return a.id < b.id; });
  return pack_habits(*habits);
}

pattern pattern_of(const clock_window& window, const habit& of, const clock_strength& is,
                   double q, const entity_names& names) {
  pattern says;
  says.id = format_pattern_id(of.id);
  says.detector = time_of_day_name;
  says.entities = {names(entity_of(of.item))};
  says.turns = {turn_of(of.item)};
  says.time = is.support > 0 ? clock_time(is.centre) : static_cast<int>(of.centre);
  says.spread_minutes = is.spread_minutes;
  says.weekdays = weekdays_of(of.days);
  says.support = says.support_days = static_cast<int>(is.support);
  says.trials = says.eligible_days = static_cast<int>(is.eligible);
  says.adherence = wilson(is.support, is.eligible);
  says.lift = is.lift;
  says.p = corrected_p(window, of);
  says.q = q;
  says.status = of.status;
  says.first_found = of.first_found;
  for (std::size_t i = 0; i < window.days.size(); ++i)
    if (is.dates >> i & 1)
      says.dates.push_back(window.days[i]);
  return says;
}

/// False-discovery rates of `habits` among everything the window was scanned for; a habit
/// stands in for the hypothesis that found it.
std::vector<double> rates_of(const clock_window& window,
                             const std::vector<habit>& habits) {
  std::vector<double> p;
  p.reserve(habits.size());
  for (const auto& of : habits)
    p.push_back(corrected_p(window, of));
  for (const auto& mode : scan_clock(window))
    if (std::none_of(habits.begin(), habits.end(),
                     [&](const habit& of) { return is_same(of, mode); }))
      p.push_back(mode.p);
  return false_discovery_rates(p, p.size());
}

expected<std::vector<pattern>> conclude_clock(const aggregate_history& history,
                                              local_day last,
                                              const lifecycle_state& state,
                                              const entity_names& names) {
  auto habits = unpack_habits(state);
  if (!habits)
    return std::move(habits.error());
  std::erase_if(*habits,
                [](const habit& of) { return of.status == pattern_status::retired; });
  const auto window = read_clock_window(history, last);
  if (!window)
    return window.error();
  std::vector<clock_strength> strengths;
  strengths.reserve(habits->size());
  for (const auto& of : *habits)
    strengths.push_back(strength_of(*window, of));
  const auto q = rates_of(*window, *habits);
  std::vector<pattern> patterns;
  patterns.reserve(habits->size());
  for (std::size_t i = 0; i < habits->size(); ++i)
    patterns.push_back(pattern_of(*window, (*habits)[i], strengths[i], q[i], names));
  std::sort(patterns.begin(), patterns.end(), [](const pattern& a, const pattern& b) {
    return std::tie(a.entities, a.turns, a.time, a.id) <
           std::tie(b.entities, b.turns, b.time, b.id);
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

detector time_of_day_detector() {
  return {.id = detector_id::time_of_day,
          .name = time_of_day_name,
          .observe =
            [](const home_day& day) {
              return std::vector<aggregate_part>{{0, pack(observe_starts(day))}};
            },
          .verify =
            [](std::uint32_t, std::string_view bytes) {
              const auto starts = unpack_starts(bytes);
              return starts ? error{} : starts.error();
            },
          .check = check_clock,
          .conclude = conclude_clock};
}

} // namespace habitd
