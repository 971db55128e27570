// The community corpus, from files to answers, by the real program.

#include "tests/end_to_end/program.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <filesystem>

using namespace habitd;

namespace {

namespace json = boost::json;

/// A home with a folder of blueprints and registries that have a motion sensor.
struct corpus_home {
  corpus_home() {
    std::filesystem::create_directories(directory / "blueprints");
    std::filesystem::create_directories(directory / "storage");
    write_file(directory / "blueprints/motion.yaml",
               "blueprint:\n  name: Motion light\n  domain: automation\n  input:\n"
               "    motion:\n      selector: {entity: {domain: binary_sensor, "
               "device_class: motion}}\n"
               "trigger: []\naction:\n  - service: light.turn_on\n");
    write_file(directory / "blueprints/vacuum.yaml",
               "blueprint:\n  name: Clean when away\n  domain: automation\n  input:\n"
               "    robot:\n      name: Robot\n      selector: {entity: {domain: "
               "vacuum}}\n"
               "trigger: []\naction:\n  - service: vacuum.start\n");
    write_file(directory / "blueprints/broken.yaml", "blueprint:\n  name: [\n");
    write_file(directory / "storage/core.entity_registry",
               R"({"data":{"entities":[{"entity_id":"binary_sensor.hall",)"
               R"("platform":"zha","device_class":"motion"}]}})");
    write_file(config, "storage:\n  directory: state\ncommunity:\n  files: [blueprints]\n"
                       "  registry: storage\nhttp:\n  port: 1\n");
  }

  program_result run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), habitd_path());
    arguments.insert(arguments.end(), {"--config", config});
    return run_program(arguments);
  }

  json::object ask(std::vector<std::string> arguments) const {
    arguments.push_back("--json");
    const auto result = run(std::move(arguments));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return json::parse(result.out).as_object();
  }

  test_directory directory;
  const std::string config = directory / "habitd.yaml";
};

} // namespace

TEST_CASE(
  "refresh reads a folder, corpus answers what is in it and what the home can run") {
  const corpus_home home;

  const auto dry = home.ask({"refresh", "--dry-run"});
  CHECK(dry.at("changes").as_array().size() == 2);
  CHECK(dry.at("failures").as_array().size() == 1);

  CHECK(home.ask({"refresh"}).at("summary").at("added").to_number<int>() == 2);
  CHECK(home.ask({"refresh"}).at("changes").as_array().empty());

  const auto found = home.ask({"corpus", "search", "motion"});
  REQUIRE(found.at("total").to_number<int>() == 1);
  const std::string id{found.at("items").at(0).at("id").as_string()};
  CHECK(home.ask({"corpus", "show", id}).at("title").as_string() == "Motion light");
  CHECK(home.ask({"corpus", "match", id}).at("runnable").as_bool());
  CHECK(home.ask({"corpus", "match"}).at("total").to_number<int>() == 1);
  CHECK(home.ask({"corpus", "recommend"}).at("items").at(0).at("wants").as_string() ==
        "vacuum");
  CHECK(home.ask({"corpus", "audit"}).at("count").to_number<int>() == 2);
  CHECK(home.ask({"corpus", "stats"}).at("entries").to_number<int>() == 2);
  CHECK(home.run({"corpus", "show", "none"}).exit_code == 3);
}

TEST_CASE("what a refresh took can be restored, and an exported corpus be imported") {
  const corpus_home home;
  home.ask({"refresh"});
  std::filesystem::remove(home.directory / "blueprints/vacuum.yaml");
  const auto taken = home.ask({"refresh"});
  const std::string id{taken.at("changes").at(0).at("id").as_string()};
  CHECK(taken.at("changes").at(0).at("operation").as_string() == "remove");

  CHECK(home.ask({"corpus", "restore", id}).at("id").as_string() == id);
  CHECK(home.ask({"corpus", "stats"}).at("entries").to_number<int>() == 2);

  const auto file = home.directory / "corpus.ndjson";
  CHECK(home.run({"corpus", "export", file}).exit_code == 0);
  const corpus_home other;
  CHECK(
    other.ask({"corpus", "import", file}).at("summary").at("added").to_number<int>() ==
    2);
  CHECK(other.ask({"corpus", "show", id}).at("title").as_string() == "Clean when away");
  write_file(file, "{}\n");
  CHECK(other.run({"corpus", "import", file}).exit_code == 3);
}
