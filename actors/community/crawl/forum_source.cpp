#include "actors/community/crawl/forum_source.hpp"

#include "actors/community/crawl/forum_crawl.hpp"
#include "actors/community/crawl/read_answer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

constexpr const char* read_from = "forum";
constexpr const char* start_step = "started";

/// One run of one job: what was staged is heard again, the rest is asked for.
class forum_run {
public:
  forum_run(const forum_reader& reader, corpus_staging& staging, const std::string& job,
            std::stop_token stop)
      : reader_{reader}, staging_{staging}, job_{job}, stop_{std::move(stop)} {}

  error run();

private:
  expected<wall_time> started();
  expected<crawl_answer> answer_to(const crawl_request& request);
  expected<crawl_answer> ask(const crawl_request& request);
  polite_client& client();
  error end(const forum_crawl& crawl);

  const forum_reader& reader_;
  corpus_staging& staging_;
  const std::string& job_;
  std::stop_token stop_;
  run_cost cost_; // of what was staged
  std::optional<polite_client> client_;
};

/// When the job was begun: an attempt that goes on counts days like the first one.
expected<wall_time> forum_run::started() {
  const auto before = staging_.get(job_, read_from, start_step);
  if (before)
    return wall_time{std::chrono::milliseconds{std::atoll(before->note.c_str())}};
  if (code_of(before.error()) != ec::not_found)
    return before.error();
  const auto now = reader_.now();
  staged_step step;
  step.note = std::to_string(now.time_since_epoch().count());
  if (auto failed = staging_.put(job_, read_from, start_step, step))
    return failed;
  return now;
}

polite_client& forum_run::client() {
  if (!client_)
    client_.emplace(reader_.policy, reader_.around, cost_);
  return *client_;
}

expected<crawl_answer> forum_run::answer_to(const crawl_request& request) {
  const auto staged = staging_.get(job_, read_from, request.name);
  if (!staged && code_of(staged.error()) == ec::unavailable)
    return staged.error();
  auto answer =
    staged ? crawl_answer_from(staged->note) : expected<crawl_answer>{staged.error()};
  if (!answer)
    return ask(request);
  cost_.requests += staged->requests;
  cost_.bytes += staged->bytes;
  return answer;
}

expected<crawl_answer> forum_run::ask(const crawl_request& request) {
  client_request page;
  page.url = request.url;
  page.takes_gzip = true;
  page.if_changed = request.if_changed;
  page.headers = {
    {"Accept", request.step == crawl_step::link ? "*/*" : "application/json"}};
  const auto before = client().cost();
  const auto response = client().get(page, stop_);
  if (!response && !client().ended().empty())
    return make_error(ec::unavailable, reader_.settings.url, client().ended());
  auto result = read_answer(request, response, reader_.settings);
  staged_step step;
  step.topic = std::move(result.topic);
  step.note = encoded(result.answer);
  step.requests = client().cost().requests - before.requests;
  step.bytes = client().cost().bytes - before.bytes;
  if (auto failed = staging_.put(job_, read_from, request.name, step))
    return failed;
  return std::move(result.answer);
}

error forum_run::end(const forum_crawl& crawl) {
  if (crawl.failed())
    return crawl.failed();
  auto end = crawl.end();
  end.requests = client_ ? client_->cost().requests : cost_.requests;
  end.bytes = client_ ? client_->cost().bytes : cost_.bytes;
  return staging_.finish(job_, end);
}

error forum_run::run() {
  auto known = forum_state_from(reader_.cursor);
  if (!known)
    return known.error();
  // What failed before is asked for again.
  if (auto failed = staging_.forget(job_, read_from, tells_of_failure))
    return failed;
  const auto begun = started();
  if (!begun)
    return begun.error();
  forum_crawl crawl{reader_.settings, std::move(*known), *begun};
  while (const auto& request = crawl.next()) {
    auto answer = answer_to(*request);
    if (answer) {
      crawl.take(*answer);
      continue;
    }
    const bool has_cost_enough = client_ && !client_->ended().empty() &&
                                 !client_->was_sent_away() && !stop_.stop_requested();
    if (!has_cost_enough)
      return answer.error();
    crawl.cut_short(client_->ended());
  }
  return end(crawl);
}

} // namespace

client_limits forum_limits() {
  client_limits limits;
  limits.connect = std::chrono::seconds{10};
  limits.total = std::chrono::seconds{60};
  limits.response_bytes = 8 << 20;
  limits.redirects = 3;
  limits.slow_bytes_per_second = 1'024;
  return limits;
}

expected<reach> forum_reach(const forum_settings& settings) {
  const auto url = parse_url(settings.url);
  if (!url)
    return url.error();
  reach allowed;
  allowed.only_public = true;
  allowed.only_https = true;
  allowed.hosts = settings.link_hosts;
  allowed.trusted = {url->host};
  return allowed;
}

topic_source forum_source(forum_reader reader) {
  return [reader = std::move(reader)](corpus_staging& into, const std::string& job,
                                      std::stop_token stop) {
    return forum_run{reader, into, job, std::move(stop)}.run();
  };
}

} // namespace habitd
