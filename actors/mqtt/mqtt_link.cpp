#include "actors/mqtt/mqtt_link.hpp"

#include "actors/mqtt/home_summary.hpp"
#include "actors/mqtt/job_messages.hpp"
#include "actors/runtime/failure_handlers.hpp"
#include "messages/log_of.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 5s;
constexpr int idle_looks_before_leaving = 2;
constexpr auto shortest_wait = 250ms;
constexpr auto longest_wait = 8'000ms;
constexpr std::size_t longest_payload = 2048; // longer ones are nothing to us anyway
constexpr std::size_t most_unsent = 64;

spdlog::logger& mqtt_log() {
  return log_of(log_area::mqtt);
}

} // namespace

std::chrono::milliseconds wait_to_connect(std::uint64_t attempts, double random) {
  const auto doublings =
    std::min<std::uint64_t>(std::max<std::uint64_t>(attempts, 1) - 1, 10);
  const auto wait =
    std::min<std::chrono::milliseconds>(shortest_wait * (1 << doublings), longest_wait);
  return std::chrono::round<std::chrono::milliseconds>(wait * (1 + 0.2 * random));
}

void mqtt_state::open() {
  broker_options options{with.settings, with.settings.client_id, {}};
  if (options.client_id.empty())
    options.client_id = with.device.id;
  if (with.settings.live)
    options.will = {topics.status, "offline", true};
  const auto weak = caf::actor_cast<caf::weak_actor_ptr>(self);
  const auto tell = [weak](auto message) { // the connection must not keep the actor alive
    if (const auto strong = weak.lock())
      caf::anon_send(caf::actor_cast<caf::actor>(strong), std::move(message));
  };
  const auto number = ++connection_number;
  broker_events events;
  events.up = [=](bool resumed) { tell(broker_up{number, resumed}); };
  events.down = [=](const std::string& why) { tell(broker_down{number, why}); };
  events.message = [=](const broker_message& said) {
    tell(broker_says{std::string{said.topic},
                     std::string{said.payload.substr(0, longest_payload)},
                     said.retained});
  };
  with.outlet->on_waiting([=] { tell(want_broker{}); });
  auto made = with.open(options, std::move(events));
  if (!made) {
    mqtt_log().error("mqtt: {}", describe(made.error()));
    with.status->update([&](mqtt_figures& of) { of.problem = describe(made.error()); });
    return;
  }
  connection = std::move(*made);
  if (with.settings.live)
    connect();
}

void mqtt_state::connect() {
  if (!connection || connected || connecting)
    return;
  connecting = true;
  if (const auto failed = connection->connect()) {
    connecting = false;
    retry(describe(failed));
  }
}

void mqtt_state::up(const broker_up& news) {
  if (news.connection != connection_number)
    return;
  connecting = false;
  connected = true;
  attempts = 0;
  idle_looks = 0;
  with.status->update([&](mqtt_figures& of) {
    of.connected = true;
    of.since = with.clock->now();
    of.problem.clear();
    ++of.connects;
    of.resumed += news.resumed ? 1 : 0;
  });
  mqtt_log().info("connected to {}{}", with.settings.url,
                  news.resumed ? ", whose session goes on" : "");
  if (with.settings.live) {
    std::vector<std::string> filters{topics.commands + "/+"};
    if (with.settings.discovery)
      filters.push_back(topics.birth);
    if (const auto failed = connection->subscribe(filters))
      mqtt_log().warn("mqtt: subscribe: {}", describe(failed));
  }
  announce();
  for (const auto& what : std::exchange(unsent, {}))
    publish(what);
  with.outlet->up(connection);
}

void mqtt_state::down(const broker_down& news) {
  if (news.connection != connection_number || (!connected && !connecting))
    return;
  with.outlet->down();
  if (std::exchange(connected, false))
    with.status->update([](mqtt_figures& of) { ++of.losses; });
  connecting = false;
  retry(news.why);
}

void mqtt_state::retry(const std::string& why) {
  const auto wait =
    wait_to_connect(++attempts, std::uniform_real_distribution{0.0, 1.0}(random));
  if (attempts == 1)
    mqtt_log().warn("no connection to {}: {}", with.settings.url, why);
  with.status->update([&](mqtt_figures& of) {
    if (std::exchange(of.connected, false) || of.since == wall_time{})
      of.since = with.clock->now();
    of.problem = why;
  });
  self->delayed_send(self, wait, connect_again{++timer});
}

void mqtt_state::leave() {
  with.outlet->down();
  connected = false;
  connection->leave();
  with.status->update([&](mqtt_figures& of) {
    of.connected = false;
    of.since = with.clock->now();
  });
}

mqtt_state::~mqtt_state() {
  if (!with.outlet) // it never began
    return;
  with.outlet->on_waiting({});
  if (connected && with.settings.live)
    publish({topics.status, "offline", true}); // leaving in order, there is no last will
  if (connection)
    leave();
}

void mqtt_state::announce() {
  const bool shown = with.settings.discovery;
  publish(
    {topics.discovery,
     shown ? discovery_payload(with.device, topics, with.settings.live) : std::string{},
     true});
  publish_state(true);
  if (with.settings.live)
    publish({topics.status, "online", true});
}

void mqtt_state::publish(const mqtt_publication& what) {
  const auto failed = connection->publish(what, [topic = what.topic](const error& how) {
    if (how)
      mqtt_log().warn("the broker did not take {}: {}", topic, describe(how));
  });
  if (failed)
    mqtt_log().warn("{} not published: {}", what.topic, describe(failed));
}

/// @param again  also if nothing changed.
void mqtt_state::publish_state(bool again) {
  auto summary = read_summary(*with.store);
  if (!summary)
    return mqtt_log().warn("mqtt: {}", describe(summary.error()));
  if (with.log_level)
    summary->log_level = with.log_level();
  auto state = to_json(*summary);
  if (!again && state == shown_state)
    return;
  publish({topics.state, state, true});
  shown_state = std::move(state);
}

void mqtt_state::look() {
  self->delayed_send(self, look_every, look_at_jobs{});
  stage_messages();
  if (connected)
    publish_state(false);
  if (connected && !with.settings.live)
    leave_if_idle();
}

/// Tells of the jobs that ended: through the outbox, so that no restart loses it.
void mqtt_state::stage_messages() {
  batch changes;
  const auto staged = stage_job_messages(changes, *with.store, "mqtt", with.clock->now());
  if (!staged)
    return mqtt_log().warn("mqtt: {}", describe(staged.error()));
  if (!*staged)
    return;
  if (auto failed = with.store->db->write(std::move(changes)))
    return mqtt_log().warn("mqtt: {}", describe(failed));
  if (with.outbox)
    self->send(with.outbox, outbox_changed{});
}

void mqtt_state::leave_if_idle() {
  idle_looks = with.outlet->is_wanted() ? 0 : idle_looks + 1;
  if (idle_looks > idle_looks_before_leaving)
    leave();
}

void mqtt_state::hear(const broker_says& message) {
  switch (route_of(topics, with.settings.birth_payload, message.topic, message.payload)) {
  case mqtt_route::command:
    return take(message);
  case mqtt_route::birth:
    if (connected) {
      mqtt_log().info("Home Assistant has started");
      announce();
    }
    return;
  case mqtt_route::none:
    with.status->update([](mqtt_figures& of) { ++of.ignored; });
  }
}

void mqtt_state::take(const broker_says& message) {
  const auto command = parse_command(topics, message.topic, message.payload);
  if (!command) {
    mqtt_log().warn("a command that makes no sense: {}", describe(command.error()));
    with.status->update([](mqtt_figures& of) { ++of.commands[{"unknown", "invalid"}]; });
    // Without an answer: who sends nonsense to every topic would get as much back.
    return;
  }
  if (message.retained) { // it would be carried out with every connection
    mqtt_log().warn("a retained {} command is not carried out", verb_word(command->verb));
    with.status->update([](mqtt_figures& of) { ++of.ignored; });
    return;
  }
  const auto decided = desk.admit(*command, self->clock().now());
  if (decided.answer)
    answer(*command, *decided.answer);
  if (!decided.carry_out)
    return;
  const auto weak = caf::actor_cast<caf::weak_actor_ptr>(self);
  with.carry_out(*command, [weak, command = *command](command_answer said) {
    if (const auto strong = weak.lock())
      caf::anon_send(caf::actor_cast<caf::actor>(strong),
                     command_went{command, std::move(said)});
  });
}

void mqtt_state::answer(const mqtt_command& command, const command_answer& said) {
  desk.answered(command, said);
  with.status->update([&](mqtt_figures& of) {
    ++of.commands[{std::string{verb_word(command.verb)}, said.status}];
  });
  mqtt_publication what{topics.results + "/" + std::string{verb_word(command.verb)},
                        to_json(command, said), false};
  if (connected)
    return publish(what);
  unsent.push_back(std::move(what));
  if (unsent.size() > most_unsent)
    unsent.erase(unsent.begin());
}

mqtt_self::behavior_type mqtt_link(mqtt_self::stateful_pointer<mqtt_state> self,
                                   mqtt_parts with) {
  install_failure_handlers(self);
  auto& state = self->state;
  state.with = std::move(with);
  state.topics = topics_of(state.with.settings, state.with.device.id);
  state.random.seed(state.with.seed);
  state.with.status->update(
    [&state](mqtt_figures& of) { of.live = state.with.settings.live; });
  state.open();
  self->send(self, look_at_jobs{});
  return {
    [&state](want_broker) {
      state.idle_looks = 0;
      state.connect();
    },
    [&state](const broker_up& news) { state.up(news); },
    [&state](const broker_down& news) { state.down(news); },
    [&state](const broker_says& message) { state.hear(message); },
    [&state](connect_again msg) {
      if (msg.attempt == state.timer)
        state.connect();
    },
    [&state](look_at_jobs) { state.look(); },
    [&state](const command_went& went) {
      state.answer(went.command, went.answer);
      if (went.command.verb == mqtt_verb::log && state.connected)
        state.publish_state(false);
    },
  };
}

} // namespace habitd
