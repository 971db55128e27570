#pragma once

#include "http/message.hpp"
#include "http/server.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace habitd {

/// Holds requests of "/held" until the test answers them.
class held_requests {
public:
  void hold(respond answer) {
    const std::lock_guard lock{mutex_};
    answers_.push_back(std::move(answer));
    changed_.notify_all();
  }

  /// Waits for `count` of them and hands them out; fewer if they don't come in 20 s.
  std::vector<respond> take(std::size_t count) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, std::chrono::seconds{20},
                      [&] { return answers_.size() >= count; });
    return std::exchange(answers_, {});
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<respond> answers_;
};

inline http_response text(std::string body) {
  http_response response;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

inline std::vector<route> sample_routes(const std::shared_ptr<held_requests>& held) {
  return {
    {"GET", "/hello", scope::none,
     [](const http_request&, const respond& answer) { answer(text("hello")); }},
    {"POST", "/echo", scope::run,
     [](const http_request& request, const respond& answer) {
       answer(text(request.body));
     }},
    {"GET", "/held", scope::none,
     [held](const http_request&, const respond& answer) { held->hold(answer); }},
    {"GET", "/dropped", scope::none, [](const http_request&, const respond&) {}},
    {"GET", "/throwing", scope::none,
     [](const http_request&, const respond&) {
       throw std::runtime_error{"secret of the house"};
     }},
    {"GET", "/twice", scope::none,
     [](const http_request&, const respond& answer) {
       answer(text("first"));
       answer(text("second"));
     }},
    {"GET", "/splitting", scope::none,
     [](const http_request&, const respond& answer) {
       auto response = text("whole");
       response.headers = {{"X-Split", "a\r\nSet-Cookie: b"}, {"Content-Length", "1"}};
       answer(std::move(response));
     }},
  };
}

inline server_options on_free_port(http_limits limits = {}) {
  server_options options;
  options.port = 0;
  options.limits = limits;
  return options;
}

inline std::unique_ptr<server> started(server_options options,
                                       std::vector<route> routes) {
  auto made = server::start(std::move(options), std::move(routes));
  return made ? std::move(*made) : nullptr;
}

} // namespace habitd
