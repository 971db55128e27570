#include "http/transfer.hpp"

#include "http/retry_after.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace habitd {

namespace {

constexpr std::size_t ratio_counts_from = 64 << 10; // small pages may repeat themselves

std::uint64_t received(CURL* curl) {
  curl_off_t bytes = 0;
  curl_easy_getinfo(curl, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
  return bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0;
}

/// libcurl's own limit ignores answers of unknown length before version 8.4, and what they
/// unpack to always.
bool count(transfer& now, std::size_t bytes) {
  now.bytes += bytes;
  if (now.bytes > now.limits.response_bytes)
    now.refused = fmt::format("more than {} bytes", now.limits.response_bytes);
  return now.refused.empty();
}

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  const auto last = text.find_last_not_of(" \t\r\n");
  return first == text.npos ? std::string_view{} : text.substr(first, last - first + 1);
}

/// libcurl would unpack whatever it was built for, and layers of it.
bool is_packed_as_asked(std::string_view encoding) {
  const auto name = lower(encoding);
  return name.empty() || name == "gzip" || name == "x-gzip" || name == "identity";
}

void take_header(transfer& now, std::string_view line) {
  const auto colon = line.find(':');
  if (colon == line.npos || colon == 0)
    return;
  const auto name = lower(trimmed(line.substr(0, colon)));
  const auto value = trimmed(line.substr(colon + 1));
  if (name == "content-encoding" && now.wants_body && !is_packed_as_asked(value))
    now.refused = fmt::format("packed as \"{}\", not by gzip", value.substr(0, 40));
  now.answer.headers.emplace_back(name, value);
}

std::size_t on_header(char* data, std::size_t, std::size_t bytes, void* user) {
  auto& now = *static_cast<transfer*>(user);
  const std::string_view line{data, bytes};
  now.header_bytes += bytes;
  if (line.starts_with("HTTP/")) { // the next answer, behind one like 103
    now.header_ended = false;
    now.answer.headers.clear();
  } else if (line == "\r\n" || line == "\n") {
    now.header_ended = true;
  } else {
    take_header(now, line);
  }
  return now.refused.empty() && count(now, bytes) ? bytes : 0;
}

std::size_t on_body(char* data, std::size_t, std::size_t bytes, void* user) {
  auto& now = *static_cast<transfer*>(user);
  if (!now.wants_body) {
    now.cut_at_body = true;
    return 0; // ends the transfer
  }
  if (!count(now, bytes))
    return 0;
  now.answer.body.append(data, bytes);
  const auto unpacked = now.answer.body.size();
  if (unpacked > ratio_counts_from && unpacked / now.limits.ratio > received(now.curl)) {
    now.refused = fmt::format("unpacks to more than {} times its size", now.limits.ratio);
    return 0;
  }
  return bytes;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<transfer*>(user)->stop.stop_requested() ? 1 : 0;
}

std::string literal_of(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = nullptr;
  if (address.sa_family == AF_INET)
    bytes = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  else if (address.sa_family == AF_INET6)
    bytes = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  const auto* written =
    bytes ? ::inet_ntop(address.sa_family, bytes, text.data(), text.size()) : nullptr;
  return written ? written : "";
}

/// The last word on where a name leads: whatever was looked up, this is connected to.
curl_socket_t on_open(void* user, curlsocktype, curl_sockaddr* to) {
  auto& now = *static_cast<transfer*>(user);
  const auto literal = literal_of(to->addr);
  if (now.allowed.only_public && !now.is_trusted && !is_public_address(literal)) {
    now.refused = "address " + literal + " is not public";
    return CURL_SOCKET_BAD;
  }
  return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

} // namespace

void set_callbacks(CURL* curl, transfer& now) {
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &now);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &now);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &now);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_open);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &now);
}

void complete(transfer& now) {
  auto& answer = now.answer;
  long status = 0;
  curl_easy_getinfo(now.curl, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  const char* type = nullptr;
  curl_easy_getinfo(now.curl, CURLINFO_CONTENT_TYPE, &type);
  answer.content_type = type ? type : "";
  answer.wire_bytes += now.header_bytes + received(now.curl);
  answer.server_time = parse_http_date(header_of(answer, "date"));
  answer.retry_after =
    parse_retry_after(header_of(answer, "retry-after"), answer.server_time);
  answer.validators = {header_of(answer, "etag"), header_of(answer, "last-modified")};
}

} // namespace habitd
