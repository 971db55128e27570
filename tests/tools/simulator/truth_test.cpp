#include "homes.hpp"

#include <boost/json.hpp>

#include <algorithm>

using namespace habitd;
using namespace habitd::test;

namespace {

bool has_neutral(const home_truth& truth, const std::vector<std::string>& entities,
                 const std::vector<turn>& turns) {
  return std::any_of(truth.neutral.begin(), truth.neutral.end(), [&](const auto& each) {
    return each.entities == entities && each.turns == turns;
  });
}

} // namespace

TEST_CASE("a home's truth survives its JSON") {
  simulation_options options;
  options.habits.stopping = 1;
  options.habits.drifting = 1;
  const auto truth = make_home(options).truth();

  const auto read = truth_from_json(to_json(truth));

  REQUIRE(read);
  const bool same = to_json(*read) == to_json(truth); // too long to print
  CHECK(same);
  CHECK(read->planted.size() == 8 + 2 + 4 + 2 + 2);
}

TEST_CASE("JSON that is not a truth is refused") {
  const auto read = truth_from_json(boost::json::parse(R"({"planted": []})"));

  REQUIRE_FALSE(read);
  CHECK(code_of(read.error()) == ec::corrupt_data);
}

TEST_CASE("the ends of a chain are neutral forwards and wrong backwards") {
  auto options = empty_home();
  options.habits.chains = 1;
  const auto truth = make_home(options).truth();
  const auto& a = truth.planted.at(0).entities[0];
  const auto& b = truth.planted.at(0).entities[1];
  const auto& c = truth.planted.at(1).entities[1];
  REQUIRE(truth.planted.at(1).entities[0] == b);

  const std::vector both{turn::on, turn::on};
  CHECK(has_neutral(truth, {a, c}, both));
  CHECK_FALSE(has_neutral(truth, {c, a}, both));
  CHECK_FALSE(has_neutral(truth, {b, a}, both));
  CHECK_FALSE(has_neutral(truth, {a, b}, both)); // a truth
  CHECK(has_neutral(truth, {a, b}, {turn::on, turn::off}));
}

TEST_CASE("two responses of one trigger are neutral in either order") {
  auto options = empty_home();
  options.habits.forks = 1;
  const auto truth = make_home(options).truth();
  const auto& first = truth.planted.at(0).entities[1];
  const auto& second = truth.planted.at(1).entities[1];
  REQUIRE(truth.planted[0].entities[0] == truth.planted[1].entities[0]);

  CHECK(has_neutral(truth, {first, second}, {turn::on, turn::on}));
  CHECK(has_neutral(truth, {second, first}, {turn::on, turn::on}));
}

TEST_CASE("habits that only share a clock time are not neutral as a pair") {
  auto options = empty_home();
  options.habits.shared_clock_pairs = 1;
  const auto truth = make_home(options).truth();
  const auto& a = truth.planted.at(0).entities[0];
  const auto& b = truth.planted.at(1).entities[0];

  CHECK_FALSE(has_neutral(truth, {a, b}, {turn::on, turn::on}));
}
