#pragma once

#include "actors/mqtt/topics.hpp"
#include "messages/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace habitd {

enum class mqtt_verb : std::uint8_t { analyze, refresh, log };

/// Somebody on the broker asks for something.
struct mqtt_command {
  mqtt_verb verb{};
  std::string id{};    // that its sender gave, to know the answer by; may be empty
  std::string level{}; // of log
  bool operator==(const mqtt_command&) const = default;
};

/// What a message is to us.
enum class mqtt_route : std::uint8_t {
  command, // ours to parse
  birth,   // Home Assistant has started
  none,
};

/// @param payload  any bytes of any size.
mqtt_route route_of(const mqtt_topics& topics, const std::string& birth_payload,
                    std::string_view topic, std::string_view payload);

/// Commands take nothing, a word ("PRESS"; of log: the level), or a JSON object with "id" and,
/// of log, "level".
/// @errors ec::invalid_input in words that quote nothing of the payload.
expected<mqtt_command> parse_command(const mqtt_topics& topics, std::string_view topic,
                                     std::string_view payload);

/// "analyze", "refresh", "log".
std::string_view verb_word(mqtt_verb verb);

/// The name below the command topic; empty if `topic` is not there.
std::string_view command_name(const mqtt_topics& topics, std::string_view topic);

/// What became of a command, published on the topic of its results.
struct command_answer {
  std::string status{};  // accepted, done, busy, unavailable, refused, invalid, failed
  std::string message{}; // for people
  std::string job{};     // that it began, or that runs instead
  bool operator==(const command_answer&) const = default;
};

std::string to_json(const mqtt_command& command, const command_answer& answer);

} // namespace habitd
