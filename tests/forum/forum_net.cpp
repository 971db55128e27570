#include "tests/forum/forum_net.hpp"

#include "actors/community/crawl/discourse_json.hpp"
#include "http/retry_after.hpp"
#include "tests/http/packed.hpp"

#include <algorithm>

namespace habitd {

polite_surroundings forum_net::surroundings() {
  polite_surroundings around;
  around.send = [this](const client_request& request, std::stop_token) {
    return send(request);
  };
  around.now = [this] { return steady_; };
  around.wait = [this](std::chrono::milliseconds wait, std::stop_token) {
    steady_ += wait;
    forum_.set_time(forum_.now() + wait);
  };
  around.random = [this] { return std::uniform_real_distribution{0.0, 1.0}(random_); };
  around.told_wait = told_wait;
  return around;
}

expected<client_response> forum_net::send(const client_request& request) {
  asked.emplace_back(request.url, forum_.now());
  if (reaches && !reaches(request.url))
    return make_error(ec::unavailable, "GET " + request.url, "Timeout was reached");
  const bool is_forum = request.url.starts_with(url_ + "/");
  const auto given = is_forum ? forum_.answer(request.url.substr(url_.size()))
                     : request.url.ends_with("/robots.txt")
                       ? forum_answer{.status = 404}
                       : forum_.answer_file(request.url, request.if_changed.etag);
  client_response answer;
  answer.status = given.status;
  answer.content_type = given.content_type;
  answer.body = given.body;
  answer.url = request.url;
  for (auto [name, value] : given.headers) {
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    answer.headers.emplace_back(name, value);
  }
  answer.retry_after = parse_retry_after(header_of(answer, "retry-after"), {});
  answer.validators.etag = header_of(answer, "etag");
  answer.wire_bytes = 500 + (given.body.empty() ? 0 : gzipped(given.body).size());
  return answer;
}

} // namespace habitd
