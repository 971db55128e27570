#include "http/reach.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <array>

namespace habitd {

namespace {

namespace ip = boost::asio::ip;

/// Special-purpose ranges that are not reachable by everybody.
constexpr std::array special_v4{"0.0.0.0/8",       "10.0.0.0/8",     "100.64.0.0/10",
                                "127.0.0.0/8",     "169.254.0.0/16", "172.16.0.0/12",
                                "192.0.0.0/24",    "192.0.2.0/24",   "192.31.196.0/24",
                                "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
                                "192.175.48.0/24", "198.18.0.0/15",  "198.51.100.0/24",
                                "203.0.113.0/24",  "224.0.0.0/4",    "240.0.0.0/4"};

/// Of global unicast: protocol assignments with Teredo, documentation, 6to4.
constexpr std::array special_v6{"2001::/23", "2001:db8::/32", "2002::/16",
                                "2620:4f:8000::/48", "3fff::/20"};

bool lies_in(const ip::address_v4& address, const char* range) {
  const auto network = ip::make_network_v4(range);
  const auto mask = network.netmask().to_uint();
  return (address.to_uint() & mask) == network.network().to_uint();
}

bool lies_in(const ip::address_v6& address, const char* range) {
  const auto network = ip::make_network_v6(range);
  const auto bytes = address.to_bytes();
  const auto wanted = network.network().to_bytes();
  for (unsigned bit = 0; bit < network.prefix_length(); ++bit)
    if (((bytes[bit / 8] ^ wanted[bit / 8]) >> (7 - bit % 8)) & 1)
      return false;
  return true;
}

template <class Address, class Ranges>
bool lies_in_any(const Address& address, const Ranges& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const char* range) { return lies_in(address, range); });
}

bool is_public(const ip::address_v4& address) {
  return !lies_in_any(address, special_v4);
}

bool is_public(const ip::address_v6& address) {
  if (address.is_v4_mapped() || lies_in(address, "64:ff9b::/96")) {
    const auto bytes = address.to_bytes();
    return is_public(ip::address_v4{{bytes[12], bytes[13], bytes[14], bytes[15]}});
  }
  return lies_in(address, "2000::/3") && !lies_in_any(address, special_v6);
}

bool is_one_of(const std::vector<std::string>& hosts, const std::string& host) {
  return std::find(hosts.begin(), hosts.end(), host) != hosts.end();
}

/// "[::1]" as "::1"; the name itself otherwise.
std::string without_brackets(const std::string& host) {
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2)
                                                      : host;
}

bool is_literal(const std::string& host) {
  boost::system::error_code failed;
  ip::make_address(host, failed);
  return !failed;
}

} // namespace

std::string why_out_of_reach(const reach& allowed, const url_parts& url) {
  if (is_one_of(allowed.trusted, url.host))
    return {};
  if (allowed.only_public && url.has_user)
    return "a user or password in the URL";
  if (!allowed.hosts.empty() && !is_one_of(allowed.hosts, url.host))
    return "host " + url.host + " is not on the list";
  if (allowed.only_https && url.scheme != "https")
    return "not https";
  const auto host = without_brackets(url.host);
  if (allowed.only_public && is_literal(host) && !is_public_address(host))
    return "address " + host + " is not public";
  return {};
}

bool is_public_address(const std::string& literal) {
  boost::system::error_code failed;
  const auto address = ip::make_address(literal, failed);
  if (failed)
    return false;
  return address.is_v4() ? is_public(address.to_v4()) : is_public(address.to_v6());
}

} // namespace habitd
