#include "http/client.hpp"

#include "http/transfer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <string_view>

namespace habitd {

namespace {

using curl_list = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;
using header_list = std::vector<std::pair<std::string, std::string>>;

bool is_one_line(std::string_view text) {
  return text.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos;
}

/// Headers as libcurl takes them; null if one is no header. Expect is taken out: the wait
/// for a server's leave costs a second where the server does not know it.
curl_list as_curl_takes_them(const header_list& headers) {
  curl_slist* list = curl_slist_append(nullptr, "Expect:");
  for (const auto& [name, value] : headers) {
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

header_list headers_of(const client_request& request) {
  auto headers = request.headers;
  if (!request.if_changed.etag.empty())
    headers.emplace_back("If-None-Match", request.if_changed.etag);
  if (!request.if_changed.last_modified.empty())
    headers.emplace_back("If-Modified-Since", request.if_changed.last_modified);
  return headers;
}

void set_limits(CURL* curl, const client_limits& limits,
                std::chrono::milliseconds time_left) {
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(limits.connect.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(time_left.count()));
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, limits.slow_bytes_per_second);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME,
                   static_cast<long>(limits.slow_time.count()));
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
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
  if (request.takes_gzip)
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
  if (request.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET" || !request.body.empty()) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

/// libcurl's fixed text for the code, since its detailed one may quote the URL.
std::string reason_of(CURLcode code) {
  if (code == CURLE_OK)
    return "the answer ends within its header";
  if (code == CURLE_ABORTED_BY_CALLBACK)
    return "habitd is stopping";
  return curl_easy_strerror(code);
}

error failure(ec code, const client_request& request, std::string reason) {
  return make_error(
    code, request.method + " " + public_url(request.url, request.path_is_public),
    std::move(reason));
}

bool is_redirect(const client_request& request, const client_response& answer) {
  return (request.method == "GET" || request.method == "HEAD") && answer.status >= 301 &&
         answer.status <= 308 && answer.status != 304 &&
         !header_of(answer, "location").empty();
}

/// The request of the next hop. @errors ec::invalid_input if it must not be made.
expected<client_request> redirected(const client_request& request,
                                    const client_response& answer) {
  const auto refuse = [&](const std::string& why) {
    return failure(ec::invalid_input, request, "redirects elsewhere: " + why);
  };
  const auto to = resolve_url(request.url, header_of(answer, "location"));
  const auto before = parse_url(request.url);
  const auto after = to ? parse_url(*to) : expected<url_parts>{to.error()};
  if (!after)
    return refuse("not http or https");
  if (before->scheme == "https" && after->scheme == "http")
    return refuse("without TLS");
  auto next = request;
  next.url = *to;
  if (origin_of(*before) != origin_of(*after)) {
    std::erase_if(next.headers, [](const auto& h) { return h.first != "Accept"; });
    next.if_changed = {};
    next.body.clear();
  }
  return next;
}

} // namespace

std::string header_of(const client_response& response, std::string_view name) {
  for (const auto& [each, value] : response.headers)
    if (each == name)
      return value;
  return {};
}

struct http_client::handle {
  curl_handle curl;
  std::string user_agent;
  client_limits limits;
  reach allowed;

  expected<client_response> exchange(const client_request& request,
                                     const std::stop_token& stop,
                                     std::chrono::microseconds& time_left);
};

/// One request, one answer; takes its time off `time_left`.
expected<client_response>
http_client::handle::exchange(const client_request& request, const std::stop_token& stop,
                              std::chrono::microseconds& time_left) {
  using std::chrono::milliseconds;
  const auto url = parse_url(request.url);
  if (!url)
    return failure(ec::invalid_input, request, "not http or https");
  if (auto why = why_out_of_reach(allowed, *url); !why.empty())
    return failure(ec::invalid_input, request, std::move(why));
  const auto headers = as_curl_takes_them(headers_of(request));
  if (!headers || !is_one_line(request.method))
    return failure(ec::invalid_input, request, "not a header");
  const auto left = std::chrono::duration_cast<milliseconds>(time_left);
  if (left <= milliseconds{0}) // which would be no limit to libcurl
    return failure(ec::unavailable, request, reason_of(CURLE_OPERATION_TIMEDOUT));
  curl_easy_reset(curl.get()); // keeps the connection, forgets all settings
  curl_easy_setopt(curl.get(), CURLOPT_USERAGENT, user_agent.c_str());
  set_limits(curl.get(), limits, left);
  set_request(curl.get(), request, headers.get());
  const bool is_trusted =
    std::count(allowed.trusted.begin(), allowed.trusted.end(), url->host) > 0;
  transfer now{curl.get(), limits, allowed, stop, request.wants_body, is_trusted};
  set_callbacks(curl.get(), now);
  const auto code = curl_easy_perform(curl.get());
  curl_off_t spent = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_TOTAL_TIME_T, &spent);
  time_left -= std::chrono::microseconds{spent};
  complete(now);
  now.answer.url = request.url;
  if ((code == CURLE_OK && now.header_ended) || now.cut_at_body)
    return std::move(now.answer);
  return now.refused.empty() ? failure(ec::unavailable, request, reason_of(code))
                             : failure(ec::invalid_input, request, now.refused);
}

http_client::http_client(std::unique_ptr<handle> handle) : handle_{std::move(handle)} {}
http_client::~http_client() = default;
http_client::http_client(http_client&&) noexcept = default;
http_client& http_client::operator=(http_client&&) noexcept = default;

expected<http_client> http_client::make(std::string user_agent, client_limits limits,
                                        reach allowed) {
  static std::once_flag once; // libcurl's own start is not thread-safe
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  curl_handle curl{curl_easy_init(), &curl_easy_cleanup};
  if (!curl)
    return make_error(ec::unexpected, "libcurl does not start");
  return http_client{std::unique_ptr<handle>{
    new handle{std::move(curl), std::move(user_agent), limits, std::move(allowed)}}};
}

expected<client_response> http_client::send(const client_request& request,
                                            std::stop_token stop) {
  auto hop = request;
  std::chrono::microseconds time_left = handle_->limits.total;
  std::uint64_t bytes = 0;
  for (long hops = 0;; ++hops) {
    auto answer = handle_->exchange(hop, stop, time_left);
    if (!answer)
      return answer;
    answer->wire_bytes = bytes += answer->wire_bytes;
    if (handle_->limits.redirects == 0 || !is_redirect(hop, *answer))
      return answer;
    if (hops == handle_->limits.redirects)
      return failure(ec::invalid_input, request,
                     fmt::format("more than {} redirects", hops));
    auto next = redirected(hop, *answer);
    if (!next)
      return next.error();
    hop = std::move(*next);
  }
}

} // namespace habitd
