#include "http/polite_client.hpp"

#include <catch2/catch.hpp>

using namespace habitd;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

client_response answered(int status, std::string body = {}) {
  client_response answer;
  answer.status = status;
  answer.body = std::move(body);
  answer.wire_bytes = 100 + answer.body.size();
  return answer;
}

/// Servers in virtual time: waiting takes no time, and moves the clock.
struct made_net {
  steady_time time{};
  std::vector<std::pair<std::string, steady_time>> asked{};
  std::function<expected<client_response>(const std::string& url)> answer =
    [](const std::string&) { return answered(200); };
  std::string robots{};

  polite_surroundings surroundings() {
    polite_surroundings around;
    around.send = [this](const client_request& request, std::stop_token) {
      asked.emplace_back(request.url, time);
      if (request.url.ends_with("/robots.txt"))
        return expected<client_response>{answered(robots.empty() ? 404 : 200, robots)};
      return answer(request.url);
    };
    around.now = [this] { return time; };
    around.wait = [this](std::chrono::milliseconds wait, std::stop_token) {
      time += wait;
    };
    around.random = [] { return 0.5; };
    return around;
  }

  polite_client client(polite_policy policy = {}) { return {policy, surroundings()}; }
};

expected<client_response> get(polite_client& client, const std::string& url,
                              std::stop_token stop = {}) {
  client_request request;
  request.url = url;
  return client.get(request, stop);
}

client_response busy(std::chrono::seconds wait) {
  auto answer = answered(429);
  answer.retry_after = wait;
  return answer;
}

} // namespace

TEST_CASE("one server is asked no more than once a second, another in between") {
  made_net net;
  auto client = net.client();

  for (const auto* url : {"https://a.example/1", "https://a.example/2",
                          "https://b.example/1", "https://a.example/3"})
    REQUIRE(get(client, url));

  REQUIRE(net.asked.size() == 6);
  CHECK(net.asked[0].first == "https://a.example:443/robots.txt");
  CHECK(net.asked[1].second - net.asked[0].second == 1125ms);
  CHECK(net.asked[2].second - net.asked[1].second == 1125ms);
  CHECK(net.asked[3].second == net.asked[2].second);
  CHECK(net.asked[5].second - net.asked[2].second >= 1125ms);
  CHECK(client.cost() == run_cost{6, 600, 0});
}

TEST_CASE("what robots.txt forbids is not asked for, and its delay is kept") {
  made_net net;
  net.robots = "User-agent: *\nDisallow: /secret\nCrawl-delay: 5\n";
  auto client = net.client();

  const auto forbidden = get(client, "https://a.example/secret/1");
  REQUIRE(get(client, "https://a.example/open"));
  REQUIRE(get(client, "https://a.example/open"));

  REQUIRE_FALSE(forbidden);
  CHECK(code_of(forbidden.error()) == ec::invalid_input);
  CHECK_THAT(describe(forbidden.error()), Contains("robots.txt forbids it"));
  REQUIRE(net.asked.size() == 3);
  CHECK(net.asked[2].second - net.asked[1].second >= 5s);
}

TEST_CASE("a server whose robots.txt can't be had is left alone") {
  made_net net;
  auto around = net.surroundings();
  around.send = [&net](const client_request& request, std::stop_token) {
    net.asked.emplace_back(request.url, net.time);
    return expected<client_response>{answered(500)};
  };
  polite_client client{{}, around};

  CHECK_FALSE(get(client, "https://a.example/1"));
  CHECK(net.asked.size() == 3);
  CHECK_THAT(net.asked.back().first, Contains("robots.txt"));
}

TEST_CASE("a server that asks to wait is not asked before, and less often afterwards") {
  made_net net;
  int times = 0;
  net.answer = [&times](const std::string&) {
    return expected<client_response>{++times == 1 ? busy(30s) : answered(200)};
  };
  auto client = net.client();

  REQUIRE(get(client, "https://a.example/1"));
  REQUIRE(get(client, "https://a.example/2"));

  REQUIRE(net.asked.size() == 4);
  CHECK(net.asked[2].second - net.asked[1].second == 30s);
  CHECK(net.asked[3].second - net.asked[2].second == 2250ms);
  CHECK(client.cost().slow_downs == 1);
}

TEST_CASE("a page that fails is asked for again, slower each time, and then given up") {
  made_net net;
  net.answer = [](const std::string&) {
    return expected<client_response>{answered(502)};
  };
  auto client = net.client();

  const auto failed = get(client, "https://a.example/1");

  REQUIRE(failed);
  CHECK(failed->status == 502);
  REQUIRE(net.asked.size() == 4);
  CHECK(net.asked[2].second - net.asked[1].second == 2s);
  CHECK(net.asked[3].second - net.asked[2].second == 4s);
  CHECK(client.ended().empty());
}

TEST_CASE("what can't get better is not asked for again") {
  made_net net;
  net.answer = [](const std::string&) {
    return expected<client_response>{
      make_error(ec::invalid_input, std::string{"a bomb"})};
  };
  auto client = net.client();

  CHECK_FALSE(get(client, "https://a.example/1"));
  CHECK(net.asked.size() == 2);
}

TEST_CASE("a run ends when servers have asked often enough to slow down") {
  made_net net;
  net.answer = [](const std::string&) { return expected<client_response>{busy(1s)}; };
  polite_policy policy;
  policy.budget.slow_downs = 5;
  auto client = net.client(policy);

  CHECK_FALSE(get(client, "https://a.example/1"));
  CHECK_FALSE(get(client, "https://a.example/2"));
  const auto asked = net.asked.size();
  CHECK_FALSE(get(client, "https://a.example/3"));

  CHECK(client.was_sent_away());
  CHECK(client.ended() == "asked to slow down 5 times");
  CHECK(net.asked.size() == asked);
}

TEST_CASE("a server that asks to wait for hours ends the run at once") {
  made_net net;
  net.answer = [](const std::string&) {
    return expected<client_response>{busy(std::chrono::seconds::max())};
  };
  auto client = net.client();

  CHECK_FALSE(get(client, "https://a.example/1"));

  CHECK(net.asked.size() == 2);
  CHECK(client.was_sent_away());
}

TEST_CASE("a run ends when its requests or bytes are used up") {
  made_net net;
  polite_policy few;
  few.budget.requests = 3;
  polite_policy little;
  little.budget.bytes = 250;
  for (const auto& policy : {few, little}) {
    auto client = net.client(policy);
    CHECK(get(client, "https://a.example/1"));
    CHECK(get(client, "https://a.example/2"));
    CHECK_FALSE(get(client, "https://a.example/3"));
    CHECK_THAT(client.ended(), Contains("used up"));
    CHECK_FALSE(client.was_sent_away());
  }
}

TEST_CASE("a run that stops asks no more") {
  made_net net;
  auto client = net.client();
  std::stop_source stop;
  stop.request_stop();

  CHECK_FALSE(get(client, "https://a.example/1", stop.get_token()));

  CHECK(net.asked.empty());
  CHECK(client.ended() == "habitd is stopping");
}

TEST_CASE("a gap that was widened narrows again when all is calm") {
  request_pace pace{{.jitter = 0, .calm = 2}};
  steady_time now{};
  pace.slow_down(now, 5s);
  CHECK(pace.wait(now) == 5s);
  now += 5s;
  pace.asked(now, 0);
  CHECK(pace.wait(now) == 2s);
  pace.answered();
  pace.answered();
  now += 2s;
  pace.asked(now, 0);
  CHECK(pace.wait(now) == 1s);
}
