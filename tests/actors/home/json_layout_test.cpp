// Answers of Home Assistant's REST API, saved as they came or made readable.

#include "tests/actors/home/sample.hpp"

#include <catch2/catch.hpp>

namespace habitd {

namespace {

whole_source read(const std::string& content) {
  const scratch_folder folder;
  const auto source = read_all(folder.write("answer.json", content));
  INFO(failure_of(source));
  REQUIRE(source);
  return *source;
}

} // namespace

TEST_CASE("an answer of /api/history/period is read, minimal or whole") {
  const auto* const content = GENERATE(
    R"([[{"entity_id":"light.a","state":"off","attributes":{"x":[1,{"y":"]}"}]},"last_changed":"2026-11-22T06:00:00+00:00","last_updated":"2026-11-22T06:00:00+00:00"},{"state":"on","last_changed":"2026-11-22T07:00:00+00:00"}],[{"entity_id":"light.b","state":"on","last_changed":"2026-11-22T06:00:00+00:00"}]])",
    R"([
  [
    {
      "entity_id": "light.a",
      "state": "off",
      "attributes": {"friendly_name": "A \"quoted\" [name]"},
      "last_changed": "2026-11-22T06:00:00+00:00"
    },
    {
      "state": "on",
      "last_changed": "2026-11-22T07:00:00+00:00"
    }
  ],
  [
    {
      "entity_id": "light.b",
      "state": "on",
      "last_changed": "2026-11-22T06:00:00+00:00"
    }
  ]
]
)");

  const auto source = read(content);

  REQUIRE(source.rows.size() == 3);
  CHECK(source.rows[1].entity == "light.a");
  CHECK(source.rows[1].state == "on");
  CHECK(source.rows[1].old_state == "off");
  CHECK(source.rows[2].entity == "light.b");
  CHECK(source.problems.bad_rows == 0);
  CHECK(source.description.find("does not say what automations did") !=
        std::string::npos);
}

TEST_CASE("an object of one array does not lend its entity to the next") {
  const auto source = read(
    R"([[{"entity_id":"light.a","state":"off","last_changed":"2026-11-22T06:00:00Z"}],)"
    R"([{"state":"on","last_changed":"2026-11-22T07:00:00Z"}]])");

  CHECK(source.rows.size() == 1);
  CHECK(source.problems.bad_rows == 1);
}

TEST_CASE("the logbook is read with what it says of causes, as an array or by line") {
  const std::string entries[] = {
    R"({"when":"2026-11-22T06:00:00+00:00","name":"A","state":"on","entity_id":"light.a","context_user_id":"u1"})",
    R"({"when":"2026-11-22T06:01:00+00:00","state":"off","entity_id":"light.a","context_event_type":"automation_triggered","context_domain":"automation","context_entity_id":"automation.x"})",
    R"({"when":"2026-11-22T06:01:00+00:00","name":"X","message":"triggered by time","entity_id":"automation.x","domain":"automation"})",
    R"({"when":"2026-11-22T06:02:00+00:00","name":"Home Assistant","message":"started","domain":"homeassistant"})",
    R"({"when":1795327380.5,"state":"on","entity_id":"light.a"})",
  };
  std::string array = "[";
  std::string lines;
  for (const auto& entry : entries) {
    array += (array.size() > 1 ? "," : "") + entry;
    lines += entry + "\n";
  }

  for (const auto& content : {array + "]", lines}) {
    const auto source = read(content);

    REQUIRE(source.rows.size() == 4);
    CHECK(source.rows[0].by == cause::person);
    CHECK(source.rows[1].by == cause::automation);
    CHECK(source.rows[2].kind == row_kind::restart);
    CHECK(source.rows[3].by == cause::unknown);
    CHECK(source.rows[3].at == "2026-11-22T06:03:00.500Z");
    CHECK(source.problems.bad_rows == 0);
  }
}

TEST_CASE("an array of any length is read in a window, and resumed") {
  const scratch_folder folder;
  std::string content = "[[";
  for (int i = 0; i < 40'000; ++i)
    content += std::string{i ? "," : ""} + R"({"entity_id":"light.a","state":")" +
               (i % 2 ? "on" : "off") + R"(","attributes":{"pad":")" +
               std::string(60, 'x') + R"("},"last_changed":)" +
               std::to_string(1795327200 + i) + "}";
  source_request request;
  request.file = folder.write("long.json", content + "]]");
  request.calendar = berlin();
  const auto whole = read_all(request);
  REQUIRE(whole);
  CHECK(whole->rows.size() == 40'000);
  CHECK(whole->pages == 9);

  auto source = open_source(request);
  REQUIRE(source);
  REQUIRE(source->next());
  request.resume_cursor = source->next()->position.cursor;
  const auto rest = read_all(request);

  REQUIRE(rest);
  CHECK(rest->rows.size() == 30'000);
}

TEST_CASE("what is no object of an answer is counted, what is cut off too") {
  const auto source = read(
    R"([{"entity_id":"light.a","state":"on","last_changed":1795327200},)"
    R"({"entity_id":"light.a","state"}, {"entity_id":"light.a","state":"off","last_changed":1795327201},)"
    R"({"entity_id":"light.a","state":")" +
    std::string(2 << 20, 'x') + R"("},{"entity_id":"light.a","sta)");

  CHECK(source.rows.size() == 2);
  CHECK(source.problems.bad_rows == 3);
}

} // namespace habitd
