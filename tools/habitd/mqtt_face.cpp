#include "tools/habitd/mqtt_face.hpp"

#include "actors/mqtt/paho_broker.hpp"
#include "actors/runtime/supervisor.hpp"
#include "storage/json_time.hpp"
#include "tools/habitd/version.hpp"

#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <cctype>
#include <random>

namespace habitd {

namespace {

using namespace std::chrono_literals;

/// A home's broker is never given up: what waits for it costs little.
delivery_policy broker_policy() {
  delivery_policy policy;
  policy.max_backoff = 30s;
  policy.max_age = 7 * 24h;
  policy.max_attempts = UINT32_MAX;
  return policy;
}

metric counter(const char* name, const char* help, std::uint64_t value) {
  return {name, help, metric_kind::counter, {{{}, static_cast<double>(value)}}, {}};
}

} // namespace

mqtt_face::mqtt_face(caf::actor_system& system, parts with)
    : system_{system}, with_{std::move(with)} {}

notified_targets mqtt_face::targets() const {
  notified_targets targets;
  targets.emplace(
    "mqtt",
    notified_target{mqtt_target(outlet_, topics_of(with_.settings, with_.device.id), {},
                                stopping_.get_token()),
                    broker_policy()});
  return targets;
}

void mqtt_face::start(const outbox_actor& outbox, carry_out_command carry_out) {
  mqtt_parts parts;
  parts.settings = with_.settings;
  parts.device = with_.device;
  parts.open = open_paho_broker;
  parts.store = with_.store;
  parts.clock = with_.clock;
  parts.outlet = outlet_;
  parts.status = status_;
  parts.outbox = outbox;
  parts.carry_out = std::move(carry_out);
  parts.log_level = with_.log_level;
  parts.seed = with_.spawn.seed ? *with_.spawn.seed : std::random_device{}();
  supervisor_ = caf::actor_cast<caf::actor>(supervise<mqtt_actor>(
    system_, with_.board, "mqtt", with_.spawn.restarts,
    [parts, detached = with_.spawn.own_threads](parent_ptr parent) {
      return detached ? parent->spawn<caf::detached>(mqtt_link, parts)
                      : parent->spawn(mqtt_link, parts);
    }));
}

std::vector<caf::actor> mqtt_face::supervisors() const {
  return supervisor_ ? std::vector{supervisor_} : std::vector<caf::actor>{};
}

void mqtt_face::stop() {
  stop_waiting();
  if (!supervisor_)
    return;
  caf::scoped_actor self{system_};
  self->send_exit(supervisor_, caf::exit_reason::user_shutdown);
  self->wait_for(supervisor_);
  supervisor_ = nullptr;
}

mqtt_device device_of(const std::string& install_id) {
  auto id = "habitd_" + install_id.substr(0, 16);
  std::replace_if(
    id.begin(), id.end(),
    [](char c) {
      return !std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-';
    },
    '_');
  return {id, "habitd", version, {}};
}

boost::json::object mqtt_health(const mqtt_figures& figures) {
  const bool well = figures.connected || !figures.live;
  boost::json::object health{{"state", well ? "ok" : "degraded"},
                             {"connected", figures.connected},
                             {"since", instant_json(figures.since)}};
  if (!well)
    health["problem"] = figures.problem.empty() ? "not connected yet" : figures.problem;
  return health;
}

void add_mqtt_metrics(std::vector<metric>& to, const mqtt_figures& figures) {
  to.push_back({"habitd_mqtt_connected",
                "1 if habitd is connected to the broker.",
                metric_kind::gauge,
                {{{}, figures.connected ? 1.0 : 0.0}},
                {}});
  to.push_back(counter("habitd_mqtt_connects_total", "Connections to the broker.",
                       figures.connects));
  to.push_back(counter("habitd_mqtt_sessions_resumed_total",
                       "Connections whose session the broker had kept.",
                       figures.resumed));
  to.push_back(counter("habitd_mqtt_losses_total",
                       "Connections to the broker that were lost.", figures.losses));
  to.push_back(counter("habitd_mqtt_ignored_total",
                       "Messages that were not for habitd, or retained commands.",
                       figures.ignored));
  metric commands{"habitd_mqtt_commands_total",
                  "Commands by name and what was answered.",
                  metric_kind::counter,
                  {},
                  {}};
  for (const auto& [what, count] : figures.commands)
    commands.values.push_back(
      {{{"command", what.first}, {"status", what.second}}, static_cast<double>(count)});
  to.push_back(std::move(commands));
}

} // namespace habitd
