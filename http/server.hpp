#pragma once

#include "http/limits.hpp"
#include "http/message.hpp"
#include "http/token.hpp"
#include "messages/error.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace habitd {

struct server_options {
  std::string address = "127.0.0.1"; // a literal; beyond loopback only with a token
  std::uint16_t port = 8380;         // 0: any free one
  /// Without any, every request is granted all, which is why only loopback may then listen.
  std::vector<access_token> tokens;
  /// Names besides localhost and own addresses, such as "habitd.lan" or, behind a proxy,
  /// "habitd.example:443"; without a port, that of the server.
  std::vector<std::string> allowed_hosts;
  http_limits limits;
};

/// The admin server: HTTP/1.1 on one thread of its own.
class server {
public:
  /// Listens and serves until stopped.
  /// @errors ec::unavailable if the address can't be had, ec::invalid_input for options or
  ///         routes that make no sense, or that would let strangers in.
  static expected<std::unique_ptr<server>> start(server_options options,
                                                 std::vector<route> routes);

  ~server(); // stops; not from a handler
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  std::uint16_t port() const;

  /// Accepts nobody any more, gives answers under way `limits.stop` to finish, closes the
  /// rest. Blocks until done; not from a handler. Stopping twice is fine.
  void stop();

private:
  struct inside;
  explicit server(std::unique_ptr<inside> inside);

  std::unique_ptr<inside> inside_;
};

} // namespace habitd
