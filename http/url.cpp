#include "http/url.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace habitd {

namespace {

constexpr const char* not_a_url = "(not a URL)";

using curl_url_handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

curl_url_handle opened(const std::string& url) {
  curl_url_handle parsed{curl_url(), &curl_url_cleanup};
  // libcurl reads up to a NUL, and would see another URL than we do.
  if (url.find('\0') != url.npos || !parsed ||
      curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    parsed.reset();
  return parsed;
}

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK)
    return {};
  std::string result = text;
  curl_free(text);
  return result;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '-' || c == '.' || c == '_' || c == '~';
}

} // namespace

expected<url_parts> parse_url(const std::string& url) {
  const auto parsed = opened(url);
  url_parts parts;
  if (parsed)
    parts.scheme = part_of(parsed.get(), CURLUPART_SCHEME);
  if (parts.scheme != "http" && parts.scheme != "https")
    return make_error(ec::invalid_input, public_url(url), "not http or https");
  parts.host = part_of(parsed.get(), CURLUPART_HOST);
  std::transform(parts.host.begin(), parts.host.end(), parts.host.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const auto port = part_of(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  std::from_chars(port.data(), port.data() + port.size(), parts.port);
  parts.path = part_of(parsed.get(), CURLUPART_PATH);
  parts.query = part_of(parsed.get(), CURLUPART_QUERY);
  parts.has_user = !part_of(parsed.get(), CURLUPART_USER).empty() ||
                   !part_of(parsed.get(), CURLUPART_PASSWORD).empty();
  return parts;
}

std::string origin_of(const url_parts& parts) {
  return fmt::format("{}://{}:{}", parts.scheme, parts.host, parts.port);
}

expected<std::string> resolve_url(const std::string& base, const std::string& reference) {
  const auto parsed = opened(base);
  if (!parsed || reference.find('\0') != reference.npos ||
      curl_url_set(parsed.get(), CURLUPART_URL, reference.c_str(), 0) != CURLUE_OK)
    return make_error(ec::invalid_input, std::string{not_a_url});
  return part_of(parsed.get(), CURLUPART_URL);
}

std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::uint8_t byte = 0;
    const auto* digits = text.data() + i + 1;
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    result += escape ? static_cast<char>(byte) : text[i];
    i += escape ? 2 : 0;
  }
  return result;
}

std::string percent_encoded(std::string_view text) {
  std::string result;
  for (const char c : text)
    if (is_unreserved(c))
      result += c;
    else
      result += fmt::format("%{:02X}", static_cast<std::uint8_t>(c));
  return result;
}

std::string public_url(const std::string& url, bool with_path) {
  const auto parsed = opened(url);
  if (!parsed)
    return not_a_url;
  const auto port = part_of(parsed.get(), CURLUPART_PORT);
  return fmt::format("{}://{}{}{}{}", part_of(parsed.get(), CURLUPART_SCHEME),
                     part_of(parsed.get(), CURLUPART_HOST), port.empty() ? "" : ":", port,
                     with_path ? part_of(parsed.get(), CURLUPART_PATH) : "");
}

} // namespace habitd
