#include "http/answer_message.hpp"

#include "http/problem.hpp"
#include "messages/log_correlation.hpp"
#include "messages/log_of.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/field.hpp>

#include <algorithm>
#include <string_view>

namespace habitd {

namespace {

namespace http = boost::beast::http;

bool is_header_safe(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || !c; });
}

/// Fields that say where a message ends are not for handlers to write.
bool is_framing(std::string_view name) {
  return boost::beast::iequals(name, "content-length") ||
         boost::beast::iequals(name, "connection") ||
         boost::beast::iequals(name, "transfer-encoding");
}

} // namespace

http::response<http::string_body> answer_message(http_response&& response,
                                                 const std::string& correlation_id) {
  if (response.status < 200 || response.status > 599) {
    response = problem(500, "internal error; the log has more under this instance");
    response.log = "a handler answered with an impossible status";
  }
  if (!response.log.empty()) {
    const log_correlation lines{correlation_id};
    log_of(log_area::http).error("http: {}", response.log);
  }
  http::response<http::string_body> message;
  message.result(static_cast<unsigned>(response.status));
  message.body() = response.detail
                     ? render_problem(response.status, *response.detail, correlation_id)
                     : std::move(response.body);
  message.set(http::field::cache_control, "no-store");
  message.set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'self'");
  message.set("Cross-Origin-Resource-Policy", "same-origin");
  message.set("Referrer-Policy", "no-referrer");
  message.set("X-Content-Type-Options", "nosniff");
  message.set("X-Correlation-Id", correlation_id);
  if (!message.body().empty() && is_header_safe(response.content_type))
    message.set(http::field::content_type, response.content_type);
  for (const auto& [name, value] : response.headers)
    if (!is_framing(name) && is_header_safe(name) && is_header_safe(value))
      message.set(name, value);
  if (response.status == 204 || response.status == 304)
    message.body().clear();
  else
    message.content_length(message.body().size());
  return message;
}

} // namespace habitd
