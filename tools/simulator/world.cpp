#include "tools/simulator/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace habitd {

namespace {

using act = intent::act;
using std::chrono::milliseconds;

constexpr std::int64_t minute = 60'000;

/// Fills 10 bytes at random after 6 of time, as a ULID has it.
context_id new_context_id(wall_time at, random_stream& random) {
  context_id id{};
  const auto ms = static_cast<std::uint64_t>(at.time_since_epoch().count());
  for (std::size_t i = 0; i < 6; ++i)
    id[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  const auto low = random.next();
  const auto high = random.next();
  for (std::size_t i = 0; i < 8; ++i)
    id[6 + i] = static_cast<std::uint8_t>(low >> (8 * i));
  id[14] = static_cast<std::uint8_t>(high);
  id[15] = static_cast<std::uint8_t>(high >> 8);
  return id;
}

} // namespace

world::world(const home_plan& plan)
    : plan_{plan}, entities_(plan.entities.size()), responses_(plan.entities.size()),
      automations_(plan.entities.size()), groups_(plan.entities.size()),
      planned_(plan.entities.size()) {
  for (std::size_t i = 0; i < plan.responses.size(); ++i)
    responses_[plan.responses[i].source].push_back(i);
  for (std::size_t i = 0; i < plan.automations.size(); ++i)
    if (const auto source = plan.automations[i].source)
      automations_[*source].push_back(i);
  for (const auto& group : plan.groups)
    groups_[group.group] = &group;
  for (const auto entity : plan.climates)
    entities_[entity].on = true;
}

void world::live(local_day day, simulated_day& into) {
  into_ = &into;
  into.day = day;
  into.span = plan_.calendar.span_of(day);
  into.texts.clear();
  into.contexts.clear();
  into.rows.clear();
  random_ = {plan_.options().seed, {99, static_cast<std::uint64_t>(day.number)}};
  for (auto& instants : planned_)
    instants.clear();

  auto today = plan_day(plan_, day, ticks_);
  for (auto& each : today) {
    each.order = ++order_;
    if (each.planned)
      planned_[each.entity].push_back(each.at);
  }
  std::sort(today.begin(), today.end(),
            [](const intent& a, const intent& b) { return is_later{}(b, a); });
  auto next = today.begin();
  for (;;) {
    const bool fresh =
      next != today.end() && (due_.empty() || is_later{}(due_.top(), *next));
    if (!fresh && due_.empty())
      break;
    const auto chosen = fresh ? *next++ : due_.top();
    if (chosen.at >= into.span.end) {
      if (!fresh)
        break; // all others are later still
      due_.push(chosen);
      continue;
    }
    if (!fresh)
      due_.pop();
    happen(chosen);
  }
  into_ = nullptr;
}

void world::happen(const intent& next) {
  switch (next.what) {
  case act::turn_on:
    return turn_on(next);
  case act::turn_off:
    return turn_off(next);
  case act::flip:
    entities_[next.entity].on = !entities_[next.entity].on;
    if (visible(next.entity))
      write(next, simulated_kind::state, state_text(next.entity), context_of(next));
    return;
  case act::report:
  case act::attribute:
    return change_inside(next);
  case act::run:
    return run(next);
  case act::lose:
  case act::regain:
    return lose_or_regain(next);
  case act::stop:
    return stop(next);
  case act::start:
    return start(next);
  case act::started:
    return write_event(next, simulated_kind::started, context_of(next));
  case act::announce:
  case act::restore:
    return appear(next);
  }
}

/// Noise on an entity that has a habit ends before the habit is due, else the habit would
/// find it turned on already.
std::int64_t world::hold_before_plans(const intent& next) const {
  auto hold = next.hold;
  if (!next.planned)
    for (const auto plan : planned_[next.entity])
      if (plan > next.at)
        hold = std::min(hold, (plan - next.at).count() - minute);
  return hold;
}

void world::turn_on(const intent& next) {
  auto& entity = entities_[next.entity];
  const auto hold = hold_before_plans(next);
  if (entity.on || (next.hold > 0 && hold < 2000))
    return;
  entity.on = true;
  ++entity.serial;
  const auto context = context_of(next);
  if (visible(next.entity))
    write(next, simulated_kind::state, state_text(next.entity), context);
  if (hold > 0) {
    intent off{.at = next.at,
               .what = act::turn_off,
               .by_user = next.by_user && random_.chance(0.5),
               .entity = next.entity,
               .serial = entity.serial};
    if (context.automated && context.has_parent)
      off.context = context; // a delay in the same run
    later(off, static_cast<double>(hold) / 1000);
  }
  if (plan_.entities[next.entity].dimmable && random_.chance(0.25))
    later({.at = next.at, .what = act::attribute, .entity = next.entity},
          random_.uniform(5, 90));
  switch_members(next, context, act::turn_on);
  react(next, context);
}

void world::turn_off(const intent& next) {
  auto& entity = entities_[next.entity];
  if (!entity.on || (next.serial != 0 && next.serial != entity.serial))
    return;
  entity.on = false;
  const auto context = context_of(next);
  if (visible(next.entity))
    write(next, simulated_kind::state, state_text(next.entity), context);
  switch_members(next, context, act::turn_off);
}

void world::switch_members(const intent& next, const simulated_context& context,
                           act what) {
  if (const auto* group = groups_[next.entity])
    for (const auto member : group->members)
      later({.at = next.at, .what = what, .entity = member, .context = context},
            random_.uniform(0.05, 0.9));
}

void world::react(const intent& next, const simulated_context& context) {
  for (const auto number : responses_[next.entity]) {
    const auto& response = plan_.responses[number];
    const auto& truth = plan_.truth.planted[response.truth];
    if (!random_.chance(truth.probability))
      continue;
    const auto lag = random_.log_normal(truth.lag_median, truth.lag_sigma);
    const auto hold = random_.log_normal(response.hold_median, 0.5);
    later({.at = next.at,
           .what = act::turn_on,
           .entity = response.target,
           .hold = std::llround(hold * 1000)},
          lag);
  }
  if (!visible(next.entity))
    return; // automations know only what Home Assistant knows
  for (const auto number : automations_[next.entity]) {
    simulated_context of_run{.parent = context.id, .has_parent = true, .automated = true};
    later({.at = next.at,
           .what = act::run,
           .entity = static_cast<entity_index>(number),
           .context = of_run},
          random_.uniform(0.15, 0.8));
  }
}

void world::run(const intent& next) {
  if (!up_)
    return;
  const auto& automation = plan_.automations[next.entity];
  auto context = next.context.value_or(simulated_context{.automated = true});
  context.id = new_context_id(next.at, random_);
  write_event(next, simulated_kind::automation, context);
  const auto hold =
    automation.source ? random_.uniform(240, 480) : random_.uniform(3600, 4 * 3600);
  later({.at = next.at,
         .what = act::turn_on,
         .entity = automation.target,
         .hold = std::llround(hold * 1000),
         .context = context},
        random_.uniform(0.04, 0.4));
}

void world::change_inside(const intent& next) {
  auto& entity = entities_[next.entity];
  const bool number = next.what == act::report;
  const auto step = static_cast<std::int64_t>(1 + random_.below(3));
  const bool up = random_.uniform(-60, 60) > static_cast<double>(entity.value);
  entity.value += up ? step : -step;
  entity.brightness = static_cast<int>(1 + random_.below(255));
  if (!visible(next.entity) || (!number && !entity.on))
    return;
  write(next, number ? simulated_kind::state : simulated_kind::attributes,
        state_text(next.entity), context_of(next));
}

void world::lose_or_regain(const intent& next) {
  auto& entity = entities_[next.entity];
  const bool before = visible(next.entity);
  entity.reachable = next.what == act::regain;
  if (visible(next.entity) != before)
    write(next, simulated_kind::state,
          entity.reachable ? state_text(next.entity) : "unavailable", context_of(next));
}

void world::stop(const intent& next) {
  if (!next.crashed)
    write_event(next, simulated_kind::stop, context_of(next));
  up_ = false;
  for (auto& entity : entities_) {
    entity.known = false;
    entity.recorded.clear();
  }
}

void world::start(const intent& next) {
  up_ = true;
  write_event(next, simulated_kind::start, context_of(next));
  for (entity_index i = 0; i < entities_.size(); ++i)
    later({.at = next.at, .what = act::announce, .entity = i}, random_.uniform(1, 8));
  later({.at = next.at, .what = act::started}, 25);
}

void world::appear(const intent& next) {
  if (next.what == act::announce) {
    write(next, simulated_kind::state, "unavailable", context_of(next));
    return later({.at = next.at, .what = act::restore, .entity = next.entity},
                 random_.uniform(0.5, 12));
  }
  entities_[next.entity].known = true;
  entities_[next.entity].reachable = true;
  write(next, simulated_kind::state, state_text(next.entity), context_of(next));
}

bool world::visible(entity_index entity) const {
  return up_ && entities_[entity].known && entities_[entity].reachable;
}

simulated_context world::context_of(const intent& next) {
  if (next.context)
    return *next.context;
  return {.id = new_context_id(next.at, random_), .by_user = next.by_user};
}

std::string world::state_text(entity_index index) const {
  const auto& what = plan_.entities[index];
  const auto& entity = entities_[index];
  if (!what.on.empty())
    return entity.on ? what.on : what.off;
  return fmt::format("{:.{}f}", what.base + static_cast<double>(entity.value) * what.step,
                     what.step < 1 ? 1 : 0);
}

std::string world::attributes_text(entity_index index, bool restored) const {
  const auto& what = plan_.entities[index];
  const auto& entity = entities_[index];
  auto text = fmt::format(R"({{"friendly_name":"{}"{})", what.name, what.details);
  if (restored)
    text += R"(,"restored":true)";
  else if (what.dimmable && entity.on)
    text += fmt::format(R"(,"brightness":{})", entity.brightness);
  else if (!what.on.empty() && what.step > 0)
    text += fmt::format(R"(,"current_temperature":{:.1f})",
                        what.base + static_cast<double>(entity.value) * what.step);
  return text + "}";
}

void world::write(const intent& next, simulated_kind kind, const std::string& state,
                  const simulated_context& context) {
  auto& entity = entities_[next.entity];
  auto& texts = into_->texts;
  const bool known = !entity.recorded.empty();
  if (kind != simulated_kind::attributes)
    entity.changed = next.at;
  into_->contexts.push_back(context);
  into_->rows.push_back(
    {.at = next.at,
     .changed = entity.changed,
     .kind = kind,
     .before = known ? previous::known : previous::none,
     .entity = next.entity,
     .state = texts.intern(state),
     .old_state = known ? texts.intern(entity.recorded) : 0,
     .attributes = texts.intern(attributes_text(next.entity, next.what == act::announce)),
     .context = static_cast<std::uint32_t>(into_->contexts.size() - 1)});
  entity.recorded = state;
}

void world::write_event(const intent& next, simulated_kind kind,
                        const simulated_context& context) {
  into_->contexts.push_back(context);
  into_->rows.push_back(
    {.at = next.at,
     .changed = next.at,
     .kind = kind,
     .entity = next.entity,
     .context = static_cast<std::uint32_t>(into_->contexts.size() - 1)});
}

void world::later(intent next, double seconds) {
  next.at += milliseconds{std::llround(seconds * 1000)};
  next.order = ++order_;
  due_.push(std::move(next));
}

} // namespace habitd
