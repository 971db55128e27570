#include "http/polite_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>

namespace habitd {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// What a request that brought no answer may have cost, as we don't know.
constexpr std::uint64_t failed_request_bytes = 4 << 10;

bool asks_to_slow_down(const client_response& answer) {
  return answer.status == 429 || (answer.status == 503 && answer.retry_after);
}

std::string target_of(const url_parts& url) {
  return url.query.empty() ? url.path : url.path + "?" + url.query;
}

void wait_or_stop(milliseconds wait, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock{mutex};
  woken.wait_for(lock, stop, wait, [] { return false; });
}

} // namespace

polite_surroundings real_surroundings(http_client client) {
  // Shared because a function must be copyable; one worker calls them.
  auto shared = std::make_shared<http_client>(std::move(client));
  auto random = std::make_shared<std::minstd_rand>(std::random_device{}());
  polite_surroundings around;
  around.send = [shared](const client_request& request, std::stop_token stop) {
    return shared->send(request, std::move(stop));
  };
  around.now = [] { return std::chrono::steady_clock::now(); };
  around.wait = [](milliseconds wait, std::stop_token stop) { wait_or_stop(wait, stop); };
  around.random = [random] { return std::uniform_real_distribution{0.0, 1.0}(*random); };
  return around;
}

polite_client::polite_client(polite_policy policy, polite_surroundings surroundings,
                             run_cost spent_before)
    : policy_{std::move(policy)}, around_{std::move(surroundings)}, cost_{spent_before} {}

expected<client_response> polite_client::get(const client_request& request,
                                             std::stop_token stop) {
  const auto url = parse_url(request.url);
  if (!url)
    return url.error();
  auto& at =
    hosts_.try_emplace(origin_of(*url), host{request_pace{policy_.pace}}).first->second;
  if (auto failed = learn_robots(at, *url, stop))
    return failed;
  if (!may_fetch(at.robots, target_of(*url)))
    return make_error(ec::invalid_input, "GET " + public_url(request.url),
                      "robots.txt forbids it");
  return persist(at, request, stop);
}

/// A site without robots.txt has no rules; one whose robots.txt can't be had is left alone.
error polite_client::learn_robots(host& at, const url_parts& url,
                                  const std::stop_token& stop) {
  if (at.robots_known)
    return {};
  client_request request;
  request.url = origin_of(url) + "/robots.txt";
  request.takes_gzip = true;
  const auto answer = persist(at, request, stop);
  if (!answer)
    return answer.error();
  if (answer->status >= 500)
    return make_error(ec::unavailable, "GET " + request.url,
                      fmt::format("status {}", answer->status));
  if (answer->status == 200)
    at.robots = parse_robots(answer->body, policy_.robot);
  if (at.robots.delay)
    at.pace.at_least(std::min(*at.robots.delay, policy_.longest_wait));
  at.robots_known = true;
  return {};
}

expected<client_response> polite_client::persist(host& at, const client_request& request,
                                                 const std::stop_token& stop) {
  auto backoff = policy_.backoff;
  for (std::uint32_t attempt = 1;; ++attempt, backoff *= 2) {
    auto answer = once(at, request, stop);
    if (!answer && (!ended_.empty() || code_of(answer.error()) == ec::invalid_input))
      return answer;
    const bool slow = answer && asks_to_slow_down(*answer);
    if (answer && !slow && answer->status < 500)
      return answer;
    if (slow)
      slow_down(at, around_.told_wait(*answer), backoff);
    else
      at.pace.slow_down(around_.now(), backoff);
    if (attempt < policy_.attempts && ended_.empty())
      continue;
    if (slow)
      return make_error(ec::unavailable, "GET " + public_url(request.url),
                        ended_.empty() ? "asked to slow down" : ended_);
    return answer;
  }
}

void polite_client::slow_down(host& at, std::optional<seconds> told,
                              milliseconds backoff) {
  ++cost_.slow_downs;
  // Compared as seconds: the longest that can be told would not fit in milliseconds.
  if (told && *told > std::chrono::floor<seconds>(policy_.longest_wait)) {
    ended_ = fmt::format("asked to wait for {} s", told->count());
    sent_away_ = true;
    return;
  }
  at.pace.slow_down(around_.now(),
                    std::max(backoff, told ? milliseconds{*told} : milliseconds{0}));
  sent_away_ |= cost_.slow_downs >= policy_.budget.slow_downs;
}

expected<client_response> polite_client::once(host& at, const client_request& request,
                                              const std::stop_token& stop) {
  const auto refuse = [&] {
    return make_error(ec::unavailable, "GET " + public_url(request.url), ended_);
  };
  if (ended_.empty())
    ended_ = budget_used_up(policy_.budget, cost_);
  if (!ended_.empty())
    return refuse();
  if (const auto wait = at.pace.wait(around_.now()); wait > milliseconds{0})
    around_.wait(wait, stop);
  if (stop.stop_requested()) {
    ended_ = "habitd is stopping";
    return refuse();
  }
  at.pace.asked(around_.now(), around_.random());
  ++cost_.requests;
  auto answer = around_.send(request, stop);
  cost_.bytes += answer ? answer->wire_bytes : failed_request_bytes;
  if (answer)
    at.pace.answered();
  return answer;
}

} // namespace habitd
