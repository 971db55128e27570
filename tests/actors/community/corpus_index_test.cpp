#include "actors/community/answer_cache.hpp"
#include "actors/community/corpus_index.hpp"

#include <catch2/catch.hpp>

using namespace habitd;

namespace {

corpus_entry entry(const std::string& id, const std::string& title, double quality) {
  corpus_entry made;
  made.id = id;
  made.title = title;
  made.quality = quality;
  made.facts.name = title;
  return made;
}

blueprint_input wants(const std::string& domain, const std::string& device_class = {}) {
  blueprint_input input;
  input.key = domain;
  input.selector = "entity";
  input.entities.push_back({{}, {domain}, {}, {}});
  if (!device_class.empty())
    input.entities.back().device_classes = {device_class};
  return input;
}

home_registry
home_with(const std::vector<std::pair<std::string, std::string>>& entities) {
  home_registry home;
  for (const auto& [id, device_class] : entities) {
    home_entity made;
    made.id = id;
    made.device_class = device_class;
    home.entities.push_back(made);
  }
  return home;
}

std::vector<std::string> ids_of(const corpus_hits& hits) {
  std::vector<std::string> ids;
  for (const auto& card : hits.cards)
    ids.emplace_back(card.id);
  return ids;
}

using ids = std::vector<std::string>;

/// Three entries: a light by motion, a fan by heat, a lock.
std::vector<corpus_entry> three() {
  auto light = entry("a", "Motion activated light", 0.9);
  light.facts.description = "Turns a lamp on.";
  light.facts.domains = {"binary_sensor", "light"};
  light.facts.device_classes = {"motion"};
  light.facts.integrations = {"zha"};
  light.facts.inputs = {wants("binary_sensor", "motion"), wants("light")};
  light.purpose = use_case::comfort;
  auto fan = entry("b", "Fan when it is hot, like a light breeze", 0.8);
  fan.facts.domains = {"fan"};
  fan.facts.inputs = {wants("fan")};
  fan.purpose = use_case::comfort;
  auto lock = entry("c", "Lock at night", 0.7);
  lock.facts.is_blueprint = false;
  lock.facts.domains = {"lock"};
  lock.facts.inputs = {wants("lock"), wants("input_boolean")};
  lock.purpose = use_case::security;
  return {fan, lock, light};
}

} // namespace

TEST_CASE("a search finds entries with every word, titles first") {
  const corpus_index index{three()};

  CHECK(ids_of(index.search({.text = "light"})) == ids{"a", "b"});
  CHECK(ids_of(index.search({.text = "LIGHT breeze"})) == ids{"b"});
  CHECK(ids_of(index.search({.text = "lamp"})) == ids{"a"});
  CHECK(ids_of(index.search({.text = "moti"})) == ids{"a"});    // as one types
  CHECK(ids_of(index.search({.text = "moti light"})) == ids{}); // only the last is open
  CHECK(ids_of(index.search({.text = "elephant"})) == ids{});
}

TEST_CASE("without words the best come first, and filters hold together") {
  const corpus_index index{three()};

  CHECK(ids_of(index.search({})) == ids{"a", "b", "c"});
  CHECK(index.search({}).total == 3);
  CHECK(ids_of(index.search({.skip = 1, .limit = 1})) == ids{"b"});
  CHECK(ids_of(index.search({.domain = "fan"})) == ids{"b"});
  CHECK(ids_of(index.search({.device_class = "motion"})) == ids{"a"});
  CHECK(ids_of(index.search({.integration = "zha"})) == ids{"a"});
  CHECK(ids_of(index.search({.purpose = use_case::comfort})) == ids{"a", "b"});
  CHECK(ids_of(index.search({.purpose = use_case::comfort, .least_quality = 0.85})) ==
        ids{"a"});
  CHECK(ids_of(index.search({.blueprints_only = true})) == ids{"a", "b"});
  CHECK(ids_of(index.search({.domain = "fan", .device_class = "motion"})) == ids{});
}

TEST_CASE("an index that knows the home tells what runs there") {
  const corpus_index index{
    three(), home_with({{"binary_sensor.hall", "motion"}, {"light.hall", ""}})};

  CHECK(ids_of(index.search({.runnable_only = true})) == ids{"a"});
  const auto all = index.search({}).cards;
  CHECK(all[0].missing == 0);
  CHECK(all[1].missing == 1);
  CHECK(all[2].missing == 1);
  CHECK(all[2].creatable == 1);
}

TEST_CASE("recommended is what alone keeps entries from running") {
  auto entries = three();
  auto second = entry("d", "Fan and lock", 0.5);
  second.facts.inputs = {wants("fan"), wants("lock")}; // two things: no one device helps
  entries.push_back(second);
  auto third = entry("e", "Two fans", 0.5);
  third.facts.inputs = {wants("fan"), wants("fan")};
  entries.push_back(third);
  const corpus_index index{entries, home_with({{"light.hall", ""}})};

  const auto all = index.recommendations(10);

  REQUIRE(all.size() == 3);
  CHECK(all[0].wants == "fan");
  CHECK(all[0].entries == 2);
  CHECK(all[0].examples.size() == 2);
  CHECK(all[1].wants == "binary_sensor (motion)");
  CHECK(all[2].wants == "lock");
}

TEST_CASE("possibilities of an entity are entries that ask for its kind") {
  const corpus_index index{three()};
  home_entity motion;
  motion.id = "binary_sensor.x";
  motion.device_class = "motion";
  home_entity door = motion;
  door.device_class = "door";

  CHECK(ids_of(index.possibilities(motion, 10)) == ids{"a"});
  CHECK(ids_of(index.possibilities(door, 10)) == ids{});
}

TEST_CASE("answers are kept until they are forgotten, and counted") {
  answer_cache cache;
  int made = 0;
  const auto make = [&made] { return std::to_string(++made); };

  CHECK(cache.get("a", make) == "1");
  CHECK(cache.get("a", make) == "1");
  cache.clear();
  CHECK(cache.get("a", make) == "2");
  CHECK(cache.counts().hits == 1);
  CHECK(cache.counts().misses == 2);
  CHECK(cache.counts().drops == 1);
}

TEST_CASE("the cache of answers is bounded: what was not asked for longest goes") {
  answer_cache cache;
  const auto make = [] { return std::string{"x"}; };
  cache.get("first", make);
  for (std::size_t i = 0; i + 1 < answer_cache::most; ++i)
    cache.get(std::to_string(i), make);
  cache.get("first", make); // used again
  cache.get("one too many", make);

  const auto before = cache.counts().misses;
  cache.get("first", make);
  CHECK(cache.counts().misses == before);
  cache.get("0", make);
  CHECK(cache.counts().misses == before + 1);
}
