#include "actors/mqtt/command.hpp"
#include "actors/mqtt/command_desk.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

namespace habitd {
namespace {

using namespace std::chrono_literals;

const mqtt_topics topics = topics_of({}, "habitd_x");

std::string problem_of(std::string_view name, std::string_view payload) {
  const auto parsed = parse_command(topics, "habitd/cmd/" + std::string{name}, payload);
  REQUIRE_FALSE(parsed);
  CHECK(code_of(parsed.error()) == ec::invalid_input);
  return describe(parsed.error());
}

TEST_CASE("what a button sends, nothing and an object are commands") {
  for (const auto* payload : {"PRESS", "", "{}"}) {
    CAPTURE(payload);
    CHECK(*parse_command(topics, "habitd/cmd/analyze", payload) ==
          mqtt_command{mqtt_verb::analyze, "", ""});
    CHECK(parse_command(topics, "habitd/cmd/refresh", payload)->verb ==
          mqtt_verb::refresh);
  }
  CHECK(*parse_command(topics, "habitd/cmd/analyze", R"({"id": "a-1", "more": [1]})") ==
        mqtt_command{mqtt_verb::analyze, "a-1", ""});
}

TEST_CASE("a log level is a word or a field") {
  const mqtt_command plain{mqtt_verb::log, "", "debug"};
  const mqtt_command with_id{mqtt_verb::log, "7", "debug"};

  CHECK(*parse_command(topics, "habitd/cmd/log", "debug") == plain);
  CHECK(*parse_command(topics, "habitd/cmd/log", R"({"level":"debug","id":"7"})") ==
        with_id);
  CHECK_THAT(problem_of("log", "loud"), Catch::Contains("debug, info, warning"));
  CHECK_THAT(problem_of("log", "{}"), Catch::Contains("debug, info, warning"));
}

TEST_CASE("nonsense is refused in words that quote nothing of it") {
  const std::string secret = "s3cret";
  const std::string huge(2'000'000, 'x');
  const std::string binary("\x00\xff\xfe{\"", 5);
  for (const auto& payload :
       {secret, huge, binary, "{" + secret, std::string{"[]"}, std::string{"{\"id\":7}"},
        std::string{R"({"id":"a\u0000b"})"}, R"({"id":")" + std::string(65, 'a') + "\"}"})
    CHECK_THAT(problem_of("analyze", payload), !Catch::Contains(secret));
  CHECK_THAT(problem_of("reboot", ""), Catch::Contains("analyze, refresh and log"));
  CHECK_THAT(problem_of("analyze/x", ""), Catch::Contains("analyze, refresh and log"));
}

TEST_CASE("only messages on our topics are for us") {
  const auto route = [](const char* topic, const char* payload) {
    return route_of(topics, "online", topic, payload);
  };

  CHECK(route("habitd/cmd/analyze", "") == mqtt_route::command);
  CHECK(route("homeassistant/status", "Online") == mqtt_route::birth);
  CHECK(route("homeassistant/status", "offline") == mqtt_route::none);
  CHECK(route("habitd/cmd", "") == mqtt_route::none);
  CHECK(route("habitd/cmd/", "") == mqtt_route::none);
  CHECK(route("habitd/cmdx/analyze", "") == mqtt_route::none);
  CHECK(route("", "") == mqtt_route::none);
}

TEST_CASE("an answer is an object with what its command said") {
  const auto text = to_json({mqtt_verb::analyze, "a-1", ""}, {"accepted", "", "2026"});

  CHECK(text == R"({"command":"analyze","status":"accepted","id":"a-1","job":"2026"})");
}

TEST_CASE(
  "a command whose id was seen is not carried out again, and gets the same answer") {
  command_desk desk;
  const mqtt_command command{mqtt_verb::analyze, "a-1", ""};
  const command_desk::time_point now{};

  CHECK(desk.admit(command, now).carry_out);
  CHECK_FALSE(desk.admit(command, now).carry_out);
  CHECK_FALSE(desk.admit(command, now).answer); // there is none yet
  desk.answered(command, {"accepted", "", "2026"});

  const auto again = desk.admit(command, now + 24h);
  CHECK_FALSE(again.carry_out);
  REQUIRE(again.answer);
  CHECK(again.answer->job == "2026");
  CHECK(desk.admit({mqtt_verb::refresh, "a-1", ""}, now).carry_out); // another command
}

TEST_CASE("of a flood of commands a few are carried out, and one is told so") {
  command_desk desk{{.burst = 3, .refill = 10s}};
  const mqtt_command press{mqtt_verb::analyze, "", ""};
  command_desk::time_point now{};
  int carried_out = 0, answered = 0;

  for (int i = 0; i < 1000; ++i) {
    const auto decided = desk.admit(press, now);
    carried_out += decided.carry_out;
    answered += decided.answer.has_value();
  }
  CHECK(carried_out == 3);
  CHECK(answered == 1);
  CHECK(desk.admit({mqtt_verb::log, "", "debug"}, now).carry_out); // of its own
  CHECK_FALSE(desk.admit(press, now + 9s).carry_out);
  CHECK(desk.admit(press, now + 10s).carry_out);
  CHECK_FALSE(desk.admit(press, now + 11s).carry_out);
  for (int i = 0; i < 3; ++i)
    CHECK(desk.admit(press, now + 100s).carry_out);
  CHECK_FALSE(desk.admit(press, now + 100s).carry_out);
}

} // namespace
} // namespace habitd
