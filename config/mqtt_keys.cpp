#include "config/section_keys.hpp"

#include "config/key_kinds.hpp"

namespace habitd {

namespace {

/// mqtt://host[:port] or mqtts://host[:port]; credentials have keys of their own.
bool is_broker_url(const std::string& text) {
  const auto scheme = text.starts_with("mqtt://")    ? 7U
                      : text.starts_with("mqtts://") ? 8U
                                                     : 0U;
  if (text.empty())
    return true;
  const auto visible = [](char c) { return c > 0x20 && c < 0x7f; };
  return scheme > 0 && text.size() > scheme &&
         text.find_first_of("/@?#", scheme) == text.npos &&
         std::all_of(text.begin(), text.end(), visible);
}

/// What one may publish to: no wildcards, no empty level, at most 200 bytes.
bool is_topic(const std::string& text) {
  const auto visible = [](char c) { return c > 0x20 && c < 0x7f; };
  return !text.empty() && text.size() <= 200 && text.find_first_of("+#") == text.npos &&
         text.front() != '/' && text.front() != '$' && text.back() != '/' &&
         text.find("//") == text.npos && std::all_of(text.begin(), text.end(), visible);
}

bool is_client_id(const std::string& text) {
  const auto good = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
  };
  return text.size() <= 64 && std::all_of(text.begin(), text.end(), good);
}

std::vector<config_key> broker_keys() {
  constexpr auto versions = std::array{"5", "3.1.1"};
  return {
    text_key(
      "mqtt.url", "a URL like mqtt://host:1883 or mqtts://host:8883",
      "The home's MQTT broker; empty for none.",
      [](auto& c) -> auto& { return c.mqtt.url; }, is_broker_url),
    word_key(
      "mqtt.protocol", "one of 5, 3.1.1", "Version of MQTT to speak.",
      [](auto& c) -> auto& { return c.mqtt.protocol; }, versions),
    text_key(
      "mqtt.username", "a name", "Whom the broker knows habitd as.",
      [](auto& c) -> auto& { return c.mqtt.username; }, any),
    text_key(
      "mqtt.password", "a password", "Password for the broker.",
      [](auto& c) -> auto& { return c.mqtt.password; }, any),
    text_key(
      "mqtt.client_id", "up to 64 letters, digits, _ and -",
      "Name of habitd's session at the broker; by default `habitd_` and the name of the "
      "installation.",
      [](auto& c) -> auto& { return c.mqtt.client_id; }, is_client_id),
    text_key(
      "mqtt.ca", "a path",
      "Certificates (PEM) that vouch for the broker's; by default the system's.",
      [](auto& c) -> auto& { return c.mqtt.ca; }, any),
    text_key(
      "mqtt.certificate", "a path", "Certificate (PEM) that habitd shows to the broker.",
      [](auto& c) -> auto& { return c.mqtt.certificate; }, any),
    text_key(
      "mqtt.key", "a path",
      "Private key (PEM) of that certificate, if it is not in the same file.",
      [](auto& c) -> auto& { return c.mqtt.key; }, any),
    switch_key(
      "mqtt.insecure",
      "Takes any certificate of the broker: only who can't read along is kept out.",
      [](auto& c) -> auto& { return c.mqtt.insecure; }),
  };
}

std::vector<config_key> topic_keys() {
  return {
    switch_key(
      "mqtt.live",
      "Stays connected and hears commands; else habitd connects only to tell what a job "
      "found, and leaves.",
      [](auto& c) -> auto& { return c.mqtt.live; }),
    text_key(
      "mqtt.prefix", "a topic", "Where habitd's own topics begin.",
      [](auto& c) -> auto& { return c.mqtt.prefix; }, is_topic),
    text_key(
      "mqtt.status_prefix", "a topic",
      "Where `analysis_complete` and `refresh_complete` are published.",
      [](auto& c) -> auto& { return c.mqtt.status_prefix; }, is_topic),
    switch_key(
      "mqtt.discovery",
      "Shows habitd as a device in Home Assistant; false takes the device back.",
      [](auto& c) -> auto& { return c.mqtt.discovery; }),
    text_key(
      "mqtt.discovery_prefix", "a topic", "Discovery prefix of Home Assistant.",
      [](auto& c) -> auto& { return c.mqtt.discovery_prefix; }, is_topic),
    text_key(
      "mqtt.birth_topic", "a topic", "Where Home Assistant says that it has started.",
      [](auto& c) -> auto& { return c.mqtt.birth_topic; }, is_topic),
    text_key(
      "mqtt.birth_payload", "a word", "What it says then.",
      [](auto& c) -> auto& { return c.mqtt.birth_payload; }, not_empty),
  };
}

} // namespace

std::vector<config_key> mqtt_keys() {
  auto keys = broker_keys();
  for (auto& key : topic_keys())
    keys.push_back(std::move(key));
  for (auto& key : keys)
    key.is_secret = key.path == "mqtt.password";
  return keys;
}

} // namespace habitd
