#pragma once

#include "config/config.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// One key of the config: all there is to know about it, for reading, showing and the docs.
struct config_key {
  std::string_view path;    // "http.port"
  std::string_view expects; // "a whole number from 1 to 65535"
  std::string_view meaning; // a sentence for the reference
  bool is_list = false;
  /// Not empty: a map, and these are the names it takes. It is a list of "name=value" to
  /// `add`, `values` and variables; `expects` is about the value.
  std::vector<std::string_view> names{};
  bool is_secret = false; // never shown, not even in a message
  std::string_view other_variable{}; // that sets it too; HABITD__… wins over it
  bool is_path = false;   // relative ones start at the directory of the file

  /// Takes the value, of a list one entry; false if it isn't what is expected.
  std::function<bool(config& to, const std::string& text)> add{};
  std::function<void(config& to)> clear{}; // of a list, before its first entry

  /// The values as `add` takes them: one, or the entries of a list.
  std::function<std::vector<std::string>(const config& from)> values{};

  /// Why `add` refused a text, where there is more to say than what is expected.
  std::function<std::string(const std::string& text)> reason{};
};

/// All keys, by section, in the order of the reference.
const std::vector<config_key>& config_keys();

/// Whether everybody who can reach the address is on this machine.
bool is_loopback(const std::string& address);

} // namespace habitd
