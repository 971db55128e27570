#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace habitd {

/// A request that passed every check of the gate, decoded.
struct http_request {
  std::string method;                       // as sent; HEAD reaches the handler of GET
  std::string path;                         // as sent, percent-encoded, without the query
  std::map<std::string, std::string> query; // decoded; a name comes once
  std::map<std::string, std::string> path_parameters; // decoded; may contain '/'
  std::map<std::string, std::string> headers; // names in lower case; no Authorization
  std::string body;
  std::string correlation_id; // UUID, also in the answer's X-Correlation-Id
};

struct http_response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  /// Set: the server writes an RFC 9457 problem in place of `body`, since only it knows
  /// the correlation id.
  std::optional<std::string> detail;
  std::string log; // never sent: written to the log with the correlation id
};

/// Answers a request. May be called from any thread, also after the server is gone; only
/// the first call counts. Dropping every copy without a call answers 503.
using respond = std::function<void(http_response)>;

/// Runs on the server's only thread: it must not block, and may answer later.
using http_handler = std::function<void(http_request, respond)>;

/// What a route asks for, and what a token grants; each includes the ones before it.
enum class scope { none, read, run, admin };

struct route {
  std::string method; // "GET" also serves HEAD
  /// "/api/v1/jobs/{id}"; a literal segment wins over a parameter. "{id*}" takes one segment
  /// or more, joined by slashes: what follows it in the pattern wins over it.
  std::string pattern;
  scope needs = scope::admin;
  http_handler handle;
  std::chrono::milliseconds answer{0}; // for the handler; 0 = the server's own limit
};

} // namespace habitd
