#include "http/gate.hpp"

#include "http/problem.hpp"
#include "messages/log_of.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace habitd {

namespace {

std::vector<std::string_view> values_of(const request_head& head, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& [field, value] : head.fields)
    if (field == name)
      values.emplace_back(value);
  return values;
}

bool changes_something(std::string_view method) {
  return method != "GET" && method != "HEAD";
}

/// Refuses whatever another HTTP reader in front of us could cut at a different place
/// (request smuggling, RFC 9112, 11.2).
std::optional<http_response> check_framing(const request_head& head) {
  const auto lengths = values_of(head, "content-length");
  const auto codings = values_of(head, "transfer-encoding");
  if (lengths.size() + codings.size() > 1)
    return problem(400, "Content-Length and Transfer-Encoding: one of them, and once");
  if (!lengths.empty() && lengths[0].find_first_not_of("0123456789") != lengths[0].npos)
    return problem(400, "Content-Length takes a whole number");
  if (!codings.empty() && (head.http_1_0 || !boost::iequals(codings[0], "chunked")))
    return problem(400, "Transfer-Encoding takes chunked alone, in HTTP/1.1");
  const bool has_body = !codings.empty() || (!lengths.empty() && lengths[0] != "0");
  if (has_body && !changes_something(head.method)) // RFC 9110, 9.3.1: it means nothing
    return problem(400, head.method + " takes no body");
  return std::nullopt;
}

std::optional<http_response> check_size(const request_head& head,
                                        const http_limits& limits) {
  if (head.target.size() > limits.target_bytes)
    return problem(414,
                   fmt::format("a target has at most {} bytes", limits.target_bytes));
  if (head.fields.size() > limits.header_fields)
    return problem(431,
                   fmt::format("a header has at most {} fields", limits.header_fields));
  return std::nullopt;
}

/// Refuses requests that a page of another site makes a browser send.
std::optional<http_response> check_origin(const request_head& head,
                                          const host_and_port& host) {
  if (!changes_something(head.method))
    return std::nullopt;
  for (const auto& site : values_of(head, "sec-fetch-site"))
    if (site != "same-origin" && site != "none")
      return problem(403, "requests from other sites may not change anything");
  for (const auto& origin : values_of(head, "origin"))
    if (!is_own_origin(origin, host))
      return problem(403, "requests from other origins may not change anything");
  return std::nullopt;
}

http_response wrong_method(std::vector<std::string> allowed) {
  auto response =
    problem(405, fmt::format("this path takes {}", fmt::join(allowed, ", ")));
  response.headers.emplace_back("Allow", fmt::format("{}", fmt::join(allowed, ", ")));
  return response;
}

http_response unauthorized(std::string detail) {
  auto response = problem(401, std::move(detail));
  response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"habitd\"");
  return response;
}

/// What handlers see of the header; the secret stays behind.
std::map<std::string, std::string> headers_of(const request_head& head) {
  std::map<std::string, std::string> headers;
  for (const auto& [name, value] : head.fields)
    if (name != "authorization" && name != "proxy-authorization")
      headers.emplace(name, value);
  return headers;
}

} // namespace

gate::gate(router routes, std::vector<host_and_port> own_hosts, std::uint16_t port,
           token_list tokens, const http_limits& limits)
    : routes_{std::move(routes)}, own_hosts_{std::move(own_hosts)}, port_{port},
      tokens_{std::move(tokens)}, limits_{limits}, bad_tokens_{
                                                     limits.bad_tokens_per_minute} {}

std::variant<admission, http_response>
gate::admit(const request_head& head, std::chrono::steady_clock::time_point now) {
  if (auto refusal = check_framing(head))
    return std::move(*refusal);
  if (auto refusal = check_size(head, limits_))
    return std::move(*refusal);
  const auto hosts = values_of(head, "host");
  const auto host = hosts.size() == 1 ? parse_host(hosts[0]) : std::nullopt;
  if (!host)
    return problem(400, "a request has one Host header, with a host and a port");
  const std::array here{host_and_port{head.local_address, port_}};
  if (!is_own_host(*host, own_hosts_) && !is_own_host(*host, here))
    return problem(421,
                   "this server does not go by that name; http.allowed_hosts adds one");
  auto target = parse_target(head.target);
  if (!target)
    return to_problem(target.error());
  auto match = routes_.match(head.method, target->segments);
  if (match.allowed.empty())
    return problem(404, "there is nothing at this path");
  if (!match.found)
    return wrong_method(std::move(match.allowed));
  if (auto refusal = check_origin(head, *host))
    return std::move(*refusal);
  if (auto refusal = check_token(head, match.found->needs, now))
    return std::move(*refusal);
  admission result{match.found, {}};
  result.request.method = head.method;
  result.request.path = std::move(target->path);
  result.request.query = std::move(target->query);
  result.request.path_parameters = std::move(match.path_parameters);
  result.request.headers = headers_of(head);
  return result;
}

std::optional<http_response>
gate::check_token(const request_head& head, scope needs,
                  std::chrono::steady_clock::time_point now) {
  if (needs == scope::none || (tokens_.empty() && head.peer_is_loopback))
    return std::nullopt;
  const auto values = values_of(head, "authorization");
  constexpr std::string_view scheme = "bearer ";
  if (values.size() != 1 || !boost::istarts_with(values[0], scheme))
    return unauthorized("this path takes Authorization: Bearer TOKEN");
  const auto granted = tokens_.granted(values[0].substr(scheme.size()));
  if (granted >= needs)
    return std::nullopt;
  if (granted != scope::none)
    return problem(403, "the token does not reach this far");
  // Only wrong tokens are turned away: 256 bits can't be guessed at any rate, and a stale
  // script must not lock out an owner behind the same address.
  if (bad_tokens_.add(now)) {
    log_of(log_area::http)
      .warn("http {}: a token that is not known here, for {} {}", head.peer_address,
            head.method, head.target.substr(0, head.target.find('?')));
    return unauthorized("the token is not known here");
  }
  auto response = problem(429, "too many wrong tokens; wait a minute");
  response.headers.emplace_back("Retry-After", "60");
  return response;
}

} // namespace habitd
