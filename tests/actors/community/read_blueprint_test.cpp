#include "actors/community/parse_topic.hpp"
#include "tests/actors/community/sample_blueprints.hpp"

#include <catch2/catch.hpp>

using namespace habitd;
using Catch::Contains;

namespace {

using names = std::vector<std::string>;

read_document only_document(std::string_view text) {
  const auto read = read_blueprint(text);
  if (const auto* failed = std::get_if<yaml_failure>(&read))
    FAIL(failed->line << ":" << failed->column << ": " << failed->why);
  REQUIRE(std::get<0>(read).size() == 1);
  return std::get<0>(read).front();
}

yaml_failure failure_of(std::string_view text) {
  const auto read = read_blueprint(text);
  REQUIRE(std::holds_alternative<yaml_failure>(read));
  return std::get<yaml_failure>(read);
}

const blueprint_input& input_named(const blueprint_facts& facts, const std::string& key) {
  for (const auto& input : facts.inputs)
    if (input.key == key)
      return input;
  FAIL("no input " << key);
  return facts.inputs.front();
}

const std::string smallest = "blueprint:\n  name: A\n  domain: automation\n"
                             "trigger: []\naction: []\n";

} // namespace

TEST_CASE("the header of a blueprint is read") {
  const auto facts = only_document(new_syntax).facts;

  CHECK(facts.is_blueprint);
  CHECK(facts.domain == blueprint_domain::automation);
  CHECK(facts.name == "Motion lights a room");
  CHECK(facts.description == "Turns a light on while somebody moves.");
  CHECK(facts.author == "habitd");
  CHECK(facts.source_url == "https://example.org/motion.yaml");
  CHECK(facts.min_version == "2024.10.0");
}

TEST_CASE(
  "inputs are read through sections, with null bodies and in both shapes of filters") {
  const auto facts = only_document(new_syntax).facts;

  REQUIRE(facts.inputs.size() == 5);
  const auto& motion = input_named(facts, "motion");
  CHECK(motion.selector == "entity");
  CHECK(motion.required);
  REQUIRE(motion.entities.size() == 2);
  CHECK(motion.entities[0] ==
        entity_wish{"", {"binary_sensor"}, {"motion", "occupancy"}, {}});
  CHECK(motion.entities[1] == entity_wish{"zha", {"binary_sensor"}, {}, {}});
  CHECK(input_named(facts, "lamp").entities.at(0).features ==
        names{"light.LightEntityFeature.TRANSITION"});
  CHECK(input_named(facts, "bare").selector.empty());
  CHECK(input_named(facts, "bare").required);
  const auto& wait = input_named(facts, "wait");
  CHECK_FALSE(wait.required);
  CHECK(wait.section == "more");
  CHECK(wait.default_value == "120");
  const auto& helper = input_named(facts, "helper");
  CHECK_FALSE(helper.always_visible);
  CHECK(helper.entities.at(0).domains == names{"input_boolean"});
}

TEST_CASE("triggers, conditions and actions are found however deep they are") {
  const auto facts = only_document(new_syntax).facts;

  CHECK(facts.triggers == names{"state", "sun"});
  CHECK(facts.conditions == names{"or", "template", "time"});
  CHECK(facts.actions == names{"choose", "delay", "light.turn_on", "lock.unlock",
                               "mqtt.publish", "notify.mobile_app", "parallel",
                               "repeat"});
  CHECK(facts.domains == names{"binary_sensor", "input_boolean", "light", "lock"});
  CHECK(facts.device_classes == names{"motion", "occupancy"});
  CHECK(facts.integrations == names{"mqtt", "zha"});
  CHECK(facts.risks == names{"lock.unlock"});
  CHECK(facts.templates == 1);
  CHECK_FALSE(facts.old_syntax);
  CHECK(facts.needs_newer); // `visible`
}

TEST_CASE("blueprints in the old syntax are read as well") {
  const auto facts = only_document(old_syntax).facts;

  CHECK(facts.old_syntax);
  CHECK(facts.triggers == names{"event"});
  CHECK(facts.actions == names{"light.toggle"});
  CHECK(facts.integrations == names{"zha"});
  const auto& remote = input_named(facts, "remote");
  CHECK(remote.devices.at(0) == device_wish{"zha", "IKEA of Sweden", "", ""});
  CHECK(remote.entities.at(0) == entity_wish{"", {"sensor"}, {"battery"}, {}});
}

TEST_CASE("aliases and merge keys are resolved") {
  const auto facts = only_document("blueprint:\n  name: A\n  domain: automation\n"
                                   "  input:\n"
                                   "    one: &one\n"
                                   "      selector: &what {entity: {domain: light}}\n"
                                   "    two: {selector: *what}\n"
                                   "    three:\n      <<: *one\n      default: light.x\n"
                                   "trigger: []\naction: []\n")
                       .facts;

  CHECK(input_named(facts, "two").entities.at(0).domains == names{"light"});
  CHECK(input_named(facts, "three").entities.at(0).domains == names{"light"});
  CHECK_FALSE(input_named(facts, "three").required);
}

TEST_CASE("of a key that comes twice the last one counts, as in Home Assistant") {
  const auto facts = only_document("blueprint:\n  name: A\n  name: B\n"
                                   "  domain: automation\ntrigger: []\naction: []\n")
                       .facts;

  CHECK(facts.name == "B");
}

TEST_CASE("an input of the same name in two sections is refused with its place") {
  const auto failed = failure_of("blueprint:\n  name: A\n  domain: automation\n  input:\n"
                                 "    a: {input: {x: }}\n"
                                 "    b:\n      input:\n        x:\n"
                                 "trigger: []\naction: []\n");

  CHECK(failed.line == 8);
  CHECK_THAT(failed.why, Contains("\"x\" is there twice"));
}

TEST_CASE("what is no blueprint is refused with line, column and reason") {
  const auto [text, line, why] = GENERATE(table<std::string, std::size_t, std::string>({
    {"blueprint:\n  domain: automation\ntrigger: []\n", 2, "no name"},
    {"blueprint:\n  name: A\ntrigger: []\n", 2, "no domain"},
    {"blueprint:\n  name: A\n  domain: sensor\ntrigger: []\n", 3, "none of automation"},
    {"blueprint: 1\ntrigger: []\naction: []\n", 1, "takes keys"},
    {"blueprint:\n  name: A\n  domain: automation\n", 2, "a header alone"},
    {"blueprint:\n  name: [\ntrigger: []\n", 4, "end of sequence flow"},
    {"blueprint:\n  name: A\x01\n", 2, "control character"},
    {"a: 1\n\xff\xfe", 2, "UTF-8"},
  }));
  CAPTURE(text);

  const auto failed = failure_of(text);

  CHECK(failed.line == line);
  CHECK_THAT(failed.why, Contains(why));
}

TEST_CASE("bombs are refused before they grow") {
  std::string aliases = "blueprint:\n  name: A\n  domain: automation\nvariables:\n"
                        "  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    aliases += "  a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j)
      aliases += (j ? ", *a" : "*a") + std::to_string(i - 1);
    aliases += "]\n";
  }
  CHECK_THAT(failure_of(aliases + "trigger: []\naction: []\n").why,
             Contains("more values than are taken"));
  CHECK_THAT(failure_of("blueprint: &a [*a]\ntrigger: []\naction: []\n").why,
             Contains("within what it stands for"));
  CHECK_THAT(failure_of("blueprint: " + std::string(5'000, '[')).why, Contains("deep"));
  CHECK_THAT(failure_of(smallest + std::string(600 << 10, '#')).why,
             Contains("524288 are taken"));
  CHECK_THAT(failure_of("blueprint: [" + std::string(400'000, ',')).why, !Contains("\n"));
}

TEST_CASE("line ends, byte order marks and tabs are forgiven, and told") {
  auto windows = smallest;
  for (std::size_t at = 0; (at = windows.find('\n', at)) != std::string::npos; at += 2)
    windows.replace(at, 1, "\r\n");
  CHECK(only_document("\xef\xbb\xbf" + windows).as_posted);

  const auto tabs = only_document("blueprint:\n\tname: A\n\tdomain: automation\n"
                                  "trigger: []\naction: []\n");
  CHECK(tabs.facts.name == "A");
  CHECK_FALSE(tabs.as_posted);

  const auto blanks = only_document("blueprint:\n\xc2\xa0 name: A\n\xc2\xa0 domain: "
                                    "automation\ntrigger: []\naction: []\n");
  CHECK(blanks.facts.name == "A");

  const auto quotes = only_document("blueprint:\n  name: “A: b”\n  domain: automation\n"
                                    "trigger: []\naction: []\n");
  CHECK(quotes.facts.name == "A: b");
  CHECK_FALSE(quotes.as_posted);
}

TEST_CASE("each automation of a list is read, with its own lines") {
  const auto read = read_blueprint("- alias: One\n  trigger: []\n  action: []\n"
                                   "- alias: Not one\n"
                                   "- alias: Two\n  triggers: []\n  actions:\n"
                                   "    - action: light.turn_on\n");

  const auto& documents = std::get<0>(read);
  REQUIRE(documents.size() == 2);
  CHECK(documents[0].facts.name == "One");
  CHECK(documents[0].yaml == "- alias: One\n  trigger: []\n  action: []\n");
  CHECK(documents[1].facts.name == "Two");
  CHECK_FALSE(documents[1].facts.is_blueprint);
  CHECK(documents[1].facts.actions == names{"light.turn_on"});
}

TEST_CASE("the content hash ignores comments, order and the source, and nothing else") {
  const auto hash = only_document(smallest).hash;

  CHECK(only_document("# hello\n" + smallest).hash == hash);
  CHECK(only_document("action: []\ntrigger: []\nblueprint:\n  domain: automation\n"
                      "  source_url: http://a\n  name: \"A\"\n")
          .hash == hash);
  CHECK(only_document("blueprint:\n  name: B\n  domain: automation\n"
                      "trigger: []\naction: []\n")
          .hash != hash);
}
