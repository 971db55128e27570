#pragma once

#include "http/message.hpp"
#include "messages/error.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// A request target, decoded.
struct target {
  std::string path;                  // percent-encoded, as sent
  std::vector<std::string> segments; // "/a/b%2Fc" is {"a", "b/c"}; "/" is {""}
  std::map<std::string, std::string> query;
};

/// Reads "/path?query".
/// @errors ec::invalid_input for any other form of target, bad escapes, control characters
///         or bad UTF-8 once decoded, "." or ".." segments, and a query name that comes
///         twice (two readers of one request could pick different values).
expected<target> parse_target(std::string_view text);

/// What the table says about a method and path.
struct route_match {
  const route* found = nullptr; // valid as long as the router
  std::map<std::string, std::string> path_parameters;
  std::vector<std::string> allowed; // methods the path takes; empty: no such path
};

class router {
public:
  /// @errors ec::invalid_input for a malformed pattern or two that mean the same.
  static expected<router> make(std::vector<route> routes);

  route_match match(std::string_view method,
                    const std::vector<std::string>& segments) const;

private:
  struct entry {
    route row;
    std::vector<std::string> segments; // of the pattern, parameters with their braces
  };

  std::vector<entry> entries_; // patterns with literals further left first
};

/// The authority in a Host header or an origin.
struct host_and_port {
  std::string host; // lower case; an IPv6 address in its short form, without brackets
  std::optional<std::uint16_t> port;
  bool operator==(const host_and_port&) const = default;
};

/// No value unless `text` is a host with an optional port and nothing else.
std::optional<host_and_port> parse_host(std::string_view text);

/// Whether a Host header names this server, which a page of another site can't make a
/// browser do by rebinding its own name to our address.
/// @param own  each with its port; a Host without port fits one at 80 or 443.
bool is_own_host(const host_and_port& host, std::span<const host_and_port> own);

/// Whether an Origin header names the host the request was sent to, over http or https
/// (a proxy may end TLS in front of us).
bool is_own_origin(std::string_view origin, const host_and_port& host);

} // namespace habitd
