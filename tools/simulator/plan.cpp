#include "tools/simulator/plan.hpp"

#include "tools/simulator/random_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace habitd {

namespace {

using sort = entity_catalogue::sort;

constexpr int seconds_per_hour = 3600;

double draw(random_stream& random, drawn_range range) {
  return random.uniform(range.low, range.high);
}

/// Grows a plan step by step; each step has random numbers of its own, so that changing one
/// option leaves the rest of the home as it was.
class planner {
public:
  explicit planner(home_plan& plan) : plan_{plan} {}

  void plan_clocks();
  void plan_triggers();
  void plan_uses();
  void plan_noise();
  void plan_machines();
  void plan_numbers();
  void plan_downtimes();

private:
  random_stream stream(std::uint64_t step) const {
    return {plan_.options().seed, {step}};
  }
  entity_index add(sort wanted, random_stream& random);
  const std::string& id(entity_index entity) const { return plan_.entities[entity].id; }
  void add_clock(const std::string& name, int number, int time, turn to,
                 random_stream& random);
  void add_family(const std::string& name, const std::vector<int>& parents,
                  random_stream& random);
  void add_neutral(const std::vector<entity_index>& family,
                   const std::vector<int>& parents);
  void add_noise(entity_index entity, double per_day, double hold, double min_gap = 0);
  void add_distractor(std::string kind, const std::vector<entity_index>& entities);

  home_plan& plan_;
  entity_catalogue catalogue_;
};

entity_index planner::add(sort wanted, random_stream& random) {
  plan_.entities.push_back(catalogue_.take(wanted, random));
  return static_cast<entity_index>(plan_.entities.size() - 1);
}

void planner::add_noise(entity_index entity, double per_day, double hold,
                        double min_gap) {
  plan_.noises.push_back(
    {.entity = entity, .per_day = per_day, .hold_median = hold, .min_gap = min_gap});
  // Going off a few minutes after going on is a real regularity, but of the device.
  plan_.truth.neutral.push_back({{id(entity), id(entity)}, {turn::on, turn::off}});
  plan_.truth.neutral.push_back({{id(entity), id(entity)}, {turn::off, turn::on}});
}

void planner::add_distractor(std::string kind,
                             const std::vector<entity_index>& entities) {
  auto& added = plan_.truth.distractors.emplace_back();
  added.kind = std::move(kind);
  for (const auto entity : entities)
    added.entities.push_back(id(entity));
}

std::vector<int> weekdays_for(int number, int count, const habit_options& habits) {
  const auto share = (number + 0.5) / count;
  if (share < habits.workday_share)
    return {0, 1, 2, 3, 4};
  if (share < habits.workday_share + habits.weekend_share)
    return {5, 6};
  return {0, 1, 2, 3, 4, 5, 6};
}

/// @param number  position among the home's clock habits; decides the weekdays, and whether
///                the habit stops or drifts.
void planner::add_clock(const std::string& name, int number, int time, turn to,
                        random_stream& random) {
  const auto& options = plan_.options();
  const auto& habits = options.habits;
  const auto entity = add(random.chance(0.5) ? sort::light : sort::appliance, random);
  const int from_end = habits.clock - 1 - number;
  planted_truth truth{.id = name,
                      .kind = truth_kind::clock,
                      .entities = {id(entity)},
                      .turns = {to},
                      .time = time % (24 * seconds_per_hour),
                      .sd_minutes = draw(random, habits.clock_sd),
                      .adherence = draw(random, habits.clock_adherence),
                      .weekdays = weekdays_for(number, habits.clock, habits)};
  if (from_end < habits.stopping)
    truth.stops = options.first_date + options.days * 2 / 3;
  else if (from_end < habits.stopping + habits.drifting)
    truth.drift_minutes = 1;
  plan_.truth.planted.push_back(std::move(truth));
  plan_.clocks.push_back({entity, plan_.truth.planted.size() - 1});
  if (habits.noise_per_day > 0)
    add_noise(entity, habits.noise_per_day, 4 * 60);
}

void planner::plan_clocks() {
  auto random = stream(1);
  const auto& habits = plan_.options().habits;
  const auto whole_minute = [&](double from, double to) {
    return static_cast<int>(random.uniform(from, to) * 60) * 60;
  };
  for (int i = 0; i < habits.clock; ++i) {
    const bool off = (i + 0.5) / habits.clock > 1 - habits.off_share;
    // What turns off at a time was turned on up to six hours before, on the same day.
    add_clock(fmt::format("clock-{}", i + 1), i,
              off ? whole_minute(11, 25) : whole_minute(5.5, 25),
              off ? turn::off : turn::on, random);
  }
  for (int i = 0; i < habits.shared_clock_pairs; ++i) {
    const auto time = whole_minute(6, 23);
    for (const auto* part : {"a", "b"})
      add_clock(fmt::format("shared-{}.{}", i + 1, part), habits.clock - 1, time,
                turn::on, random);
  }
}

/// What becomes of a family of triggers besides its truths. All members have one cause, so
/// any pair is a real regularity, except that nothing turns on what turned it on.
void planner::add_neutral(const std::vector<entity_index>& family,
                          const std::vector<int>& parents) {
  const auto is_ancestor = [&](int elder, int of) {
    for (int at = parents[static_cast<std::size_t>(of)]; at >= 0;
         at = parents[static_cast<std::size_t>(at)])
      if (at == elder)
        return true;
    return false;
  };
  const int count = static_cast<int>(family.size());
  for (int a = 0; a < count; ++a)
    for (int b = 0; b < count; ++b)
      for (const auto from : {turn::off, turn::on})
        for (const auto to : {turn::off, turn::on}) {
          const bool both_on = from == turn::on && to == turn::on;
          const bool planted = both_on && parents[static_cast<std::size_t>(b)] == a;
          if (a == b || planted || (both_on && is_ancestor(b, a)))
            continue;
          plan_.truth.neutral.push_back({{id(family[static_cast<std::size_t>(a)]),
                                          id(family[static_cast<std::size_t>(b)])},
                                         {from, to}});
        }
}

/// @param parents  by member of the family, which member triggers it; -1 for the first.
void planner::add_family(const std::string& name, const std::vector<int>& parents,
                         random_stream& random) {
  const auto& habits = plan_.options().habits;
  std::vector<entity_index> family;
  for (std::size_t i = 0; i < parents.size(); ++i) {
    if (parents[i] < 0) {
      family.push_back(add(random.chance(0.6) ? sort::motion : sort::door, random));
      add_noise(family.back(), draw(random, habits.trigger_per_day), 60, 12 * 60);
      continue;
    }
    const auto source = family[static_cast<std::size_t>(parents[i])];
    family.push_back(add(random.chance(0.6) ? sort::light : sort::appliance, random));
    add_noise(family.back(), 1, 3 * 60);
    auto& truths = plan_.truth.planted;
    truths.push_back({.id = parents.size() == 2 ? name : fmt::format("{}.{}", name, i),
                      .kind = truth_kind::trigger,
                      .entities = {id(source), id(family.back())},
                      .turns = {turn::on, turn::on},
                      .probability = draw(random, habits.trigger_probability),
                      .lag_median = draw(random, habits.trigger_lag),
                      .lag_sigma = habits.lag_sigma});
    plan_.responses.push_back(
      {.source = source, .target = family.back(), .truth = truths.size() - 1});
  }
  add_neutral(family, parents);
}

void planner::plan_triggers() {
  auto random = stream(2);
  const auto& habits = plan_.options().habits;
  for (int i = 0; i < habits.triggers; ++i)
    add_family(fmt::format("trigger-{}", i + 1), {-1, 0}, random);
  for (int i = 0; i < habits.chains; ++i)
    add_family(fmt::format("chain-{}", i + 1), {-1, 0, 1}, random);
  for (int i = 0; i < habits.forks; ++i)
    add_family(fmt::format("fork-{}", i + 1), {-1, 0, 0}, random);
}

void planner::plan_uses() {
  auto random = stream(7);
  const auto& habits = plan_.options().habits;
  for (int i = 0; i < habits.durations + habits.programmes; ++i) {
    const bool is_programme = i >= habits.durations;
    const auto entity = add(sort::appliance, random);
    const double sigma = draw(random, habits.length_sigma);
    const double shorter = 600 * std::exp(random.uniform(0, std::log(6))); // to an hour
    const double longer = is_programme ? shorter * random.uniform(2.5, 4) : 0;
    plan_.noises.push_back(
      {.entity = entity,
       .per_day = is_programme ? 0.8 : draw(random, habits.uses_per_day),
       .hold_median = shorter,
       .hold_sigma = is_programme ? std::min(sigma, 0.06) : sigma,
       .min_gap = 2 * std::max(shorter, longer),
       .other_hold_median = longer});
    planted_truth truth{.id = fmt::format("duration-{}", i + 1),
                        .kind = truth_kind::duration,
                        .entities = {id(entity)},
                        .turns = {turn::off}};
    truth.lengths = {shorter};
    if (is_programme)
      truth.lengths.push_back(longer);
    truth.length_sigma = plan_.noises.back().hold_sigma;
    plan_.truth.planted.push_back(std::move(truth));
  }
}

void planner::plan_noise() {
  auto random = stream(3);
  const auto& wanted = plan_.options().distractors;
  for (int i = 0; i < wanted.noise; ++i) {
    const auto entity = add(
      std::array{sort::light, sort::motion, sort::door, sort::appliance}[random.below(4)],
      random);
    add_noise(entity, draw(random, wanted.noise_per_day), 3 * 60);
    if (i < wanted.flaky) {
      plan_.flaky.push_back(entity);
      add_distractor("flaky", {entity});
    }
  }
  for (int i = 0; i < wanted.bursty; ++i) {
    plan_.bursty.push_back(add(sort::motion, random));
    add_noise(plan_.bursty.back(), 2, 60);
    add_distractor("burst", {plan_.bursty.back()});
  }
}

void planner::plan_machines() {
  auto random = stream(4);
  const auto& wanted = plan_.options().distractors;
  for (int i = 0; i < wanted.reporters; ++i) {
    plan_.ticking.push_back(
      {.entity = add(sort::pump, random), .period = 60, .jitter = 0.003});
    add_distractor("reporter", {plan_.ticking.back().entity});
  }
  for (int i = 0; i < wanted.periodic; ++i) {
    plan_.ticking.push_back({.entity = add(sort::pump, random),
                             .period = 37 * 60,
                             .jitter = 0.005,
                             .hold = 540});
    add_distractor("periodic", {plan_.ticking.back().entity});
  }
  for (int i = 0; i < wanted.automation_pairs; ++i) {
    const auto source = add(sort::door, random);
    const auto target = add(sort::light, random);
    add_noise(source, 6, 60, 600);
    plan_.automations.push_back({.id = fmt::format("automation.follow_door_{}", i + 1),
                                 .source = source,
                                 .target = target});
    add_distractor("automation", {source, target});
  }
  for (int i = 0; i < wanted.timed_automations; ++i) {
    const auto target = add(sort::light, random);
    plan_.automations.push_back(
      {.id = fmt::format("automation.evening_light_{}", i + 1),
       .source = std::nullopt,
       .target = target,
       .time = 17 * seconds_per_hour + 900 * static_cast<int>(random.below(16))});
    add_distractor("timed automation", {target});
  }
  for (int i = 0; i < wanted.groups; ++i) {
    group_behaviour group{.group = add(sort::light, random), .members = {}, .per_day = 4};
    std::string members;
    for (int j = 0; j < 3; ++j) {
      group.members.push_back(add(sort::light, random));
      members += fmt::format("{}\"{}\"", j ? "," : "", id(group.members.back()));
    }
    plan_.entities[group.group].details += fmt::format(R"(,"entity_id":[{}])", members);
    auto all = group.members;
    all.insert(all.begin(), group.group);
    add_distractor("group", all);
    plan_.groups.push_back(std::move(group));
  }
  for (int i = 0; i < wanted.climate; ++i)
    plan_.climates.push_back(add(sort::climate, random));
}

/// Numeric sensors take all entities left, and share out the wanted number of rows at 30 to
/// 300 s each; where that is too many, the last of them report every half an hour.
void planner::plan_numbers() {
  auto random = stream(5);
  const auto& options = plan_.options();
  const auto left = options.entities - static_cast<int>(plan_.entities.size());
  auto rows_left = options.events_per_day;
  for (int i = 0; i < left; ++i) {
    const auto share = std::max(rows_left, 0.0) / (left - i);
    const auto wanted = 86'400 / std::max(share, 1.0) * random.uniform(0.8, 1.25);
    const bool slow = rows_left < 86'400.0 / 300;
    const auto period = slow ? 1800 : std::clamp(wanted, 30.0, 300.0);
    plan_.numbers.push_back(
      {.entity = add(sort::number, random), .period = period, .jitter = 0.1});
    rows_left -= 86'400 / period;
  }
}

void planner::plan_downtimes() {
  auto random = stream(6);
  const auto& options = plan_.options();
  const auto& wanted = options.distractors;
  auto& downtimes = plan_.downtimes;
  for (int i = 0; i < wanted.restarts + wanted.outages; ++i) {
    const bool outage = i >= wanted.restarts;
    const auto seconds =
      outage ? random.uniform(2, 10) * seconds_per_hour : random.uniform(60, 150);
    const auto day = options.first_date +
                     static_cast<int>(random.below(static_cast<unsigned>(options.days)));
    const auto span = plan_.calendar.span_of(day);
    const auto length =
      std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)};
    const auto room = (span.end - span.begin - length).count() - 600'000;
    const auto begin = span.begin + std::chrono::milliseconds{
                                      300'000 + static_cast<std::int64_t>(random.below(
                                                  static_cast<std::uint64_t>(room)))};
    downtimes.push_back({begin, begin + length, outage});
  }
  std::sort(downtimes.begin(), downtimes.end(),
            [](const auto& a, const auto& b) { return a.begin < b.begin; });
  constexpr auto apart = std::chrono::minutes{10};
  std::vector<downtime> kept;
  for (const auto& each : downtimes)
    if (kept.empty() || each.begin >= kept.back().end + apart)
      kept.push_back(each);
  downtimes = std::move(kept);

  plan_.guests.assign(static_cast<std::size_t>(options.days), false);
  for (int i = 0; i < wanted.guest_days; ++i)
    plan_.guests[random.below(plan_.guests.size())] = true;
}

} // namespace

expected<home_plan> plan_home(const simulation_options& options) {
  auto calendar = home_calendar::open(options.time_zone);
  if (!calendar)
    return calendar.error();
  if (options.days < 1)
    return make_error(ec::invalid_input,
                      fmt::format("days: {} is less than 1", options.days));
  home_plan plan{.truth = {.options = options}, .calendar = std::move(*calendar)};
  planner steps{plan};
  steps.plan_clocks();
  steps.plan_triggers();
  steps.plan_noise();
  steps.plan_machines();
  steps.plan_uses();
  if (const auto taken = static_cast<int>(plan.entities.size()); taken > options.entities)
    return make_error(
      ec::invalid_input,
      fmt::format("entities: {} are too few, habits and distractors take {}",
                  options.entities, taken));
  steps.plan_numbers();
  steps.plan_downtimes();
  return plan;
}

} // namespace habitd
