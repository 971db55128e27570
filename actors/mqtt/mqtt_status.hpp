#pragma once

#include "messages/time.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace habitd {

/// How the connection to the broker is, for health and metrics, which don't ask an actor.
struct mqtt_figures {
  bool connected = false;
  bool live = true;    // is to be connected always
  wall_time since{};   // of `connected`
  std::string problem; // why it is not connected; empty if it is
  std::uint64_t connects = 0;
  std::uint64_t resumed = 0; // of these, the broker had kept the session
  std::uint64_t losses = 0;
  std::uint64_t ignored = 0; // messages that were nothing to us
  std::map<std::pair<std::string, std::string>, std::uint64_t>
    commands; // by verb, status
};

/// Thread-safe.
class mqtt_status {
public:
  mqtt_figures figures() const {
    const std::lock_guard lock{mutex_};
    return figures_;
  }

  /// @param change  called with the figures to change.
  template <class Change>
  void update(Change change) {
    const std::lock_guard lock{mutex_};
    change(figures_);
  }

private:
  mutable std::mutex mutex_;
  mqtt_figures figures_;
};

} // namespace habitd
