#pragma once

#include "http/message.hpp"
#include "messages/error.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// A secret that callers present, kept as its hash only.
struct access_token {
  std::string sha256; // of the token, 64 hex digits
  scope grants = scope::admin;
};

/// SHA-256 in 64 lower-case hex digits.
std::string sha256_hex(std::string_view text);

class token_list {
public:
  /// @errors ec::invalid_input for a hash that is not 64 hex digits, or a token that
  ///         grants nothing.
  static expected<token_list> make(const std::vector<access_token>& tokens);

  bool empty() const { return entries_.empty(); }

  /// What a presented token grants; scope::none for an unknown one. Takes as long for any
  /// answer: hashes are compared in constant time, and all of them.
  scope granted(std::string_view presented) const;

private:
  struct entry {
    std::array<unsigned char, 32> hash;
    scope grants;
  };

  std::vector<entry> entries_;
};

/// Counts failures of the last minute.
class failure_limit {
public:
  explicit failure_limit(std::size_t per_minute) : per_minute_{per_minute} {}

  /// Counts one more unless the limit is reached already; then returns false.
  bool add(std::chrono::steady_clock::time_point now);

private:
  std::size_t per_minute_;
  std::deque<std::chrono::steady_clock::time_point> failures_; // at most per_minute_
};

} // namespace habitd
