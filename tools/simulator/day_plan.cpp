#include "tools/simulator/day_plan.hpp"

#include "tools/simulator/random_stream.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace habitd {

namespace {

using std::chrono::milliseconds;

constexpr int hour = 3600;

/// Which random numbers a step draws; part of the key of its stream.
enum class step : std::uint64_t {
  clock = 100,
  noise,
  burst,
  tick,
  group,
  flaky,
  climate,
  run,
  busy,
};

milliseconds ms_of(double seconds) {
  return milliseconds{static_cast<std::int64_t>(std::llround(seconds * 1000))};
}

class day_planner {
public:
  day_planner(const home_plan& plan, local_day day)
      : plan_{plan}, day_{day}, span_{plan.calendar.span_of(day)},
        age_{day - plan.options().first_date} {
    auto random = stream(step::busy, 0);
    for (auto& begin : busy_)
      begin = active_time(random);
  }

  void plan_clock(const clock_behaviour& habit, std::uint64_t number);
  void plan_noise(const noise_behaviour& noise, std::uint64_t number);
  void plan_burst(entity_index entity);
  void plan_ticks(const std::vector<ticking_behaviour>& entities,
                  std::vector<wall_time>& next, intent::act flip);
  void plan_group(const group_behaviour& group);
  void plan_flaky(entity_index entity);
  void plan_climate(entity_index entity);
  void plan_timed_run(std::size_t automation);
  void plan_downtimes();

  std::vector<intent> take() { return std::move(intents_); }

private:
  random_stream stream(step of, std::uint64_t number) const {
    return {
      plan_.options().seed,
      {static_cast<std::uint64_t>(of), static_cast<std::uint64_t>(day_.number), number}};
  }

  /// @param local  seconds since midnight of the day's date, 3 h … 27 h.
  wall_time instant(double local) const {
    const auto whole = std::floor(local);
    const auto at = plan_.calendar.instant(
                      day_, std::chrono::seconds{static_cast<std::int64_t>(whole)}) +
                    ms_of(local - whole);
    return std::clamp(at, span_.begin, span_.end - milliseconds{1});
  }

  /// People are about in the morning and in the evening.
  double active_time(random_stream& random) const {
    for (;;) {
      const auto hump = random.uniform();
      const auto at = hump < 0.45  ? random.normal(7.5 * hour, 1.25 * hour)
                      : hump < 0.9 ? random.normal(19.5 * hour, 1.7 * hour)
                                   : random.uniform(6 * hour, 24 * hour);
      if (at >= 3 * hour && at < 27 * hour)
        return at;
    }
  }

  double noise_time(random_stream& random) const {
    if (!random.chance(plan_.options().distractors.together))
      return active_time(random);
    const auto begin = busy_[random.below(busy_.size())];
    return std::min(begin + random.uniform(0, 1800), 27.0 * hour - 1);
  }

  double guests() const { return plan_.guests[static_cast<std::size_t>(age_)] ? 3 : 1; }

  const home_plan& plan_;
  local_day day_;
  day_span span_;
  int age_;                      // days since the first
  std::array<double, 5> busy_{}; // local starts of the busy half hours
  std::vector<intent> intents_;
};

void day_planner::plan_clock(const clock_behaviour& habit, std::uint64_t number) {
  auto random = stream(step::clock, number);
  const auto& truth = plan_.truth.planted[habit.truth];
  const auto& weekdays = truth.weekdays;
  if (std::find(weekdays.begin(), weekdays.end(), weekday_of(day_)) == weekdays.end() ||
      (truth.stops && day_ >= *truth.stops) || !random.chance(truth.adherence))
    return;
  auto centre = truth.time + age_ * truth.drift_minutes * 60;
  centre = std::fmod(centre, 24 * hour);
  if (centre < 3 * hour)
    centre += 24 * hour; // after midnight, but of this day
  const auto at = instant(random.normal(centre, truth.sd_minutes * 60));
  // The other turn is spread too widely to be a habit of its own.
  const bool on = truth.turns[0] == turn::on;
  const auto held =
    ms_of(on ? random.uniform(40 * 60, 5 * hour) : random.uniform(hour, 6 * hour));
  intents_.push_back({.at = on ? at : std::max(at - held, span_.begin),
                      .what = intent::act::turn_on,
                      .planned = true,
                      .by_user = random.chance(0.3),
                      .entity = habit.entity,
                      .hold = held.count()});
}

void day_planner::plan_noise(const noise_behaviour& noise, std::uint64_t number) {
  auto random = stream(step::noise, number);
  const bool sensor = plan_.entities[noise.entity].id.starts_with("binary_sensor.");
  std::vector<double> times;
  for (int i = random.poisson(noise.per_day * guests()); i > 0; --i)
    times.push_back(noise_time(random));
  std::sort(times.begin(), times.end());
  auto last = -noise.min_gap;
  for (const auto at : times) {
    if (at < last + noise.min_gap)
      continue;
    last = at;
    const bool is_other = noise.other_hold_median > 0 && random.chance(0.5);
    const auto hold = is_other ? noise.other_hold_median : noise.hold_median;
    intents_.push_back(
      {.at = instant(at),
       .what = intent::act::turn_on,
       .by_user = !sensor && random.chance(0.3),
       .entity = noise.entity,
       .hold = ms_of(random.log_normal(hold, noise.hold_sigma)).count()});
  }
}

void day_planner::plan_burst(entity_index entity) {
  auto random = stream(step::burst, entity);
  if (!random.chance(0.35))
    return;
  const auto begin = random.uniform(8 * hour, 22 * hour);
  for (int i = 0; i < 25; ++i)
    intents_.push_back({.at = instant(begin + random.uniform(0, 600)),
                        .what = intent::act::turn_on,
                        .entity = entity,
                        .hold = ms_of(random.uniform(2, 6)).count()});
}

void day_planner::plan_ticks(const std::vector<ticking_behaviour>& entities,
                             std::vector<wall_time>& next, intent::act flip) {
  const bool first = next.empty();
  next.resize(entities.size());
  for (std::size_t i = 0; i < entities.size(); ++i) {
    const auto& each = entities[i];
    auto random = stream(step::tick, each.entity);
    if (first)
      next[i] = span_.begin + ms_of(random.uniform(0, each.period));
    for (; next[i] < span_.end;
         next[i] += ms_of(each.period * (1 + each.jitter * random.uniform(-1, 1))))
      intents_.push_back({.at = next[i],
                          .what = each.hold > 0 ? intent::act::turn_on : flip,
                          .entity = each.entity,
                          .hold = ms_of(each.hold).count()});
  }
}

void day_planner::plan_group(const group_behaviour& group) {
  auto random = stream(step::group, group.group);
  for (int i = random.poisson(group.per_day * guests()); i > 0; --i)
    intents_.push_back({.at = instant(active_time(random)),
                        .what = intent::act::turn_on,
                        .by_user = true,
                        .entity = group.group,
                        .hold = ms_of(random.log_normal(1200, 0.6)).count()});
}

void day_planner::plan_flaky(entity_index entity) {
  auto random = stream(step::flaky, entity);
  if (!random.chance(0.3))
    return;
  const auto at = instant(random.uniform(4 * hour, 26 * hour));
  intents_.push_back({.at = at, .what = intent::act::lose, .entity = entity});
  intents_.push_back({.at = at + ms_of(random.uniform(300, 3600)),
                      .what = intent::act::regain,
                      .entity = entity});
}

void day_planner::plan_climate(entity_index entity) {
  auto random = stream(step::climate, entity);
  for (int i = 0; i < 30; ++i)
    intents_.push_back({.at = instant(random.uniform(3 * hour, 27 * hour)),
                        .what = intent::act::attribute,
                        .entity = entity});
}

void day_planner::plan_timed_run(std::size_t automation) {
  auto random = stream(step::run, automation);
  const auto at = plan_.automations[automation].time + random.uniform(0.01, 0.2);
  intents_.push_back({.at = instant(at),
                      .what = intent::act::run,
                      .entity = static_cast<entity_index>(automation)});
}

void day_planner::plan_downtimes() {
  if (age_ == 0)
    intents_.push_back({.at = span_.begin, .what = intent::act::start});
  for (const auto& each : plan_.downtimes)
    if (each.begin >= span_.begin && each.begin < span_.end) {
      intents_.push_back(
        {.at = each.begin, .what = intent::act::stop, .crashed = each.crashed});
      intents_.push_back({.at = each.end, .what = intent::act::start});
    }
}

} // namespace

std::vector<intent> plan_day(const home_plan& plan, local_day day, tick_state& ticks) {
  day_planner today{plan, day};
  today.plan_downtimes();
  for (std::size_t i = 0; i < plan.clocks.size(); ++i)
    today.plan_clock(plan.clocks[i], i);
  for (std::size_t i = 0; i < plan.noises.size(); ++i)
    today.plan_noise(plan.noises[i], i);
  for (const auto entity : plan.bursty)
    today.plan_burst(entity);
  today.plan_ticks(plan.ticking, ticks.ticking, intent::act::flip);
  today.plan_ticks(plan.numbers, ticks.numbers, intent::act::report);
  for (const auto& group : plan.groups)
    today.plan_group(group);
  for (const auto entity : plan.flaky)
    today.plan_flaky(entity);
  for (const auto entity : plan.climates)
    today.plan_climate(entity);
  for (std::size_t i = 0; i < plan.automations.size(); ++i)
    if (!plan.automations[i].source)
      today.plan_timed_run(i);
  return today.take();
}

} // namespace habitd
