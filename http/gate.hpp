#pragma once

#include "http/limits.hpp"
#include "http/message.hpp"
#include "http/router.hpp"
#include "http/token.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace habitd {

/// A request before its body is read.
struct request_head {
  std::string method;
  std::string target;
  bool http_1_0 = false;
  std::vector<std::pair<std::string, std::string>>
    fields;                  // names in lower case, in order
  std::string local_address; // the literal address it was sent to
  std::string peer_address;
  bool peer_is_loopback = false;
};

/// A request that may go to its handler once its body is there.
struct admission {
  const route* found = nullptr; // valid as long as the gate
  http_request request;         // without body and correlation id
};

/// Decides which requests come in: framing, size, Host, path, origin, token, in this order,
/// so that nobody without a token learns more than which paths exist.
class gate {
public:
  /// @param own_hosts  names this server answers to, each with its port; the address a
  ///                   request was sent to is added to them, with `port`.
  gate(router routes, std::vector<host_and_port> own_hosts, std::uint16_t port,
       token_list tokens, const http_limits& limits);

  /// An admission, or the answer that refuses the request.
  std::variant<admission, http_response> admit(const request_head& head,
                                               std::chrono::steady_clock::time_point now);

private:
  router routes_;
  std::vector<host_and_port> own_hosts_;
  std::uint16_t port_;
  token_list tokens_;
  http_limits limits_;
  failure_limit bad_tokens_;

  std::optional<http_response> check_token(const request_head& head, scope needs,
                                           std::chrono::steady_clock::time_point now);
};

} // namespace habitd
