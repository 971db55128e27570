#pragma once

#include "actors/mqtt/broker.hpp"
#include "actors/mqtt/command_desk.hpp"
#include "actors/mqtt/discovery.hpp"
#include "actors/mqtt/mqtt_status.hpp"
#include "actors/mqtt/outlet.hpp"
#include "messages/outbox.hpp"
#include "storage/home_store.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>
#include <random>

namespace habitd {

/// Somebody waits to publish.
struct want_broker {};

/// Keeps the connection to the home's broker.
using mqtt_actor = caf::typed_actor<caf::reacts_to<want_broker>>;

// What the connection says, as messages to the actor. `connection` numbers its attempts to
// have one, so that news of an earlier one are known as such.
struct broker_up {
  std::uint64_t connection = 0;
  bool resumed = false;
};
struct broker_down {
  std::uint64_t connection = 0;
  std::string why{};
};
struct broker_says {
  std::string topic{};
  std::string payload{}; // cut off behind what the longest command may have
  bool retained = false;
};

// What the actor tells itself.
struct connect_again {
  std::uint64_t attempt = 0; // stale if another began meanwhile
};
struct look_at_jobs {};
struct command_went {
  mqtt_command command{};
  command_answer answer{};
};

template <class Inspector>
auto inspect(Inspector& f, want_broker&) {
  return f(caf::meta::type_name("want_broker"));
}
template <class Inspector>
auto inspect(Inspector& f, broker_up& x) {
  return f(caf::meta::type_name("broker_up"), x.connection, x.resumed);
}
template <class Inspector>
auto inspect(Inspector& f, broker_down& x) {
  return f(caf::meta::type_name("broker_down"), x.connection, x.why);
}
template <class Inspector>
auto inspect(Inspector& f, broker_says& x) {
  return f(caf::meta::type_name("broker_says"), x.topic, x.payload.size(), x.retained);
}
template <class Inspector>
auto inspect(Inspector& f, connect_again& x) {
  return f(caf::meta::type_name("connect_again"), x.attempt);
}
template <class Inspector>
auto inspect(Inspector& f, look_at_jobs&) {
  return f(caf::meta::type_name("look_at_jobs"));
}

using mqtt_self =
  mqtt_actor::extend<caf::reacts_to<broker_up>, caf::reacts_to<broker_down>,
                     caf::reacts_to<broker_says>, caf::reacts_to<connect_again>,
                     caf::reacts_to<look_at_jobs>, caf::reacts_to<command_went>>;

/// Begins what a command asks for; `answer` may be called from any thread, and once more when
/// what was begun has ended.
using carry_out_command =
  std::function<void(const mqtt_command&, std::function<void(command_answer)> answer)>;

/// What the actor works with.
struct mqtt_parts {
  mqtt_config settings;
  mqtt_device device;
  open_broker open;
  std::shared_ptr<home_store> store;
  std::shared_ptr<const wall_clock> clock;
  std::shared_ptr<mqtt_outlet> outlet;
  std::shared_ptr<mqtt_status> status;
  outbox_actor outbox; // may be null
  carry_out_command carry_out;
  std::function<std::string()> log_level; // as settings name it
  std::uint_fast32_t seed = 1;            // of the jitter
};

/// How long to wait before the next attempt to connect.
/// @param attempts  that failed in a row, at least 1.
/// @param random    uniform in [0, 1).
std::chrono::milliseconds wait_to_connect(std::uint64_t attempts, double random);

struct mqtt_state {
  static constexpr const char* name = "mqtt";
  explicit mqtt_state(mqtt_self::pointer self) : self{self} {}
  ~mqtt_state(); // says goodbye to the broker

  void open();
  void connect();
  void up(const broker_up& news);
  void down(const broker_down& news);
  void retry(const std::string& why);
  void leave();
  void look();
  void stage_messages();
  void leave_if_idle();

  void announce();
  void publish(const mqtt_publication& what);
  void publish_state(bool again);
  void hear(const broker_says& message);
  void take(const broker_says& message);
  void answer(const mqtt_command& command, const command_answer& said);

  mqtt_self::pointer self;
  mqtt_parts with;
  mqtt_topics topics;
  command_desk desk;
  std::minstd_rand random;
  broker_connection_ptr connection; // null: could not be made
  std::uint64_t connection_number = 0;
  std::uint64_t attempts = 0; // that failed since it was last up
  std::uint64_t timer = 0;    // of the next attempt
  bool connecting = false;
  bool connected = false;
  int idle_looks = 0;                   // in batch mode, since anybody wanted anything
  std::string shown_state;              // what was published last
  std::vector<mqtt_publication> unsent; // answers that could not leave yet
};

/// Detached in the daemon: leaving blocks for up to two seconds.
mqtt_self::behavior_type mqtt_link(mqtt_self::stateful_pointer<mqtt_state> self,
                                   mqtt_parts with);

} // namespace habitd

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(habitd::command_went)
