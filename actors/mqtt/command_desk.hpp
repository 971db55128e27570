#pragma once

#include "actors/mqtt/command.hpp"

#include <array>
#include <chrono>
#include <deque>
#include <optional>
#include <string>

namespace habitd {

/// How many commands of one kind are taken: anybody on the broker can send them.
struct command_limits {
  std::size_t burst = 5;           // at once
  std::chrono::seconds refill{10}; // until there is room for one more
  std::size_t remembered = 64;     // ids, by which repeats are known
};

/// Decides which commands are carried out. A command with an id that was seen is not, but gets
/// the answer that the first one got last; so a sender may repeat it until it is answered.
class command_desk {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit command_desk(command_limits limits = {}) : limits_{limits} {}

  struct decision {
    bool carry_out = false;
    std::optional<command_answer> answer; // what to say now; none: nothing
  };

  decision admit(const mqtt_command& command, time_point now);

  /// What the command was answered, for its repeats.
  void answered(const mqtt_command& command, const command_answer& answer);

private:
  struct bucket {
    std::size_t used = 0;
    time_point since{}; // what `used` counts down from
    bool told = false;  // that too many come; once, or answers would be as many
  };
  struct seen {
    mqtt_verb verb{};
    std::string id;
    std::optional<command_answer> answer;
  };

  seen* find(const mqtt_command& command);
  bool has_room(bucket& of, time_point now) const;

  command_limits limits_;
  std::array<bucket, 3> buckets_; // by verb
  std::deque<seen> seen_;         // oldest first
};

} // namespace habitd
