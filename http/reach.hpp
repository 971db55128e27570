#pragma once

#include "http/url.hpp"

#include <string>
#include <vector>

namespace habitd {

/// Which servers a client may speak to, at first and after each redirect.
struct reach {
  bool only_public = false; // no address of the home, of this machine or of nobody
  bool only_https = false;

  /// Names that may be asked, as `url_parts::host`; empty = any.
  std::vector<std::string> hosts{};

  /// Hosts an administrator named: `only_public` and `only_https` don't hold for them.
  std::vector<std::string> trusted{};
};

/// Why `url` must not be asked for; empty if it may.
std::string why_out_of_reach(const reach& allowed, const url_parts& url);

/// Whether anybody may have this address: not private, loopback, link-local, multicast,
/// documentation, a tunnel or unassigned; an IPv4 address inside an IPv6 one counts as itself.
/// @param literal  "192.0.2.1", "2001:db8::1"; false for anything else.
/// Source: IANA special-purpose address registries (RFC 6890), IPv6 global unicast 2000::/3.
bool is_public_address(const std::string& literal);

} // namespace habitd
