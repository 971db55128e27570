#include "actors/community/crawl/discourse_json.hpp"

#include "actors/community/crawl/import_links.hpp"
#include "messages/time_text.hpp"
#include "tests/forum/forum_json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

using namespace habitd;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

const std::filesystem::path bodies{HABITD_SHARED_DATA "/discourse"};

bool has_bodies() {
  if (std::filesystem::exists(bodies))
    return true;
  WARN("skipped: " << bodies << " is not here");
  return false;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Keys of `real` that `made` lacks, or has with a value of another kind.
std::string lacks(const boost::json::object& real, const boost::json::object& made,
                  const std::set<std::string>& of_a_user) {
  std::string found;
  for (const auto& [key, value] : real) {
    const auto* own = made.if_contains(key);
    if (of_a_user.contains(std::string{key}))
      continue;
    const bool same = own && (own->kind() == value.kind() || own->is_null() ||
                              value.is_null() || (own->is_number() && value.is_number()));
    if (!same)
      found += std::string{key} + " ";
  }
  return found;
}

} // namespace

TEST_CASE("every topic and every list of real forums is read") {
  if (!has_bodies())
    return;
  std::size_t topics = 0;
  std::size_t lists = 0;
  for (const auto& file : std::filesystem::directory_iterator{bodies}) {
    const auto name = file.path().filename().string();
    if (!name.ends_with(".json"))
      continue;
    const auto text = text_of(file.path());
    if (name.starts_with("fixture_topic") || name.starts_with("ha_community") ||
        name == "gem_topic.json") {
      const auto id = boost::json::parse(text).at("id").to_number<std::uint64_t>();
      const auto topic = read_topic(text, id);
      INFO(name << (topic ? "" : describe(topic.error())));
      CHECK(topic);
      ++topics;
    } else if (text.find("\"topic_list\"") != text.npos &&
               !name.starts_with("fixture_search")) {
      const auto page = read_list_page(text, 1);
      INFO(name << (page ? "" : describe(page.error())));
      CHECK(page);
      CHECK(page->skipped.empty());
      ++lists;
    }
  }
  CHECK(topics >= 9);
  CHECK(lists >= 8);
}

TEST_CASE("a real topic of the Blueprints Exchange says what it says") {
  if (!has_bodies())
    return;
  const auto topic =
    read_topic(text_of(bodies / "ha_community_topic_253804.json"), 253804);

  REQUIRE(topic);
  CHECK(topic->title == "ZHA - IKEA five button remote for lights");
  CHECK(topic->author == "frenck");
  CHECK(topic->form == body_form::html);
  CHECK_THAT(topic->body, Contains("<code class=\"lang-yaml\">"));
  CHECK(format_utc(topic->created) == "2020-12-10T09:20:58.681Z");
  CHECK(format_utc(topic->updated) == "2020-12-10T09:22:08.993Z");
  CHECK(topic->version == 1);
  CHECK(topic->links.size() == 2);
}

TEST_CASE("the made forum has the keys of real ones") {
  if (!has_bodies())
    return;
  const auto real =
    boost::json::parse(text_of(bodies / "ha_community_topic_253804.json")).as_object();
  forum at;
  const auto id = at.add_topics(1, 5).front();
  at.topic(id).links = {"https://gist.github.com/a/b"};
  const auto made = topic_json(at.topic(id), at.options(), false);

  // What a signed-in user is shown of his own doings.
  const std::set<std::string> of_a_user{"suggested_topics",
                                        "draft",
                                        "draft_key",
                                        "draft_sequence",
                                        "posted",
                                        "pinned_at",
                                        "pinned_until",
                                        "last_read_post_number",
                                        "last_read_post_id",
                                        "deleted_by",
                                        "has_deleted",
                                        "topic_timer",
                                        "private_topic_timer",
                                        "message_bus_last_id",
                                        "show_read_indicator",
                                        "can_vote",
                                        "vote_count",
                                        "user_voted",
                                        "primary_group_flair_url",
                                        "primary_group_flair_bg_color",
                                        "primary_group_flair_color",
                                        "reviewable_id",
                                        "reviewable_score_count",
                                        "reviewable_score_pending_count",
                                        "user_created_at",
                                        "user_date_of_birth",
                                        "user_signature",
                                        "can_accept_answer",
                                        "can_unaccept_answer",
                                        "accepted_answer",
                                        "bookmarked",
                                        "liked",
                                        "notification_level",
                                        "unread",
                                        "new_posts"};
  CHECK(lacks(real, made, of_a_user) == "");
  const auto post = [](const boost::json::object& topic) {
    return topic.at("post_stream").at("posts").at(0).as_object();
  };
  CHECK(lacks(post(real), post(made), of_a_user) == "");
  const auto item = real.at("suggested_topics").at(0).as_object();
  CHECK(lacks(item, list_item_json(at.topic(id), at.options(), true), of_a_user) == "");
}

TEST_CASE("each real form of a limit tells how long to wait") {
  if (!has_bodies())
    return;
  const auto shapes = boost::json::parse(text_of(bodies / "rate_limit_429_shapes.json"));
  for (const auto& each : shapes.at("cases").as_array()) {
    client_response answer;
    answer.status = 429;
    answer.body = each.at("body").as_string();
    const auto name = std::string{each.at("case").as_string()};
    INFO(name);
    const auto wait = told_wait(answer); // the header, which is not set, would come first
    if (name.starts_with("per_ip_2"))    // the old forms say nothing in words
      CHECK_FALSE(wait);
    else
      CHECK(wait == std::chrono::seconds{std::stoi(
                      std::string{each.at("headers").at("Retry-After").as_string()})});
  }
}

TEST_CASE("real import links lead where Home Assistant would go") {
  if (!has_bodies())
    return;
  std::ifstream in{bodies / "import_links.csv"};
  const std::vector<std::string> hosts{"gist.github.com", "gist.githubusercontent.com",
                                       "github.com", "raw.githubusercontent.com"};
  std::string line;
  std::getline(in, line);
  std::size_t resolved = 0;
  std::size_t elsewhere = 0;
  while (std::getline(in, line)) {
    fetched_topic topic;
    topic.body = "x ?blueprint_url=" + percent_encoded(line.substr(0, line.find(',')));
    const auto found =
      find_import_links(topic, "https://community.home-assistant.io", hosts);
    resolved += found.links.size();
    elsewhere += found.links.empty() ? 1 : 0;
    for (const auto& link : found.links)
      CHECK((link.url.starts_with("https://raw.githubusercontent.com/") ||
             link.url.starts_with("https://gist.githubusercontent.com/") ||
             link.url.starts_with("https://gist.github.com/")));
  }
  CHECK(resolved >= 100);
  CHECK(resolved + elsewhere == 128);
}

TEST_CASE("items of a list that can't be used are left out with their place") {
  const auto page = read_list_page(
    R"({"topic_list": {"topics": [{"id": 1, "bumped_at": "2026-01-01T00:00:00.000Z",
       "like_count": 9}, {"bumped_at": "2026-01-01T00:00:00.000Z"}, 7,
       {"id": 3, "bumped_at": "soon"}, {"id": -4}]}})",
    53);

  REQUIRE(page);
  REQUIRE(page->items.size() == 1);
  CHECK(page->items[0].votes == 9);
  CHECK(page->skipped == std::vector<std::string>{"item 1: no id", "item 2: no object",
                                                  "item 3: no time of its last activity",
                                                  "item 4: no id"});
}

TEST_CASE("tags are read in both forms") {
  for (const bool objects : {true, false}) {
    forum_options options;
    options.tags_are_objects = objects;
    forum at{options};
    const auto id = at.add_topics(1, 5).front();
    const auto answer = at.answer(fmt::format("/t/-/{}.json?include_raw=1", id));
    CHECK(read_topic(answer.body, id)->tags == at.topic(id).tags);
  }
}
