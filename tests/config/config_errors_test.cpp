#include "tests/config/config_fixture.hpp"

using namespace habitd;
using Catch::Contains;

namespace {

std::string complaint_about(std::string_view yaml, const environment& env = only({})) {
  const auto settings = parse_config(yaml, "habitd.yaml", env);
  return settings ? "no complaint" : describe(settings.error());
}

struct bad_input {
  const char* yaml;
  const char* message; // after "invalid input: habitd.yaml:"
};

const bad_input bad_inputs[] = {
  // keys
  {"htpp:\n  port: 1\n", R"(1:1: unknown key "htpp" (did you mean "http"?))"},
  {"http:\n  prot: 1\n", R"(2:3: unknown key "http.prot" (did you mean "port"?))"},
  {"http:\n  adress: x\n", R"(2:3: unknown key "http.adress")"},
  {"port: 8380\n", R"(1:1: unknown key "port")"},
  {"log:\n  level: info\n  level: info\n", R"(3:3: the key "log.level" is there twice)"},
  {"log:\nhttp:\nlog:\n", R"(3:1: the key "log" is there twice)"},
  {"http:\n  [a]: 1\n", "2:3: expected a key, found a list"},
  // types
  {"http: 8380\n", R"(1:7: http: expected keys of this section, found "8380")"},
  {"http: [8380]\n", "1:7: http: expected keys of this section, found a list"},
  {"- http\n", R"(1:1: expected sections like "http:", found a list)"},
  {"hello\n", R"(1:1: expected sections like "http:", found "hello")"},
  {"http:\n  port: [1]\n",
   "2:9: http.port: expected a whole number from 0 to 65535, found a list"},
  {"http:\n  port:\n",
   "2:3: http.port: expected a whole number from 0 to 65535, found nothing"},
  {"events:\n  include: {a: b}\n", "2:12: events.include: expected a list, found a map"},
  {"events:\n  include: [light.*, [x]]\n",
   R"(2:22: events.include: expected a glob of entity ids like "light.*", found a list)"},
  // values
  {"http:\n  port: 65536\n",
   R"(2:9: http.port: expected a whole number from 0 to 65535, found "65536")"},
  {"http:\n  port: -1\n",
   R"(2:9: http.port: expected a whole number from 0 to 65535, found "-1")"},
  {"http:\n  port: 80.5\n",
   R"(2:9: http.port: expected a whole number from 0 to 65535, found "80.5")"},
  {"http:\n  port: 99999999999999999999\n",
   "2:9: http.port: expected a whole number from 0 to 65535, found "
   "\"99999999999999999999\""},
  {"storage:\n  cache_mb: 3\n",
   R"(2:13: storage.cache_mb: expected a whole number from 4 to 256, found "3")"},
  {"storage:\n  directory: ''\n",
   R"(2:14: storage.directory: expected a path, found "")"},
  {"http:\n  listen: localhost\n",
   R"(2:11: http.listen: expected an IP address, found "localhost")"},
  {"http:\n  listen: 1.2.3\n",
   R"(2:11: http.listen: expected an IP address, found "1.2.3")"},
  {"http:\n  allowed_hosts: [Home.Lan]\n",
   R"(2:19: http.allowed_hosts: expected a host name in lower case, found "Home.Lan")"},
  {"http:\n  token: short\n",
   "2:10: http.token: expected at least 16 characters without blanks"},
  {"analysis:\n  schedule: 0 25 * * *\n", "2:13: analysis.schedule: expected a cron "
                                          "expression like \"0 3 * * *\", found \"0 25 * "
                                          "* *\"; field 2 (hour): 25 is not within 0-23"},
  {"analysis:\n  schedule: 03:00\n",
   "2:13: analysis.schedule: expected a cron expression like \"0 3 * * *\", found "
   "\"03:00\"; 1 field instead of 5: minute, hour, day of month, month, day of week"},
  {"analysis:\n  schedule: 0 0 31 2 *\n",
   "2:13: analysis.schedule: expected a cron expression like \"0 3 * * *\", found \"0 0 "
   "31 "
   "2 *\"; no date ever matches: fields 3 to 5 are 31 2 *"},
  {"analysis:\n  machine_users: [node-red]\n",
   "2:19: analysis.machine_users: expected a user id of 32 hexadecimal digits, found "
   "\"node-red\""},
  {"events:\n  exclude:\n    - light.*\n    - Light Kitchen\n",
   "4:7: events.exclude: expected a glob of entity ids like \"light.*\", found \"Light "
   "Kitchen\""},
  {"home:\n  time_zone: Europe / Berlin\n",
   "2:14: home.time_zone: expected a time zone like \"Europe/Berlin\", found \"Europe / "
   "Berlin\""},
  {"home:\n  name: ''\n", R"(2:9: home.name: expected a name, found "")"},
  {"log:\n  level: loud\n",
   R"(2:10: log.level: expected one of debug, info, warning, error, found "loud")"},
  {"log:\n  format: yaml\n",
   R"(2:11: log.format: expected one of text, json, found "yaml")"},
  {"log:\n  areas: {htpp: debug}\n",
   R"(2:11: unknown key "log.areas.htpp" (did you mean "http"?))"},
  {"log:\n  areas:\n    http: debug\n    http: info\n",
   R"(4:5: the key "log.areas.http" is there twice)"},
  {"log:\n  areas: {http: debug, schedule: loud}\n",
   R"(2:34: log.areas.schedule: expected one of debug, info, warning, error, found "loud")"},
  {"log:\n  areas: {http: [debug]}\n",
   "2:17: log.areas.http: expected one of debug, info, warning, error, found a list"},
  {"log:\n  areas: [http=debug]\n",
   "2:10: log.areas: expected a map like {analysis: …}, found a list"},
  {"log:\n  areas: debug\n",
   R"(2:10: log.areas: expected a map like {analysis: …}, found "debug")"},
  // secrets
  {"http:\n  token: !secrt x\n",
   R"(2:10: http.token: unknown tag "!secrt" (did you mean "!secret"?))"},
  {"http:\n  token: !credential x\n",
   R"(2:10: http.token: no credential "x": $CREDENTIALS_DIRECTORY is not set)"},
  {"http:\n  token: !secret x\n", "2:10: http.token: secrets.yaml: no such file"},
  {"http:\n  token_file: nowhere\n", " http.token_file: nowhere: no such file"},
  {"http:\n  token: 0123456789abcdef\n  token_file: x\n",
   " http.token and http.token_file can't both be set"},
  {"http:\n  listen: 0.0.0.0\n",
   " http.listen is 0.0.0.0, which others can reach: http.token must be set"},
  // not the YAML we read
  {"http:\n  port: [1, 2\n", "3:1: end of sequence flow not found"},
  {"http:\n\tport: 1\n", "2:6: a tab can't indent: use blanks"},
  {"http: &a\n  port: 1\n", "1:7: anchors (&name) are not supported"},
  {"a: &x 1\nb: *x\n", "1:4: anchors (&name) are not supported"},
  {"a: *x\n", "1:4: the referenced anchor is not defined"},
  {"http:\n---\nlog:\n", "3:1: a second document begins here"},
};

} // namespace

TEST_CASE("what is wrong in a config is told with its place and what was expected") {
  for (const auto& [yaml, message] : bad_inputs) {
    CAPTURE(yaml);
    CHECK(complaint_about(yaml) == std::string{"invalid input: habitd.yaml:"} + message);
  }
}

TEST_CASE("everything that is wrong is told at once, a line each") {
  CHECK(
    complaint_about("http:\n  prot: 1\n  port: x\nlgo:\n") ==
    "invalid input: "
    "habitd.yaml:2:3: unknown key \"http.prot\" (did you mean \"port\"?)\n"
    "habitd.yaml:3:9: http.port: expected a whole number from 0 to 65535, found \"x\"\n"
    "habitd.yaml:4:1: unknown key \"lgo\" (did you mean \"log\"?)");
}

TEST_CASE("a file of another kind gives a bounded number of problems") {
  std::string yaml;
  for (int i = 0; i < 1000; ++i)
    yaml += "sensor_" + std::to_string(i) + ": {platform: template}\n";

  const auto complaint = complaint_about(yaml);

  CHECK(std::count(complaint.begin(), complaint.end(), '\n') == 20);
  CHECK_THAT(complaint, Catch::EndsWith("habitd.yaml: and 980 more problems"));
}

TEST_CASE("a binary file is no config") {
  CHECK(complaint_about(std::string_view{"SQLite format 3\0\1", 17}) ==
        "invalid input: habitd.yaml: not a text file");
}

TEST_CASE("files made to exhaust a parser are refused") {
  CHECK_THAT(complaint_about(std::string(300'000, '[')), Contains("nested too deeply"));
  CHECK_THAT(complaint_about(std::string(2 << 20, '#')), Contains("larger than 1 MiB"));
  std::string deep;
  for (std::size_t i = 0; i < 300; ++i)
    deep += std::string(i, ' ') + "a:\n";
  CHECK_THAT(complaint_about(deep), Contains("nested too deeply"));
}

TEST_CASE("a secret never shows in a message") {
  CHECK_THAT(complaint_about("http:\n  token: hunter2 hunter2 hunter2\n"),
             !Contains("hunter2"));
  CHECK_THAT(complaint_about("", only({{"HABITD__HTTP__TOKEN", "hunter2"}})),
             !Contains("hunter2"));
}

TEST_CASE("a wrong variable is named together with its key") {
  CHECK(complaint_about("", only({{"HABITD__HTTP__PORT", "x"}})) ==
        "invalid input: HABITD__HTTP__PORT: http.port: expected a whole number from 0 to "
        "65535, found \"x\"");
}

TEST_CASE("a wrong area or level in a variable is told like one in the file") {
  const auto complaint = [](const char* areas) {
    return complaint_about("", only({{"HABITD__LOG__AREAS", areas}}));
  };

  CHECK(complaint("http=debug,shedule=info") ==
        "invalid input: HABITD__LOG__AREAS: unknown key \"log.areas.shedule\" (did you "
        "mean \"schedule\"?)");
  CHECK(complaint("http=loud") ==
        "invalid input: HABITD__LOG__AREAS: log.areas.http: expected one of debug, info, "
        "warning, error, found \"loud\"");
  CHECK(complaint("http") ==
        "invalid input: HABITD__LOG__AREAS: log.areas.http: expected one of debug, info, "
        "warning, error, found \"\"");
}

TEST_CASE("a wrong cron expression in a variable is told with its field") {
  CHECK(
    complaint_about("", only({{"HABITD__ANALYSIS__SCHEDULE", "60 3 * * *"}})) ==
    "invalid input: HABITD__ANALYSIS__SCHEDULE: analysis.schedule: expected a cron "
    "expression like \"0 3 * * *\", found \"60 3 * * *\"; field 1 (minute): 60 is not "
    "within 0-59");
}

TEST_CASE("a missing file is not found, a directory is refused") {
  const config_directory directory;
  const auto missing = load_config(directory.path / "habitd.yaml", only({}));
  const auto no_file = load_config(directory.path, only({}));

  REQUIRE_FALSE(missing);
  CHECK(describe(missing.error()) ==
        "not found: " + (directory.path / "habitd.yaml").string() + ": no such file");
  REQUIRE_FALSE(no_file);
  CHECK(describe(no_file.error()) ==
        "invalid input: " + directory.path.string() + ": not a file");
}

TEST_CASE("a secret that isn't there, or is empty, is told with its file") {
  const config_directory directory;
  const auto file = directory.put("habitd.yaml", "http:\n  token: !secret habitd_tokn\n");
  const auto secrets = directory.put("secrets.yaml", "habitd_token: x\nempty: ''\n");

  auto settings = load_config(file, only({}));
  REQUIRE_FALSE(settings);
  CHECK(describe(settings.error()) ==
        "invalid input: " + file.string() +
          ":2:10: http.token: no secret \"habitd_tokn\" in " + secrets.string() +
          " (did you mean \"habitd_token\"?)");

  directory.put("habitd.yaml", "http:\n  token: !secret empty\n");
  settings = load_config(file, only({}));
  REQUIRE_FALSE(settings);
  CHECK_THAT(describe(settings.error()), Contains("the secret \"empty\" in"));
}
