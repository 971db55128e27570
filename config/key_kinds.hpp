#pragma once

#include "config/config_keys.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

// What the tables of keys are made of: a kind of value, and checks of its text.

namespace habitd {

bool any(const std::string& text);
bool not_empty(const std::string& text);
/// Of entity ids.
bool is_glob(const std::string& text);
/// Of Home Assistant: 32 hexadecimal digits.
bool is_user_id(const std::string& text);
bool is_host(const std::string& text);
bool is_zone_name(const std::string& text);
/// IPv4 or IPv6.
bool is_address(const std::string& text);
/// Empty, or at least 16 visible characters.
bool is_token(const std::string& text);
/// Empty, or with http or https.
bool is_web_url(const std::string& text);
bool is_cron(const std::string& text);

/// Why `is_cron` refused a text; empty if it did not.
std::string why_no_cron(const std::string& text);

/// @param member  gives the field of a config, const or not.
template <class Member>
config_key text_key(std::string_view path, std::string_view expects,
                    std::string_view meaning, Member member,
                    bool (*good)(const std::string&)) {
  config_key key{path, expects, meaning};
  key.add = [=](config& to, const std::string& text) {
    if (!good(text))
      return false;
    member(to) = text;
    return true;
  };
  key.values = [=](const config& from) {
    return std::vector<std::string>{std::string{member(from)}};
  };
  return key;
}

template <class Member>
config_key list_key(std::string_view path, std::string_view expects,
                    std::string_view meaning, Member member,
                    bool (*good)(const std::string&)) {
  config_key key{path, expects, meaning};
  key.is_list = true;
  key.add = [=](config& to, const std::string& text) {
    if (good(text))
      member(to).push_back(text);
    return good(text);
  };
  key.clear = [=](config& to) { member(to).clear(); };
  key.values = [=](const config& from) { return member(from); };
  return key;
}

template <class Member, class Number>
config_key number_key(std::string_view path, std::string_view expects,
                      std::string_view meaning, Member member, Number least,
                      Number most) {
  config_key key{path, expects, meaning};
  key.add = [=](config& to, const std::string& text) {
    Number number{};
    const auto* end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, number);
    if (failed != std::errc{} || stop != end || number < least || number > most)
      return false;
    member(to) = number;
    return true;
  };
  key.values = [=](const config& from) {
    return std::vector<std::string>{std::to_string(member(from))};
  };
  return key;
}

/// @param words  in the order of the enum's values.
template <class Member, class Words>
config_key word_key(std::string_view path, std::string_view expects,
                    std::string_view meaning, Member member, Words words) {
  config_key key{path, expects, meaning};
  key.add = [=](config& to, const std::string& text) {
    const auto found = std::find(words.begin(), words.end(), text);
    if (found == words.end())
      return false;
    auto& field = member(to);
    field = static_cast<std::remove_reference_t<decltype(field)>>(found - words.begin());
    return true;
  };
  key.values = [=](const config& from) {
    const auto number = static_cast<std::size_t>(member(from));
    return std::vector<std::string>{std::string{words.at(number)}};
  };
  return key;
}

/// `true` or `false`.
template <class Member>
config_key switch_key(std::string_view path, std::string_view meaning, Member member) {
  config_key key{path, "true or false", meaning};
  key.add = [=](config& to, const std::string& text) {
    if (text != "true" && text != "false")
      return false;
    member(to) = text == "true";
    return true;
  };
  key.values = [=](const config& from) {
    return std::vector<std::string>{member(from) ? "true" : "false"};
  };
  return key;
}

template <class Member>
config_key cron_key(std::string_view path, std::string_view meaning, Member member) {
  auto key =
    text_key(path, "a cron expression like \"0 3 * * *\"", meaning, member, is_cron);
  key.reason = why_no_cron;
  return key;
}

} // namespace habitd
