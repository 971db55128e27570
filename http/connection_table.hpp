#pragma once

#include "http/limits.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace habitd {

/// Who is connected, and who has to go when the house is full.
class connection_table {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit connection_table(const http_limits& limits) : limits_{limits} {}

  struct verdict {
    bool admitted = false;
    std::optional<std::uint64_t> evicted; // to be closed; already removed here
  };

  /// Takes a place for connection `id`, if need be that of the one that has been waiting
  /// longest: of the same address if that one's share is used up, else of any.
  verdict add(std::uint64_t id, const std::string& address, time_point now);

  void set_waiting(std::uint64_t id, time_point now); // for a request, its body included
  void set_busy(std::uint64_t id);                    // with an answer
  void remove(std::uint64_t id) { connections_.erase(id); }

private:
  struct connection {
    std::string address;
    std::optional<time_point> waiting_since;
  };

  http_limits limits_;
  std::map<std::uint64_t, connection> connections_; // some dozens: scanned as they are
};

} // namespace habitd
