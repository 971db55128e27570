#include "tests/actors/community/crawl/crawled_home.hpp"

#include <csignal>

using namespace habitd;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

/// What a home has after a run that nothing disturbed.
std::map<std::string, fetched_topic>
undisturbed(const std::function<void(forum&)>& make) {
  crawled_home home;
  make(home.at);
  home.run("job-1");
  return home.corpus;
}

void make_small_forum(forum& at) {
  const auto ids = at.add_topics(40, 10);
  at.put_file("https://gist.githubusercontent.com/me/a1/raw", "blueprint: {}");
  at.topic(ids[1]).links = {"https://gist.github.com/me/a1"};
}

} // namespace

TEST_CASE("a run that is killed behind any answer goes on there, and nothing is lost") {
  const auto wanted = undisturbed(make_small_forum);
  crawled_home whole;
  make_small_forum(whole.at);
  const auto all = whole.run("job-1").requests;

  for (std::size_t killed_after = 0; killed_after < all; ++killed_after) {
    crawled_home home;
    make_small_forum(home.at);
    bool is_dead = false;
    struct killed {};
    home.net.reaches = [&](const std::string&) {
      if (!is_dead && home.net.asked.size() == killed_after + 1) {
        is_dead = true;
        throw killed{};
      }
      return true;
    };
    CHECK_THROWS_AS(home.crawl("job-1"), killed);
    home.open_again();

    const auto end = home.run("job-1");

    CHECK(home.corpus == wanted);
    // The one that was under way is asked again, and robots.txt of each host.
    CHECK(home.net.asked.size() <= all + 3);
    CHECK(end.requests <= all + 2);
  }
}

TEST_CASE("a storm of requests to slow down ends the run, and loses nothing") {
  const auto wanted = undisturbed(make_small_forum);
  crawled_home home;
  make_small_forum(home.at);
  std::size_t asked = 0;
  bool storm = true;
  home.at.mood = [&](const std::string&) -> std::optional<forum_answer> {
    if (!storm || ++asked % 10 < 5)
      return std::nullopt;
    if (asked % 2 == 0)
      return forum_answer{.status = 429,
                          .content_type = "text/plain; charset=utf-8",
                          .body = "Slow down, too many requests from this IP address.\n"
                                  "Please retry again in 8 seconds.\n"
                                  "Error code: ip_10_secs_limit.\n"};
    return forum_answer{.status = 429,
                        .body = R"({"errors": ["x"], "error_type": "rate_limit",)"
                                R"( "extras": {"wait_seconds": 12}})"};
  };

  int attempts = 0;
  while (const auto failed = home.crawl("job-1")) {
    CHECK(code_of(failed) == ec::unavailable);
    CHECK_THAT(describe(failed), Contains("asked to slow down 10 times"));
    REQUIRE(++attempts < 20);
    storm = attempts < 4;
  }
  home.commit("job-1");

  CHECK(attempts >= 1);
  CHECK(home.corpus == wanted);
  for (std::size_t i = 1; i < home.net.asked.size(); ++i)
    if (home.net.asked[i].first.starts_with("https://forum"))
      CHECK((home.net.asked[i].second - home.net.asked[i - 1].second >= 0ms));
}

TEST_CASE("when half of all pages fail nothing is lost, only later") {
  crawled_home home;
  home.policy.attempts = 1;
  home.policy.budget.requests = 100'000;
  const auto ids = home.at.add_topics(200, 10);
  std::minstd_rand random{7};
  home.net.reaches = [&random](const std::string& url) {
    return url.ends_with("robots.txt") || url.ends_with("show.json") || random() % 2 == 0;
  };
  int runs = 0;
  for (; runs < 40 && home.corpus.size() < ids.size(); ++runs)
    if (!home.crawl(fmt::format("job-{}", runs)))
      home.commit(fmt::format("job-{}", runs));
  CHECK(home.corpus.size() == ids.size());

  home.at.set_time(home.at.now() + 24h * 7);
  for (const auto id : {ids[3], ids[77], ids[150]}) {
    home.at.edit(id, "new");
    home.at.reply(id);
  }
  for (int i = 0; i < 12; ++i)
    if (const auto job = fmt::format("later-{}", i); !home.crawl(job))
      home.commit(job);
  home.net.reaches = {};
  home.run("last");

  CHECK(differences(home).empty());
  for (const auto id : ids)
    CHECK(home.topic(id)); // none was taken for deleted
}

TEST_CASE("a forum that is down fails the run, and its next attempt goes on") {
  crawled_home home;
  home.at.add_topics(10, 10);
  bool down = true;
  home.net.reaches = [&down](const std::string&) { return !down; };

  const auto failed = home.crawl("job-1");
  down = false;
  home.run("job-1");

  CHECK(code_of(failed) == ec::unavailable);
  CHECK(differences(home).empty());
}

TEST_CASE("a failed run leaves the cursor where it was") {
  crawled_home home;
  home.at.add_topics(10, 10);
  home.run("job-1");
  const auto before = forum_state_from(home.cursor)->newest;
  home.at.set_time(home.at.now() + 24h * 7);
  const auto fresh = home.at.add_topics(1, 10).front();
  home.at.mood = [fresh](const std::string& target) -> std::optional<forum_answer> {
    if (target.find(std::to_string(fresh)) != target.npos)
      return forum_answer{.status = 500};
    return std::nullopt;
  };

  CHECK(home.run("job-2").missed == 1);
  CHECK(forum_state_from(home.cursor)->newest == before);
  home.at.mood = {};
  home.run("job-3");
  CHECK(forum_state_from(home.cursor)->newest > before);
  CHECK(home.topic(fresh));
}
