#include "actors/detector/time_of_day/finding.hpp"
#include "actors/suggestion/suggest.hpp"

#include "actors/suggestion/wording.hpp"

#include <catch2/catch.hpp>

namespace habitd {
namespace {

pattern habit(const std::string& entity,
              pattern_status status = pattern_status::confirmed) {
  pattern result;
  result.id = "id-" + entity;
  result.entities = {entity};
  result.turns = {turn::on};
  result.detector = "time_of_day";
  result.own = own_part(clock_finding{7 * 3600, 10});
  result.support = 20;
  result.trials = 24;
  result.adherence = {20.0 / 24, 0.64, 0.93};
  result.lift = 8;
  result.q = 1e-5;
  result.status = status;
  return result;
}

expected<back_test> mostly_right(const pattern&) {
  return back_test{28, 28, 24, 4, 0};
}

TEST_CASE("only confirmed habits that end in something switchable are suggested") {
  const auto made =
    suggest({habit("light.a"), habit("light.b", pattern_status::candidate),
             habit("light.c", pattern_status::retired), habit("binary_sensor.d")},
            mostly_right);

  REQUIRE(made);
  REQUIRE(made->size() == 1);
  CHECK(made->front().pattern == "id-light.a");
  CHECK(made->front().id == "habitd_id-light.a");
}

TEST_CASE(
  "an automation that would have been right less than twice as often as unwanted is not "
  "suggested") {
  const auto made_of = [](const back_test& test) {
    return suggest({habit("light.a")}, [test](const pattern&) { return test; })->size();
  };

  CHECK(made_of({28, 28, 14, 14}) == 0);
  CHECK(made_of({28, 28, 18, 10}) == 0);
  CHECK(made_of({28, 28, 19, 9}) == 1);
}

TEST_CASE("an automation that would be as right at any other time is not suggested") {
  const auto made = suggest({habit("light.a")}, [](const pattern&) {
    return back_test{28, 28, 24, 4, 20};
  });

  REQUIRE(made);
  CHECK(made->empty());
}

TEST_CASE("the automation that saves most comes first, and ten are enough") {
  std::vector<pattern> patterns;
  for (char c = 'a'; c < 'p'; ++c)
    patterns.push_back(habit(std::string{"light."} + c));
  const auto made = suggest(patterns, [](const pattern& of) {
    const int right = of.entities[0].back() - 'a' + 10;
    return back_test{28, 28, right, 0, 0};
  });

  REQUIRE(made);
  REQUIRE(made->size() == 10);
  CHECK(made->front().pattern == "id-light.o");
  CHECK(made->front().rank == 1);
  CHECK(made->back().rank == 10);
}

TEST_CASE("a back-test that fails fails the suggestions, and keeps its reason") {
  const auto made =
    suggest({habit("light.a")}, [](const pattern&) -> expected<back_test> {
      return make_error(ec::corrupt_data, "row 7");
    });

  REQUIRE_FALSE(made);
  CHECK(describe(made.error()) == "corrupt data: row 7");
}

TEST_CASE("titles and reasons read like a person wrote them") {
  auto workdays = habit("light.kitchen_ceiling");
  workdays.weekdays = {0, 1, 2, 3, 4};
  const auto made = suggest({workdays}, mostly_right);

  REQUIRE(made);
  CHECK(made->front().title == "Turn on Kitchen ceiling at 07:00 on workdays");
  CHECK(made->front().reason ==
        "Kitchen ceiling was turned on around 07:00 on 20 of 24 workdays. That "
        "is 8.0 times as often as by chance; fewer than 1 in 10,000 findings this strong "
        "are accidents.");
}

TEST_CASE("entities and turns are said as people say them") {
  CHECK(order_words("cover.bedroom_blind", turn::off) == "Close Bedroom blind");
  CHECK(order_words("media_player.living_room", turn::on) ==
        "Start playing on Living room");
  CHECK(trigger_words("person.anna", turn::off) == "Anna leaves");
  CHECK(event_words("switch.heater", turn::off) == "Heater was turned off");
  CHECK(weekday_phrase({1, 3}) == "on Tuesdays and Thursdays");
  CHECK(span_phrase(12.3) == "12 s");
  CHECK(span_phrase(4800) == "1 h 20 min");
  CHECK(clock_phrase(7 * 3600 + 59 * 60 + 45) == "08:00");
}

} // namespace
} // namespace habitd
