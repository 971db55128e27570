#include "tests/actors/home/sample.hpp"

#include <catch2/catch.hpp>

namespace habitd {

namespace {

constexpr auto ulid = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

whole_source read(const std::string& content, std::vector<std::string> machines = {}) {
  const scratch_folder folder;
  source_request request;
  request.file = folder.write("home.ndjson", content);
  request.machine_users = std::move(machines);
  const auto source = read_all(request);
  INFO(failure_of(source));
  REQUIRE(source);
  return *source;
}

std::string context(const std::string& user, const std::string& parent) {
  const auto field = [](const std::string& id) {
    return id.empty() ? std::string{"null"} : '"' + id + '"';
  };
  return std::string{R"({"id":")"} + ulid + R"(","parent_id":)" + field(parent) +
         R"(,"user_id":)" + field(user) + "}";
}

std::string state(const std::string& value, const std::string& changed,
                  const std::string& updated, const std::string& by) {
  return R"({"entity_id":"light.hall","state":")" + value +
         R"(","attributes":{"friendly_name":"Hall","state":"no"},"last_changed":"2026-11-22T06:)" +
         changed + R"(+00:00","last_updated":"2026-11-22T06:)" + updated +
         R"(+00:00","context":)" + by + "}";
}

std::string event(const std::string& old_state, const std::string& new_state) {
  return R"({"event_type":"state_changed","data":{"entity_id":"light.hall","old_state":)" +
         old_state + R"(,"new_state":)" + new_state +
         R"(},"origin":"LOCAL","time_fired":"2026-11-22T06:10:00.000000+00:00","context":)" +
         context("", "") + "}\n";
}

} // namespace

TEST_CASE("state_changed events are read with old state, time and cause") {
  const auto before = state("off", "00:00.5", "00:00.5", context("", ""));
  const auto source =
    read(event(before, state("on", "05:00.123456", "05:00.123456", context("u1", ""))) +
         event(before, state("on", "05:01", "05:01", context("", "p1"))) +
         event(before, state("on", "05:02", "05:02", context("", ""))));

  REQUIRE(source.rows.size() == 3);
  CHECK(source.rows[0].at == "2026-11-22T06:05:00.123Z");
  CHECK(source.rows[0].entity == "light.hall");
  CHECK(source.rows[0].state == "on");
  CHECK(source.rows[0].old_state == "off");
  CHECK(source.rows[0].by == cause::person);
  CHECK(source.rows[0].act != 0);
  CHECK(source.rows[1].by == cause::automation);
  CHECK(source.rows[2].by == cause::physical);
}

TEST_CASE("a null old state is none, a null new state a removal") {
  const auto on = state("on", "05:00", "05:00", context("", ""));
  const auto source = read(event("null", on) + event(on, "null"));

  REQUIRE(source.rows.size() == 2);
  CHECK(source.rows[0].before == previous::none);
  CHECK(source.rows[1].state.empty());
  CHECK(source.rows[1].old_state == "on");
  CHECK(source.rows[1].at == "2026-11-22T06:10:00.000Z");
}

TEST_CASE("an event that changes attributes only is an attribute row") {
  const auto source = read(event(state("on", "05:00", "05:00", context("", "")),
                                 state("on", "05:00", "07:00", context("", ""))));

  REQUIRE(source.rows.size() == 1);
  CHECK(source.rows[0].kind == row_kind::attributes);
  CHECK(source.rows[0].at == "2026-11-22T06:07:00.000Z");
}

TEST_CASE("frames of a WebSocket subscription are opened") {
  const auto inner = event("null", state("on", "05:00", "05:00", context("", "")));
  const auto source = read(R"({"id":1,"type":"event","event":)" +
                           inner.substr(0, inner.size() - 1) + "}\n");

  REQUIRE(source.rows.size() == 1);
  CHECK(source.rows[0].entity == "light.hall");
}

TEST_CASE(
  "an automation's run explains changes with its context, a machine's login too") {
  const auto run =
    std::string{R"({"event_type":"automation_triggered","data":{"name":"x",)"
                R"("entity_id":"automation.x"},"context":)"} +
    context("", "") + "}\n";
  const auto on = state("on", "05:00", "05:00", context("", ""));
  const auto by_user = state("on", "06:00", "06:00",
                             R"({"id":"other","user_id":"machine","parent_id":null})");

  const auto source = read(run + event("null", on) + event("null", by_user), {"machine"});

  REQUIRE(source.rows.size() == 2);
  CHECK(source.rows[0].by == cause::automation);
  CHECK(source.rows[1].by == cause::automation);
}

TEST_CASE("a start of Home Assistant is a restart mark, other events are nothing") {
  const auto source = read(
    R"({"event_type":"homeassistant_started","data":{},"time_fired":"2026-11-22T06:00:00+00:00"})"
    "\n"
    R"({"event_type":"call_service","data":{"domain":"light","service_data":{"entity_id":"light.x"}},"time_fired":"2026-11-22T06:00:00+00:00"})"
    "\n" +
    event("null", state("on", "05:00", "05:00", context("", ""))));

  REQUIRE(source.rows.size() == 2);
  CHECK(source.rows[0].kind == row_kind::restart);
  CHECK(source.rows[0].at == "2026-11-22T06:00:00.000Z");
  CHECK(source.problems.bad_rows == 0);
}

TEST_CASE("flat rows are read with times of any kind") {
  const auto source = read(
    R"({"entity_id":"light.a","state":"off","time":1795327200})"
    "\n"
    R"({"entity_id":"light.a","state":"on","timestamp":1795327200.5,"attributes":{"b":[1,2]}})"
    "\n"
    R"({"state":"off","last_changed":"2026-11-22T06:00:02Z","entity_id":"light.a"})"
    "\n"
    R"({"entity_id":"light.a","state":true,"time":"2026-11-22 07:00:03","old_state":"off","context_id":"c","context_user_id":"u","context_parent_id":null})"
    "\n"
    R"({"entity_id":"sensor.b","state":21.5,"time":1795327204 ,"old_state":null})"
    "\n");

  REQUIRE(source.rows.size() == 5);
  CHECK(source.rows[0].before == previous::unspecified);
  CHECK(source.rows[1].at == "2026-11-22T06:00:00.500Z");
  CHECK(source.rows[1].old_state == "off");
  CHECK(source.rows[2].old_state == "on");
  CHECK(source.rows[3].at == "2026-11-22T06:00:03.000Z"); // local time
  CHECK(source.rows[3].state == "true");
  CHECK(source.rows[3].by == cause::person);
  CHECK(source.rows[4].state == "21.5");
  CHECK(source.rows[4].before == previous::none);
}

TEST_CASE("lines that are no events are counted, and reading goes on") {
  const auto source = read(
    R"({"entity_id":"light.a","state":"on","time":1795327200})"
    "\n"
    "{\"entity_id\":\n"
    "[]\n"
    "{}\n"
    "\n"
    R"({"entity_id":"light.a","state":"on"})"
    "\n"
    R"({"entity_id":"light.a","state":"on","time":1} trailing)"
    "\n"
    R"({"entity_id":"light.a","state":"on","time":1})"
    "\n"
    R"({"event_type":"state_changed","data":{"entity_id":"light.a"},"time_fired":"2026-11-22T06:00:00Z"})"
    "\n"
    "{\"entity_id\":\"light.a\",\"state\":\"\xff\",\"time\":1795327200}\n"
    R"({"entity_id":"light.a","state":"off","time":1795327201})"
    "\n");

  CHECK(source.rows.size() == 2);
  CHECK(source.problems.bad_rows == 7);
  CHECK(source.problems.out_of_range == 1);
  CHECK(source.problems.first.at(0).find("home.ndjson:2: not a JSON object") == 0);
  CHECK(source.problems.first.at(2).find("home.ndjson:4: neither an event") == 0);
}

TEST_CASE("deeply nested JSON is a bad row, not a crash") {
  const auto source = read(R"({"entity_id":"light.a","state":"on","time":1795327200})"
                           "\n{\"a\":" +
                           std::string(200'000, '[') +
                           "\n"
                           "{\"event\":" +
                           std::string(5'000, '{') + "\n");

  CHECK(source.rows.size() == 1);
  CHECK(source.problems.bad_rows == 2);
}

} // namespace habitd
