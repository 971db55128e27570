#pragma once

#include <chrono>
#include <cstddef>

namespace habitd {

/// What one client may take. Sizes after OWASP API4:2023, deadlines against slow senders.
struct http_limits {
  std::size_t header_bytes = 8 * 1024; // request line included
  std::size_t header_fields = 100;
  std::size_t target_bytes = 2 * 1024;
  std::size_t body_bytes = 256 * 1024;
  std::size_t connections = 64;
  std::size_t connections_per_address = 16;
  std::size_t bad_tokens_per_minute = 10;

  std::chrono::milliseconds header{
    5'000}; // from the connection or the header's first byte
  std::chrono::milliseconds body{15'000};   // also for the client to take our answer
  std::chrono::milliseconds idle{30'000};   // between two requests of a connection
  std::chrono::milliseconds answer{10'000}; // for a handler, then 503
  std::chrono::milliseconds stop{2'000};    // for answers under way when stopping
  std::chrono::milliseconds linger{500};    // for the client to read our last words
  /// A full house closes the connection that has sent no request for longest, if for this
  /// long, to make room: held-open sockets then can't shut out anybody who speaks. With 16
  /// places, 800 new connections a second from its own address leave a client its own.
  std::chrono::milliseconds evict_after{20};
};

} // namespace habitd
