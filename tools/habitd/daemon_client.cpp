#include "tools/habitd/daemon_client.hpp"

#include "tools/habitd/version.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace habitd {

namespace {

namespace json = boost::json;

/// A thousand jobs, each with its phases and problems.
constexpr std::size_t largest_answer = 16 << 20;

} // namespace

std::string url_of(const http_config& settings) {
  auto host = settings.listen;
  if (host == "0.0.0.0")
    host = "127.0.0.1";
  else if (host == "::")
    host = "::1";
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return fmt::format("http://{}{}{}:{}", is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "",
                     settings.port);
}

std::string path_segment(const std::string& text) {
  constexpr std::string_view plain =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    "0123456789-._~"; // RFC 3986, unreserved
  std::string encoded;
  for (const char c : text)
    if (plain.find(c) != std::string_view::npos)
      encoded += c;
    else
      encoded += fmt::format("%{:02X}", static_cast<std::uint8_t>(c));
  return encoded;
}

std::string refusal_text(const client_response& answer) {
  boost::system::error_code failed;
  const auto body = json::parse(answer.body, failed);
  const auto* object = failed ? nullptr : body.if_object();
  const auto* detail = object ? object->if_contains("detail") : nullptr;
  if (!detail || !detail->is_string())
    return fmt::format("HTTP status {}", answer.status);
  std::string text{detail->get_string().c_str()};
  for (const std::string_view code : {"not found: ", "busy: ", "unavailable: "})
    if (text.starts_with(code))
      return text.substr(code.size());
  return text;
}

expected<std::string> body_of(const client_response& answer, const std::string& url) {
  switch (answer.status) {
  case 200:
  case 202:
    return answer.body;
  case 401:
    return make_error(ec::invalid_input,
                      "habitd on " + url +
                        " does not know this token: set http.token in the config given "
                        "by --config, or HABITD__HTTP__TOKEN");
  case 403:
    return make_error(ec::invalid_input, url + ": " + refusal_text(answer));
  case 404:
    return make_error(ec::not_found, refusal_text(answer));
  case 409:
    return make_error(ec::busy, refusal_text(answer));
  case 429:
  case 503:
    return make_error(ec::unavailable, url + ": " + refusal_text(answer));
  default:
    return make_error(ec::unexpected, url + ": " + refusal_text(answer));
  }
}

daemon_client::daemon_client(std::string url, const std::string& token,
                             http_client client)
    : url_{std::move(url)}, token_{token}, client_{std::move(client)} {}

expected<daemon_client> daemon_client::make(std::string url, const std::string& token) {
  client_limits limits;
  limits.response_bytes = largest_answer;
  auto client = http_client::make(std::string{"habitd/"} + version, limits);
  if (!client)
    return client.error();
  while (url.ends_with('/'))
    url.pop_back();
  return daemon_client{std::move(url), token, std::move(*client)};
}

expected<client_response> daemon_client::ask(const std::string& method,
                                             const std::string& path,
                                             const std::string& body) {
  client_request request;
  request.method = method;
  request.url = url_ + path;
  request.body = body;
  if (!body.empty())
    request.headers.emplace_back("Content-Type", "application/json");
  if (!token_.empty())
    request.headers.emplace_back("Authorization", "Bearer " + token_);
  return client_.send(request);
}

} // namespace habitd
