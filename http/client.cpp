#include "http/client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <mutex>
#include <string_view>

namespace habitd {

namespace {

constexpr const char* not_a_url = "(not a URL)";

using curl_handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using curl_url_handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;
using curl_list = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

/// What one transfer is doing, for libcurl's callbacks.
struct transfer {
  const client_limits& limits;
  const std::stop_token& stop;
  bool wants_body;
  std::size_t bytes = 0;
  std::string body{};
  bool header_ended = false; // libcurl takes one that is cut off for whole
  bool too_large = false;
  bool cut_at_body = false;
};

/// libcurl's own limit ignores answers of unknown length before version 8.4.
bool count(transfer& now, std::size_t bytes) {
  now.bytes += bytes;
  now.too_large = now.bytes > now.limits.response_bytes;
  return !now.too_large;
}

std::size_t on_header(char* data, std::size_t, std::size_t bytes, void* user) {
  auto& now = *static_cast<transfer*>(user);
  const std::string_view line{data, bytes};
  if (line.starts_with("HTTP/")) // the next answer of a chain of redirects
    now.header_ended = false;
  else if (line == "\r\n" || line == "\n")
    now.header_ended = true;
  return count(now, bytes) ? bytes : 0;
}

std::size_t on_body(char* data, std::size_t, std::size_t bytes, void* user) {
  auto& now = *static_cast<transfer*>(user);
  if (!now.wants_body) {
    now.cut_at_body = true;
    return 0; // ends the transfer
  }
  if (!count(now, bytes))
    return 0;
  now.body.append(data, bytes);
  return bytes;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<transfer*>(user)->stop.stop_requested() ? 1 : 0;
}

bool is_one_line(std::string_view text) {
  return text.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos;
}

/// Headers as libcurl takes them; null if one is no header. Expect is taken out: the wait
/// for a server's leave costs a second where the server does not know it.
curl_list headers_of(const client_request& request) {
  curl_slist* list = curl_slist_append(nullptr, "Expect:");
  for (const auto& [name, value] : request.headers) {
    auto* longer = is_one_line(name) && is_one_line(value) && !name.empty()
                     ? curl_slist_append(list, fmt::format("{}: {}", name, value).c_str())
                     : nullptr;
    if (!longer) {
      curl_slist_free_all(list);
      return {nullptr, &curl_slist_free_all};
    }
    list = longer;
  }
  return {list, &curl_slist_free_all};
}

void set_limits(CURL* curl, const client_limits& limits) {
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(limits.connect.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total.count()));
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, limits.redirects > 0 ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, limits.redirects);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(curl, CURLOPT_HSTS_CTRL, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L); // signals are other threads' business
}

void set_request(CURL* curl, const client_request& request, const curl_slist* headers) {
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  if (request.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET" || !request.body.empty()) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

void set_callbacks(CURL* curl, transfer& now) {
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &now);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &now);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &now);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

/// libcurl's fixed text for the code, since its detailed one may quote the URL.
std::string reason_of(CURLcode code, const transfer& now) {
  if (now.too_large)
    return fmt::format("more than {} bytes", now.limits.response_bytes);
  if (code == CURLE_OK)
    return "the answer ends within its header";
  if (code == CURLE_ABORTED_BY_CALLBACK)
    return "habitd is stopping";
  return curl_easy_strerror(code);
}

client_response response_of(CURL* curl, std::string body) {
  client_response response;
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  const char* type = nullptr;
  curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
  response.content_type = type ? type : "";
  curl_off_t seconds = 0;
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds);
  if (seconds > 0)
    response.retry_after = std::chrono::seconds{seconds};
  response.body = std::move(body);
  return response;
}

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK)
    return {};
  std::string result = text;
  curl_free(text);
  return result;
}

bool is_web_url(const std::string& url) {
  return (url.starts_with("http://") || url.starts_with("https://")) &&
         public_url(url) != not_a_url;
}

} // namespace

std::string public_url(const std::string& url, bool with_path) {
  const curl_url_handle parsed{curl_url(), &curl_url_cleanup};
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    return not_a_url;
  const auto port = part_of(parsed.get(), CURLUPART_PORT);
  return fmt::format("{}://{}{}{}{}", part_of(parsed.get(), CURLUPART_SCHEME),
                     part_of(parsed.get(), CURLUPART_HOST), port.empty() ? "" : ":", port,
                     with_path ? part_of(parsed.get(), CURLUPART_PATH) : "");
}

struct http_client::handle {
  curl_handle curl;
  std::string user_agent;
  client_limits limits;
};

http_client::http_client(std::unique_ptr<handle> handle) : handle_{std::move(handle)} {}
http_client::~http_client() = default;
http_client::http_client(http_client&&) noexcept = default;
http_client& http_client::operator=(http_client&&) noexcept = default;

expected<http_client> http_client::make(std::string user_agent, client_limits limits) {
  static std::once_flag once; // libcurl's own start is not thread-safe
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  curl_handle curl{curl_easy_init(), &curl_easy_cleanup};
  if (!curl)
    return make_error(ec::unexpected, "libcurl does not start");
  return http_client{
    std::unique_ptr<handle>{new handle{std::move(curl), std::move(user_agent), limits}}};
}

expected<client_response> http_client::send(const client_request& request,
                                            std::stop_token stop) {
  const auto doing = [&request] {
    return request.method + " " + public_url(request.url, request.path_is_public);
  };
  const auto headers = headers_of(request);
  if (!is_web_url(request.url))
    return make_error(ec::invalid_input, doing(), "not http or https");
  if (!headers || !is_one_line(request.method))
    return make_error(ec::invalid_input, doing(), "not a header");
  auto* curl = handle_->curl.get();
  curl_easy_reset(curl); // keeps the connection, forgets all settings
  curl_easy_setopt(curl, CURLOPT_USERAGENT, handle_->user_agent.c_str());
  set_limits(curl, handle_->limits);
  set_request(curl, request, headers.get());
  transfer now{handle_->limits, stop, request.wants_body};
  set_callbacks(curl, now);
  const auto code = curl_easy_perform(curl);
  if ((code == CURLE_OK && now.header_ended) || now.cut_at_body)
    return response_of(curl, std::move(now.body));
  return make_error(ec::unavailable, doing(), reason_of(code, now));
}

} // namespace habitd
