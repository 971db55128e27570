#pragma once

#include "http/client.hpp"
#include "http/pace.hpp"
#include "http/robots.hpp"

#include <functional>
#include <map>
#include <stop_token>
#include <string>

namespace habitd {

/// Makes one request; blocks. `http_client::send`, or what a test has in its place.
using send_request =
  std::function<expected<client_response>(const client_request&, std::stop_token)>;

/// What a polite client needs from outside.
struct polite_surroundings {
  send_request send;
  std::function<steady_time()> now;
  /// Returns early once `stop` is requested.
  std::function<void(std::chrono::milliseconds, std::stop_token stop)> wait;
  std::function<double()> random; // uniform in [0, 1)

  /// How long an answer asks to wait; servers say so in their own ways.
  std::function<std::optional<std::chrono::seconds>(const client_response&)> told_wait =
    [](const client_response& answer) { return answer.retry_after; };
};

/// Real time, sleeping, and an `http_client`.
polite_surroundings real_surroundings(http_client client);

struct polite_policy {
  pace_policy pace{};
  run_budget budget{};
  std::string robot = "habitd";
  std::uint32_t attempts = 3; // of one page, when its server is down or busy
  std::chrono::milliseconds backoff{2'000}; // after the first failure; then twice that …
  std::chrono::milliseconds longest_wait{
    300'000}; // a server that asks for more ends the run
};

/// Asks servers for pages during one run as a guest should: robots.txt first, a pace for each
/// server, waiting when told to, failing pages asked for again a few times, and an end when
/// the run has cost enough. Not thread-safe.
class polite_client {
public:
  polite_client(polite_policy policy, polite_surroundings surroundings,
                run_cost spent_before = {});

  /// Every status but 429 and, after some attempts, 5xx is an answer.
  /// @errors ec::invalid_input if asking again is no use, as `http_client::send`, or if
  ///         robots.txt forbids it; ec::unavailable: the page failed, or the run has ended.
  expected<client_response> get(const client_request& request, std::stop_token stop);

  /// Why no more requests are made in this run; empty as a rule.
  const std::string& ended() const { return ended_; }

  /// Whether it ended because a server had enough of us.
  bool was_sent_away() const { return sent_away_; }

  const run_cost& cost() const { return cost_; }

private:
  struct host {
    request_pace pace;
    robots_rules robots{};
    bool robots_known = false;
  };

  expected<client_response> once(host& at, const client_request& request,
                                 const std::stop_token& stop);
  expected<client_response> persist(host& at, const client_request& request,
                                    const std::stop_token& stop);
  error learn_robots(host& at, const url_parts& url, const std::stop_token& stop);
  void slow_down(host& at, std::optional<std::chrono::seconds> told,
                 std::chrono::milliseconds backoff);

  polite_policy policy_;
  polite_surroundings around_;
  std::map<std::string, host> hosts_; // by origin
  run_cost cost_;
  std::string ended_;
  bool sent_away_ = false;
};

} // namespace habitd
