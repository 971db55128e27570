#include "actors/mqtt/command.hpp"

#include <boost/json.hpp>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace habitd {

namespace {

namespace json = boost::json;

constexpr std::size_t largest_command = 1024;
constexpr std::size_t longest_id = 64;
constexpr std::array<std::string_view, 3> verbs{"analyze", "refresh", "log"};
constexpr std::array<std::string_view, 4> levels{"debug", "info", "warning", "error"};

error wrong(std::string text) {
  return make_error(ec::invalid_input, std::move(text));
}

/// An id is sent back, so it is made of harmless characters only.
bool is_id(std::string_view text) {
  const auto good = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' ||
           c == '.' || c == ':';
  };
  return text.size() <= longest_id && std::all_of(text.begin(), text.end(), good);
}

/// A field that is text or not there.
expected<std::string> text_field(simdjson::dom::object object, const char* name) {
  simdjson::dom::element field;
  if (object[name].get(field) != simdjson::SUCCESS)
    return std::string{};
  std::string_view text;
  if (field.get_string().get(text) != simdjson::SUCCESS)
    return wrong(std::string{name} + " is to be a string");
  return std::string{text};
}

expected<mqtt_command> parse_object(mqtt_command command, std::string_view payload) {
  simdjson::dom::parser parser{largest_command + simdjson::SIMDJSON_PADDING};
  const simdjson::padded_string text{payload};
  simdjson::dom::element root;
  simdjson::dom::object object;
  if (parser.parse(text).get(root) != simdjson::SUCCESS ||
      root.get_object().get(object) != simdjson::SUCCESS)
    return wrong("the payload is no JSON object");
  auto id = text_field(object, "id");
  auto level = text_field(object, "level");
  if (!id || !level)
    return !id ? id.error() : level.error();
  if (!is_id(*id))
    return wrong("id takes up to 64 letters, digits, dots, colons, _ and -");
  command.id = std::move(*id);
  command.level = std::move(*level);
  return command;
}

bool is_equal_but_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

} // namespace

std::string_view verb_word(mqtt_verb verb) {
  return verbs.at(static_cast<std::size_t>(verb));
}

std::string_view command_name(const mqtt_topics& topics, std::string_view topic) {
  if (topic.size() <= topics.commands.size() + 1 || !topic.starts_with(topics.commands) ||
      topic[topics.commands.size()] != '/')
    return {};
  return topic.substr(topics.commands.size() + 1);
}

mqtt_route route_of(const mqtt_topics& topics, const std::string& birth_payload,
                    std::string_view topic, std::string_view payload) {
  if (topic == topics.birth)
    return is_equal_but_case(payload, birth_payload) ? mqtt_route::birth
                                                     : mqtt_route::none;
  return command_name(topics, topic).empty() ? mqtt_route::none : mqtt_route::command;
}

expected<mqtt_command> parse_command(const mqtt_topics& topics, std::string_view topic,
                                     std::string_view payload) {
  const auto name = command_name(topics, topic);
  const auto verb = std::find(verbs.begin(), verbs.end(), name);
  if (verb == verbs.end())
    return wrong("there is analyze, refresh and log");
  if (payload.size() > largest_command)
    return wrong("the payload is larger than 1024 bytes");
  mqtt_command command;
  command.verb = static_cast<mqtt_verb>(verb - verbs.begin());
  const bool is_log = command.verb == mqtt_verb::log;
  if (payload.starts_with('{')) {
    auto parsed = parse_object(std::move(command), payload);
    if (!parsed)
      return parsed;
    command = std::move(*parsed);
  } else if (is_log) {
    command.level = payload;
  } else if (!payload.empty() && payload != "PRESS") {
    return wrong("the payload is to be empty, PRESS or a JSON object");
  }
  if (is_log && std::find(levels.begin(), levels.end(), command.level) == levels.end())
    return wrong("level takes debug, info, warning or error");
  if (!is_log)
    command.level.clear();
  return command;
}

std::string to_json(const mqtt_command& command, const command_answer& answer) {
  json::object body{{"command", verb_word(command.verb)}, {"status", answer.status}};
  if (!command.id.empty())
    body["id"] = command.id;
  if (!answer.job.empty())
    body["job"] = answer.job;
  if (!answer.message.empty())
    body["message"] = answer.message;
  return json::serialize(body);
}

} // namespace habitd
