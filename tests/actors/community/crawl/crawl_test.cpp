#include "tests/actors/community/crawl/crawled_home.hpp"

using namespace habitd;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

std::string reasons(const staged_end& end) {
  std::string text;
  for (const auto& skipped : end.skipped)
    text += skipped.place + ": " + skipped.reason + "\n";
  return text;
}

void pass_week(crawled_home& home) {
  home.at.set_time(home.at.now() + 24h * 7);
}

} // namespace

TEST_CASE("a first crawl brings every topic, with text, votes and author") {
  crawled_home home;
  home.at.add_topics(95, 10);

  const auto end = home.run("job-1");

  CHECK(differences(home).empty());
  CHECK(end.missed == 0);
  CHECK(reasons(end).empty());
  const auto& first = *home.at.topics().begin();
  const auto& topic = *home.topic(first.first);
  CHECK(topic.form == body_form::markdown);
  CHECK(topic.title == first.second.title);
  CHECK(topic.author == first.second.author);
  CHECK(topic.tags == first.second.tags);
  CHECK(topic.created == first.second.created);
  CHECK_THAT(topic.cooked, Contains("<code class=\"lang-yaml\">"));
  CHECK(topic.url == "https://forum.example/t/250000");
  CHECK(forum_state_from(home.cursor)->newest > wall_time{});
  // robots.txt, category, activity, 4 pages by likes, the top again, and the topics
  CHECK(end.requests == 1 + 1 + 1 + 4 + 1 + 95);
}

TEST_CASE("a week later only what is new, changed or due is read again") {
  crawled_home home;
  const auto ids = home.at.add_topics(80, 10);
  home.run("job-1");
  pass_week(home);
  const auto fresh = home.at.add_topics(3, 10);
  home.at.reply(ids[5]);
  home.at.like(ids[7], 100);
  home.at.like(ids[8], -4);

  const auto end = home.run("job-2");

  CHECK(differences(home).empty());
  CHECK(home.handed_over >= 3 + 1 + 10 - 1);
  CHECK(home.handed_over <= 3 + 1 + 10);
  CHECK(end.requests < 30);
}

TEST_CASE("an edit that doesn't bump shows within eight weeks") {
  crawled_home home;
  const auto ids = home.at.add_topics(40, 10);
  home.run("job-1");
  for (const auto id : ids)
    home.at.edit(id, "```yaml\nblueprint: {}\n```");

  for (int week = 1; week <= 8; ++week) {
    pass_week(home);
    home.run(fmt::format("job-{}", week + 1));
  }

  CHECK(differences(home).empty());
  CHECK(home.topic(ids[0])->version == 2);
}

TEST_CASE("a topic is gone when it was missing twice, two days apart") {
  crawled_home home;
  const auto ids = home.at.add_topics(20, 10);
  home.run("job-1");
  pass_week(home);
  home.at.remove(ids[3]);

  const auto first = home.run("job-2");
  home.at.set_time(home.at.now() + 10h);
  const auto same_day = home.run("job-3");
  home.at.set_time(home.at.now() + 48h);
  const auto second = home.run("job-4");

  CHECK(first.gone.empty());
  CHECK(same_day.gone.empty());
  REQUIRE(second.gone.size() == 1);
  CHECK(second.gone[0].source_id == std::to_string(ids[3]));
  CHECK_THAT(second.gone[0].reason,
             Contains("missing on 2024-10-1") && Contains(" and "));
  CHECK(home.topic(ids[3]) == nullptr);
}

TEST_CASE("a topic that comes back is not gone") {
  crawled_home home;
  const auto ids = home.at.add_topics(20, 10);
  home.run("job-1");
  pass_week(home);
  home.at.remove(ids[3]);
  home.run("job-2");
  home.at.topic(ids[3]).deleted = false;
  pass_week(home);
  home.run("job-3");
  home.at.remove(ids[3]);
  pass_week(home);

  CHECK(home.run("job-4").gone.empty());
}

TEST_CASE("no failure of the server deletes a topic") {
  crawled_home home;
  const auto ids = home.at.add_topics(20, 10);
  home.run("job-1");
  for (const int status : {403, 500, 503}) {
    pass_week(home);
    home.at.mood = [status](const std::string& target) -> std::optional<forum_answer> {
      if (target.starts_with("/t/"))
        return forum_answer{.status = status, .body = "<html>"};
      return std::nullopt;
    };
    CHECK(home.run(fmt::format("job-{}", status)).gone.empty());
  }
  CHECK(home.corpus.size() == ids.size());
}

TEST_CASE("a forum without the filter, or that ignores it, is read by activity") {
  forum_options without;
  without.has_filter = false;
  for (const auto& options : {without, forum_options{}}) {
    crawled_home home{options};
    home.at.add_topics(100, 10);
    home.at.pin(250'000);
    home.run("job-1");
    pass_week(home);
    home.at.add_topics(3, 10);
    if (options.has_filter)
      home.at.mood = [](const std::string& target) -> std::optional<forum_answer> {
        if (target.starts_with("/filter.json"))
          return forum_answer{.status = 403};
        return std::nullopt;
      };
    home.net.asked.clear();
    home.run("job-2");

    CHECK(differences(home).empty());
    const auto by_activity =
      std::count_if(home.net.asked.begin(), home.net.asked.end(), [](const auto& asked) {
        return asked.first.find("order=activity") != asked.first.npos;
      });
    CHECK(by_activity >= 2); // and no more than one page beyond what changed
    CHECK(by_activity <= 5);
  }
}

TEST_CASE("new topics need likes, and are taken by likes up to the limit of a run") {
  crawled_home home;
  home.settings.least_likes = 100;
  home.settings.topics_a_run = 20;
  home.at.add_topics(300, 0); // up to 59 likes
  const auto liked = home.at.add_topics(30, 100);

  home.run("job-1");
  CHECK(home.corpus.size() == 20);
  home.run("job-2");
  CHECK(home.corpus.size() == 30);
  for (const auto id : liked)
    CHECK(home.topic(id));
  home.net.asked.clear();
  home.run("job-3");

  const auto lists =
    std::count_if(home.net.asked.begin(), home.net.asked.end(), [](const auto& asked) {
      return asked.first.find("op_likes") != asked.first.npos;
    });
  CHECK(lists <= 3); // not the whole forum
}

TEST_CASE("a topic whose likes were taken back is still followed") {
  crawled_home home;
  home.settings.least_likes = 100;
  const auto liked = home.at.add_topics(40, 100);
  home.at.add_topics(200, 0);
  home.run("job-1");
  home.at.like(liked[0], -30);
  pass_week(home);

  home.run("job-2");

  CHECK(home.topic(liked[0])->votes == home.at.topic(liked[0]).op_likes);
}

TEST_CASE("a category of another name is a wrong setting") {
  crawled_home home;
  home.settings.slug = "feature-requests";

  const auto failed = home.crawl("job-1");

  CHECK(code_of(failed) == ec::invalid_input);
  CHECK_THAT(describe(failed),
             Contains("\"blueprints-exchange\", not \"feature-requests\""));
}

TEST_CASE("bad answers are refused with their reason, and the run goes on") {
  crawled_home home;
  const auto ids = home.at.add_topics(40, 10);
  const auto at = [&ids](std::size_t i) { return fmt::format("/t/-/{}.json", ids[i]); };
  std::map<std::string, forum_answer> bad{
    {at(0), {.content_type = "text/html", .body = "<!DOCTYPE html><html>Just a moment"}},
    {at(1), {.body = R"({"id": 1, "post_stream": )"}},
    {at(2), {.body = R"({"id": 250002, "post_stream": {"posts": [], "stream": []}})"}},
    {at(3), {.body = "\xff\xfe{\"id\":1}"}},
    {at(4), {.body = std::string(100'000, '[')}},
    {at(5), {.body = R"({"id": 7, "post_stream": {"posts": [{"post_number": 1}]}})"}},
    {at(6), {.status = 404}},
    {at(7), {.status = 301, .headers = {{"Location", "/t/x/1.json"}}}}};
  home.at.mood = [&bad](const std::string& target) -> std::optional<forum_answer> {
    const auto found = bad.find(target.substr(0, target.find('?')));
    return found == bad.end() ? std::nullopt : std::optional{found->second};
  };

  const auto end = home.run("job-1");

  CHECK(home.corpus.size() == 32);
  CHECK(end.missed == 7);
  CHECK_THAT(reasons(end),
             Contains("topic 250000: corrupt data: topic: HTML instead of JSON"));
  CHECK_THAT(reasons(end), Contains("topic 250001: corrupt data: topic: not the JSON"));
  CHECK_THAT(reasons(end),
             Contains("topic 250002: invalid input: a topic without its first"));
  CHECK_THAT(reasons(end), Contains("topic 250003: corrupt data"));
  CHECK_THAT(reasons(end), Contains("topic 250004: corrupt data"));
  CHECK_THAT(reasons(end), Contains("topic 250005: invalid input: another topic"));
  CHECK_THAT(reasons(end), Contains("topic 250007: status 301"));
  CHECK(forum_state_from(home.cursor)->newest == wall_time{}); // tried again from there
  home.at.mood = {};
  home.run("job-2");
  pass_week(home);
  CHECK(home.topic(ids[0]));
  CHECK(home.topic(ids[1]));
}

TEST_CASE("import links are followed to listed hosts alone, and kept fresh") {
  crawled_home home;
  const auto ids = home.at.add_topics(3, 10);
  const std::string gist = "https://gist.githubusercontent.com/me/abc123/raw";
  const std::string file =
    "https://raw.githubusercontent.com/me/repo/main/my%20light.yaml";
  home.at.put_file(gist, "blueprint:\n  name: gist\n");
  home.at.put_file(file, "blueprint:\n  name: file\n");
  home.at.topic(ids[0]).raw =
    "[![](https://my.home-assistant.io/badges/blueprint_import.svg)](https://"
    "my.home-assistant.io/redirect/blueprint_import/?blueprint_url=https%3A%2F%2F"
    "gist.github.com%2Fme%2Fabc123%23file-x)";
  home.at.topic(ids[1]).links = {"https://github.com/me/repo/blob/main/my light.yaml",
                                 "https://example.com/x.yaml"};
  home.at.topic(ids[2]).raw =
    "x ?blueprint_url=http://127.0.0.1:8123/a.yaml ?blueprint_url=http%3A%2F%2F"
    "169.254.169.254%2Fb.yaml ?blueprint_url=https://forum.example/t/x/1 "
    "?blueprint_url=file:///etc/passwd";

  const auto end = home.run("job-1");

  REQUIRE(home.corpus.contains("gist/" + gist));
  const auto& from_gist = home.corpus.at("gist/" + gist);
  CHECK(from_gist.body == "blueprint:\n  name: gist\n");
  CHECK(from_gist.form == body_form::yaml);
  CHECK(from_gist.url == "https://gist.github.com/me/abc123");
  CHECK(from_gist.title == home.at.topic(ids[0]).title);
  CHECK(from_gist.votes == home.at.topic(ids[0]).op_likes);
  CHECK(home.corpus.contains("github/" + file));
  CHECK(home.corpus.size() == 5);
  CHECK_THAT(reasons(end),
             Contains("http://127.0.0.1:8123/a.yaml: host 127.0.0.1 is not") &&
               Contains("host 169.254.169.254 is not") && Contains("not a web address"));
  for (const auto& [url, when] : home.net.asked)
    CHECK((url.starts_with("https://forum.example/") ||
           url.starts_with("https://gist.githubusercontent.com") ||
           url.starts_with("https://raw.githubusercontent.com")));

  SECTION("unchanged files cost no text, changed ones are handed over") {
    pass_week(home);
    home.at.reply(ids[0]);
    home.at.reply(ids[1]);
    home.at.like(ids[0], 50);
    home.at.put_file(file, "blueprint:\n  name: other\n");
    home.run("job-2");
    CHECK(home.corpus.at("github/" + file).body == "blueprint:\n  name: other\n");
    CHECK(home.corpus.at("gist/" + gist).votes == home.at.topic(ids[0]).op_likes);
    CHECK(home.handed_over == 3);
  }
  SECTION("a file that is missing twice is gone, and one that is linked no more") {
    home.at.remove_file(gist);
    home.at.topic(ids[1]).links.clear();
    for (int week = 2; week <= 3; ++week) {
      pass_week(home);
      home.at.reply(ids[0]);
      home.at.reply(ids[1]);
      home.run(fmt::format("job-{}", week));
      CHECK(home.corpus.contains("gist/" + gist) == (week == 2));
      CHECK_FALSE(home.corpus.contains("github/" + file));
    }
  }
}

TEST_CASE("what robots.txt forbids is not read") {
  crawled_home home;
  home.at.add_topics(3, 10);
  home.at.robots = "User-agent: *\nDisallow: /t/\n";

  const auto end = home.run("job-1");

  CHECK(home.corpus.empty());
  CHECK_THAT(reasons(end), Contains("robots.txt forbids it"));
}

TEST_CASE("a run whose budget is used up hands over what it has, and the next goes on") {
  crawled_home home;
  home.at.add_topics(60, 10);
  home.policy.budget.requests = 40;

  const auto end = home.run("job-1");

  CHECK(home.corpus.size() > 20);
  CHECK(end.requests == 40);
  CHECK_THAT(reasons(end), Contains("the 40 requests of a run are used up"));
  CHECK(forum_state_from(home.cursor)->newest == wall_time{});
  home.run("job-2");
  home.run("job-3");
  CHECK(differences(home).empty());
}

TEST_CASE("topics that are bumped while the list is read are not lost") {
  crawled_home home;
  const auto ids = home.at.add_topics(100, 10);
  home.run("job-1");
  pass_week(home);
  std::size_t page = 0;
  home.at.mood = [&](const std::string& target) -> std::optional<forum_answer> {
    if (target.find("op_likes") != target.npos && page < 3) {
      home.at.add_topics(1, 300); // shifts the list by likes, too
      home.at.reply(ids[50 + page++]);
    }
    return std::nullopt;
  };

  home.run("job-2");
  home.at.mood = {};

  CHECK(differences(home).empty());
}

TEST_CASE("the state of a forum comes back from its text") {
  forum_state state;
  state.newest = wall_time{5ms};
  state.topics[7] = {3, wall_time{1ms}, wall_time{2ms}, 4, {}, {}};
  state.topics[9] = {0,
                     {},
                     {},
                     0,
                     wall_time{8ms},
                     {{"gist", "https://a b/%", "-", {"W/\"x y\"", ""}, wall_time{3ms}}}};

  CHECK(*forum_state_from(to_text(state)) == state);
  CHECK(*forum_state_from("") == forum_state{});
  for (const auto* bad : {"x", "forum-state 2\n1\n", "forum-state 1\n1\nt 1 2\n",
                          "forum-state 1\n1\nl a b c d e 1\n"})
    CHECK_FALSE(forum_state_from(bad));
}
