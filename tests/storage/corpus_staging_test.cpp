#include "storage/corpus_staging.hpp"
#include "tests/storage/scratch_directory.hpp"

using namespace habitd;
using namespace std::chrono_literals;

namespace {

fetched_topic made_topic(const std::string& id) {
  fetched_topic topic;
  topic.source = "forum";
  topic.source_id = id;
  topic.url = "https://forum.example/t/x/" + id;
  topic.title = "Motion \"light\"";
  topic.author = "balloob";
  topic.form = body_form::markdown;
  topic.body = std::string("```yaml\n\0\xff```", 14);
  topic.cooked = "<pre>";
  topic.votes = 4711;
  topic.version = 3;
  topic.created = wall_time{1'600'000'000'123ms};
  topic.updated = wall_time{-5ms};
  topic.bumped = wall_time{1'790'000'000'000ms};
  topic.category = "blueprints-exchange";
  topic.tags = {"zha", ""};
  topic.links = {"https://gist.github.com/a/b"};
  return topic;
}

struct open_staging {
  scratch_directory scratch;
  std::unique_ptr<database> db = must_open(scratch.options());
  corpus_staging staging{*db};

  std::vector<std::string> topics_of(const std::string& job) const {
    std::vector<std::string> ids;
    const auto unreadable = staging.visit_topics(job, [&ids](fetched_topic&& topic) {
      ids.push_back(topic.source_id);
      return true;
    });
    REQUIRE(unreadable);
    CHECK(*unreadable == 0);
    return ids;
  }
};

} // namespace

TEST_CASE_METHOD(open_staging, "a staged step comes back as it was put") {
  const staged_step step{.topic = made_topic("17"),
                         .note = std::string("\0n", 2),
                         .requests = 2,
                         .bytes = 300};
  REQUIRE_FALSE(staging.put("job-1", "forum", "topic/17", step));
  REQUIRE_FALSE(staging.put("job-1", "forum", "list/0", {.note = "page"}));

  CHECK(*staging.get("job-1", "forum", "topic/17") == step);
  CHECK(staging.get("job-1", "forum", "list/0")->note == "page");
  CHECK(code_of(staging.get("job-2", "forum", "topic/17").error()) == ec::not_found);
}

TEST_CASE_METHOD(open_staging, "topics are visited by job, whatever their source") {
  for (const auto* id : {"2", "1"})
    REQUIRE_FALSE(
      staging.put("job-1", "forum", id, {.topic = made_topic(id), .note = {}}));
  REQUIRE_FALSE(staging.put("job-1", "folder", "a/b.yaml", {.topic = made_topic("f")}));
  REQUIRE_FALSE(staging.put("job-11", "forum", "9", {.topic = made_topic("9")}));
  REQUIRE_FALSE(staging.put("job-1", "forum", "list/0", {.note = "page"}));

  CHECK(topics_of("job-1") == std::vector<std::string>{"f", "1", "2"});
  CHECK(topics_of("job-11") == std::vector<std::string>{"9"});
}

TEST_CASE_METHOD(open_staging, "the end of a source comes back as it was told") {
  const staged_end end{.source = "forum",
                       .sightings = {{"forum", "17", 5, wall_time{9ms}}},
                       .gone = {{"forum", "18", "404 twice"}},
                       .complete = true,
                       .cursor = {"forum", std::string("\0c", 2)},
                       .skipped = {{"topic 19", "no posts"}},
                       .missed = 1,
                       .requests = 40,
                       .bytes = 1 << 20};
  REQUIRE_FALSE(staging.finish("job-1", end));
  REQUIRE_FALSE(staging.finish("job-1", {.source = "folder"}));

  const auto ends = staging.ends("job-1");

  REQUIRE(ends);
  REQUIRE(ends->size() == 2);
  CHECK(ends->at(0).source == "folder");
  CHECK(ends->at(1) == end);
  CHECK(staging.ends("job-2")->empty());
}

TEST_CASE_METHOD(open_staging,
                 "steps that brought nothing can be forgotten by their note") {
  REQUIRE_FALSE(staging.put("job-1", "forum", "1", {.note = "failed"}));
  REQUIRE_FALSE(
    staging.put("job-1", "forum", "2", {.topic = made_topic("2"), .note = "failed"}));
  REQUIRE_FALSE(staging.put("job-1", "forum", "3", {.note = "page"}));

  REQUIRE_FALSE(staging.forget("job-1", "forum",
                               [](std::string_view note) { return note == "failed"; }));

  CHECK_FALSE(staging.get("job-1", "forum", "1"));
  CHECK(staging.get("job-1", "forum", "2"));
  CHECK(staging.get("job-1", "forum", "3"));
}

TEST_CASE_METHOD(open_staging, "what a job staged goes with its commit, and no other's") {
  REQUIRE_FALSE(staging.put("job-1", "forum", "1", {.topic = made_topic("1")}));
  REQUIRE_FALSE(staging.finish("job-1", {.source = "forum"}));
  REQUIRE_FALSE(staging.put("job-2", "forum", "1", {.topic = made_topic("1")}));

  batch changes;
  staging.erase(changes, "job-1");
  REQUIRE_FALSE(db->write(std::move(changes)));

  CHECK(topics_of("job-1").empty());
  CHECK(staging.ends("job-1")->empty());
  CHECK(topics_of("job-2").size() == 1);
}

TEST_CASE_METHOD(open_staging, "a staged answer that is damaged is no answer") {
  REQUIRE_FALSE(staging.put("job-1", "forum", "1", {.topic = made_topic("1")}));
  auto bytes = *db->get(family::corpus_staging, "s/job-1/forum/1");
  batch changes;
  changes.put(family::corpus_staging, "s/job-1/forum/1",
              bytes.substr(0, bytes.size() / 2));
  REQUIRE_FALSE(db->write(std::move(changes)));

  CHECK(code_of(staging.get("job-1", "forum", "1").error()) == ec::corrupt_data);
  CHECK(*staging.visit_topics("job-1", [](fetched_topic&&) { return true; }) == 1);
}
