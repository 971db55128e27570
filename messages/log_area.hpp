#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace habitd {

/// What a log line is about; each has a level of its own.
enum class log_area : std::uint8_t {
  analysis,    // jobs
  events,      // readers and the event log
  http,        // server and sessions
  storage,     // the store and RocksDB's own warnings
  schedule,    // what runs when
  supervision, // actors that fail or hang
  notify,      // outbox and alerts
  standards,   // documents that stay fresh
  daemon,      // start, stop, settings
};

/// As settings and log lines name them, in the order of the enum's values.
inline constexpr std::array<std::string_view, 9> log_area_words{
  "analysis",    "events", "http",      "storage", "schedule",
  "supervision", "notify", "standards", "daemon"};

} // namespace habitd
