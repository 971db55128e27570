#include "actors/detector/duration/finding.hpp"
#include "actors/detector/duration/record.hpp"
#include "actors/detector/duration/scan.hpp"
#include "tests/actors/detector/made_home.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace habitd;

namespace {

/// "light.e1" of number 1.
std::string name_of_light(entity_number number) {
  return "light.e" + std::to_string(number);
}

/// Uses of a length drawn by `length`, so many a day.
std::vector<home_day> home_of_uses(int days, double per_day, seeded& random,
                                   const std::function<double()>& length,
                                   entity_number entity = 1) {
  made_home home{days};
  for (int day = 0; day < days; ++day)
    for (double from = 4 * hours, left = per_day; left > 0; left -= 1) {
      from += random.uniform(20 * minutes, 2 * hours);
      if (left < 1 && !random.chance(left))
        break;
      const double seconds = length();
      home.add(day, from, entity, turn::on);
      home.add(day, from + seconds, entity, turn::off);
      from += seconds;
    }
  return home.days();
}

std::vector<pattern> patterns_after(const std::vector<home_day>& days) {
  const auto& with = *find_detector("duration");
  home_memory memory;
  lifecycle_state state;
  for (std::size_t i = 0; i < days.size(); ++i) {
    memory.observe(with, days[i]);
    if (i % check_every_days == check_every_days - 1)
      state = *with.check(memory.history(), days[i].day, state, name_of_light);
  }
  return *patterns_today(with, memory.history(), days.back().day, state, name_of_light);
}

} // namespace

TEST_CASE("a length is counted within one per cent") {
  for (std::uint32_t seconds = 60; seconds < 100'000; seconds += 7) {
    const auto bin = bin_of_length(seconds);
    CHECK(shortest_of(bin) <= seconds);
    CHECK(seconds <= longest_of(bin));
    CHECK(std::abs(length_of(bin) / seconds - 1) < 0.0125);
  }
}

TEST_CASE("uses that people began and ended on a day are counted, others apart") {
  made_home home{1};
  home.add(0, 100, 1, turn::off); // was on when the day began
  home.add(0, 1 * hours, 1, turn::on);
  home.add(0, 1 * hours + 600, 1, turn::off);
  home.add(0, 2 * hours, 1, turn::on);
  home.add(0, 3 * hours, 1, turn::off, true); // by an automation
  home.add(0, 4 * hours, 1, turn::on);
  home.add(0, 5 * hours, 1, turn::on); // how it ended was not seen
  home.add(0, 5 * hours + 60, 1, turn::off);
  home.add(0, 23 * hours, 1, turn::on); // stays on

  const auto of = observe_uses(home.days()[0]).at(1);

  CHECK(of.uses == std::map<length_bin, std::uint32_t>{{bin_of_length(60), 1},
                                                       {bin_of_length(600), 1}});
  CHECK(of.automated == 1);
  CHECK(of.censored == 1);
  CHECK(of.cuts.at(first_monday) == cut_uses{23 * 3600, 100});
}

TEST_CASE("what nobody watched from end to end is no use") {
  made_home home{1};
  home.day(0).observed.reset(15);
  home.add(0, 1 * hours, 1, turn::on);
  home.add(0, 2 * hours, 1, turn::off);

  const auto of = observe_uses(home.days()[0]).at(1);

  CHECK(of.uses.empty());
  CHECK(of.censored == 1);
}

TEST_CASE("lengths of uses come back from their bytes, damaged ones as an error") {
  seeded random{1};
  const auto days = home_of_uses(1, 9, random, [&] { return random.uniform(60, 9000); });
  const auto record = observe_uses(days[0]).at(1);
  const auto bytes = pack(record);

  CHECK(*unpack_uses(bytes) == record);
  CHECK(code_of(unpack_uses("\x63").error()) == ec::corrupt_data);
  CHECK(code_of(unpack_uses(bytes.substr(0, bytes.size() - 1)).error()) ==
        ec::corrupt_data);
}

TEST_CASE("a use over the end of the day is joined where both days were seen") {
  made_home home{3};
  home.add(0, 23 * hours, 1, turn::on);
  home.add(1, 1 * hours, 1, turn::off);
  home.add(1, 23 * hours, 1, turn::on);
  home.add(2, 2 * hours, 1, turn::off);
  const auto memory = remember(*find_detector("duration"), home.days());
  auto history = memory.history();

  const auto both = read_use_window(history, first_monday + 2);
  history.days.erase(first_monday + 1);
  const auto apart = read_use_window(history, first_monday + 2);

  CHECK(both->entities.at(1).by_day[1].contains(bin_of_length(2 * 3600)));
  CHECK(both->entities.at(1).by_day[2].contains(bin_of_length(3 * 3600)));
  CHECK(apart->entities.at(1).by_day[1].empty());
}

TEST_CASE("what stays on for about as long each time is found with its length") {
  seeded random{2};
  const auto patterns = patterns_after(home_of_uses(
    42, 2, random, [&] { return 40 * minutes * std::exp(random.normal(0, 0.15)); }));

  REQUIRE(patterns.size() == 1);
  CHECK(patterns[0].status == pattern_status::confirmed);
  const auto finding = duration_finding_of(patterns[0]);
  REQUIRE(finding);
  REQUIRE(finding->lengths.size() == 1);
  CHECK(finding->lengths[0].median_seconds == Approx(40 * minutes).epsilon(0.1));
  CHECK(finding->off_after_minutes == 60);
  CHECK(words_of(patterns[0]).headline.starts_with("E1 stays on for about 4"));
  CHECK(words_of(patterns[0]).title == "Turn off E1 after 1 h");
}

TEST_CASE("a machine with two programmes has two lengths, and says when it is done") {
  seeded random{3};
  const auto patterns = patterns_after(home_of_uses(56, 1, random, [&] {
    const double middle = random.chance(0.5) ? 45 * minutes : 160 * minutes;
    return middle * std::exp(random.normal(0, 0.06));
  }));

  REQUIRE(patterns.size() == 1);
  const auto finding = duration_finding_of(patterns[0]);
  REQUIRE(finding->lengths.size() == 2);
  CHECK(finding->lengths[0].median_seconds == Approx(45 * minutes).epsilon(0.1));
  CHECK(finding->lengths[1].median_seconds == Approx(160 * minutes).epsilon(0.1));
  const auto made = find_detector("duration")->propose(patterns[0]);
  REQUIRE(made);
  CHECK(made->triggers.find("for: \"00:01:00\"") != std::string::npos);
  CHECK(made->conditions.find("total_seconds() >= 1") != std::string::npos);
  CHECK(made->actions.find("persistent_notification.create") != std::string::npos);
}

TEST_CASE("uses of ordinary lengths, too short ones and those of automations are none") {
  seeded random{4};
  const auto ordinary = home_of_uses(
    56, 3, random, [&] { return 20 * minutes * std::exp(random.normal(0, 1)); });
  const auto pulses = home_of_uses(56, 5, random, [&] { return random.uniform(2, 4); });
  auto automated = home_of_uses(56, 3, random, [] { return 600.0; });
  for (auto& day : automated)
    for (auto& seen : day.activations)
      seen.automated = turn_of(seen.item) == turn::off;

  CHECK(patterns_after(ordinary).empty());
  CHECK(patterns_after(pulses).empty());
  CHECK(patterns_after(automated).empty());
}

TEST_CASE(
  "days that the detector did not observe are not counted as days without a use") {
  seeded random{5};
  const auto days = home_of_uses(42, 2, random, [] { return 1800.0; });
  const auto& with = *find_detector("duration");
  home_memory memory; // the first four weeks belong to a build without the detector
  lifecycle_state state;
  for (std::size_t i = 28; i < days.size(); ++i)
    memory.observe(with, days[i]);
  for (const int day : {34, 41})
    state = *with.check(memory.history(), first_monday + day, state, name_of_light);

  const auto patterns =
    *with.conclude(memory.history(), days.back().day, state, name_of_light);

  REQUIRE(patterns.size() == 1);
  CHECK(patterns[0].eligible_days == 14);
  CHECK(patterns[0].status == pattern_status::confirmed);
}

TEST_CASE("turning off after the usual length is replayed over the stored uses") {
  seeded random{6};
  auto days = home_of_uses(42, 2, random, [] { return 1800.0; });
  const auto found = patterns_after(days);
  REQUIRE(found.size() == 1);
  made_home forgotten{1, days.back().day + 1};
  forgotten.add(0, 1 * hours, 1, turn::on);
  forgotten.add(0, 9 * hours, 1, turn::off);
  days.push_back(forgotten.days()[0]);
  const auto& with = *find_detector("duration");
  const auto memory = remember(with, days);

  const auto test =
    with.replay(found[0], memory.history(), [](const std::string&) { return 1u; });

  CHECK(test->days == 43);
  CHECK(test->right == 84);
  CHECK(test->unwanted == 1);
}
