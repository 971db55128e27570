#include "config/config_keys.hpp"
#include "tests/config/config_fixture.hpp"

using namespace habitd;
using Catch::Contains;

namespace {

constexpr const char* full = R"(
home: {name: "Lake house", time_zone: Europe/Berlin}
events:
  recorder: /config/home-assistant_v2.db
  include: [light.*, "binary_sensor.?_door"]
  exclude: light.test   # a list of one
storage: {directory: /data/habitd, cache_mb: 16}
analysis:
  schedule: 15 4 * * mon-fri
  machine_users: [0123456789abcdef0123456789abcdef]
http:
  listen: "::1"
  port: 9000
  token: sixteen-or-more!
  allowed_hosts: [home.lan]
notify: {file: /data/alerts.ndjson, webhook: "https://u:p@hooks.example/x?y=z"}
auto_refresh:
  enabled: false
  mode: blocking
  max_concurrent: 2
  folder: /data/docs
  research_url: http://127.0.0.1:11434/v1
  research_model: small
log: {level: debug, format: json, areas: {http: warning, daemon: error}}
)";

config full_settings() {
  config settings;
  settings.home = {"Lake house", "Europe/Berlin"};
  settings.events = {
    "/config/home-assistant_v2.db", {"light.*", "binary_sensor.?_door"}, {"light.test"}};
  settings.storage = {"/data/habitd", 16};
  settings.analysis = {"15 4 * * mon-fri", {"0123456789abcdef0123456789abcdef"}};
  settings.http = {"::1", 9000, "sixteen-or-more!", {}, {"home.lan"}};
  settings.notify = {"/data/alerts.ndjson", "https://u:p@hooks.example/x?y=z"};
  settings.auto_refresh.enabled = false;
  settings.auto_refresh.mode = refresh_mode::blocking;
  settings.auto_refresh.max_concurrent = 2;
  settings.auto_refresh.folder = "/data/docs";
  settings.auto_refresh.research_url = "http://127.0.0.1:11434/v1";
  settings.auto_refresh.research_model = "small";
  settings.log = {
    log_level::debug,
    log_format::json,
    {{log_area::http, log_level::warning}, {log_area::daemon, log_level::error}}};
  return settings;
}

} // namespace

TEST_CASE("an empty config is all defaults") {
  const auto given = only({{"STATE_DIRECTORY", "/var/lib/habitd"}});

  CHECK(must_parse("", given) == config{});
  CHECK(must_parse("# nothing\n", given) == config{});
  CHECK(must_parse("http:\nlog:\n", given) == config{});
}

TEST_CASE("every key of a config is read") {
  CHECK(must_parse(full) == full_settings());
}

TEST_CASE("a config as it is shown reads as the same again, secrets aside") {
  auto settings = full_settings();
  settings.home.name = "quote \" back\\slash \t ü";
  settings.http.token.clear();
  settings.notify.webhook.clear();

  CHECK(must_parse(show_config(settings)) == settings);
}

TEST_CASE("every key has a variable that wins over the file") {
  const auto settings = full_settings();
  std::map<std::string, std::string> variables;
  for (const auto& key : config_keys()) {
    std::string name = "HABITD__";
    for (const char c : key.path)
      name += c == '.' ? "__" : std::string(1, static_cast<char>(std::toupper(c)));
    std::string value;
    for (const auto& entry : key.values(settings))
      value += (value.empty() ? "" : ",") + entry;
    variables[name] = value;
  }

  CHECK(variables.count("HABITD__EVENTS__INCLUDE") == 1);
  CHECK(must_parse("http: {port: 1, allowed_hosts: [other]}", only(variables)) ==
        settings);
}

TEST_CASE("the refresh of documents has variables of its own, which those of habitd beat") {
  const auto settings =
    must_parse("auto_refresh: {enabled: true, retry_attempts: 1}",
               only({{"ENABLE_AUTO_REFRESH_ON_ACCESS", "false"},
                     {"STANDARD_FRESHNESS_THRESHOLD_DAYS", "7"},
                     {"AUTO_REFRESH_MODE", "blocking"},
                     {"AUTO_REFRESH_MAX_CONCURRENT", "1"},
                     {"AUTO_REFRESH_RETRY_ATTEMPTS", "5"},
                     {"AUTO_REFRESH_RETRY_DELAY_SECONDS", "30"},
                     {"AUTO_REFRESH_USE_DEEP_RESEARCH", "false"},
                     {"HABITD__AUTO_REFRESH__RETRY_ATTEMPTS", "3"}}));

  CHECK_FALSE(settings.auto_refresh.enabled);
  CHECK(settings.auto_refresh.freshness_threshold_days == 7);
  CHECK(settings.auto_refresh.mode == refresh_mode::blocking);
  CHECK(settings.auto_refresh.max_concurrent == 1);
  CHECK(settings.auto_refresh.retry_attempts == 3);
  CHECK(settings.auto_refresh.retry_delay_seconds == 30);
  CHECK_FALSE(settings.auto_refresh.use_deep_research);
}

TEST_CASE("a variable replaces a list of the file, an empty one empties it") {
  const auto settings =
    must_parse("events: {include: [light.*], exclude: [light.a]}",
               only({{"HABITD__EVENTS__INCLUDE", ""},
                     {"HABITD__EVENTS__EXCLUDE", "switch.*,sensor.*"}}));

  CHECK(settings.events.include.empty());
  CHECK(settings.events.exclude == std::vector<std::string>{"switch.*", "sensor.*"});
}

TEST_CASE("a variable replaces a map of the file") {
  const auto settings =
    must_parse("log: {areas: {http: debug, storage: error}}",
               only({{"HABITD__LOG__AREAS", "http=info,schedule=warning"}}));

  CHECK(settings.log.areas ==
        std::map<log_area, log_level>{{log_area::http, log_level::info},
                                      {log_area::schedule, log_level::warning}});
}

TEST_CASE("every area of the log can have a level of its own") {
  for (std::size_t i = 0; i < log_area_words.size(); ++i) {
    CAPTURE(log_area_words[i]);
    const auto settings =
      must_parse("log: {areas: {" + std::string{log_area_words[i]} + ": debug}}");
    CHECK(settings.log.areas ==
          std::map<log_area, log_level>{{static_cast<log_area>(i), log_level::debug}});
  }
}

TEST_CASE("secrets come from a file beside the config, relative paths start there") {
  const config_directory directory;
  directory.put("secrets.yaml", "other: x\nhabitd_token: from-the-secrets-file\n");
  const auto file = directory.put("habitd.yaml", "http: {token: !secret habitd_token}\n"
                                                 "events: {recorder: ha.db}\n");

  const auto settings = load_config(file, only({}));

  REQUIRE(settings);
  CHECK(settings->http.token == "from-the-secrets-file");
  CHECK(settings->events.recorder == directory.path / "ha.db");
}

TEST_CASE("credentials come from where systemd puts them") {
  const config_directory directory;
  directory.put("habitd-token", "from-systemd-credential\n");
  const auto env = only({{"CREDENTIALS_DIRECTORY", directory.path.string()}});

  CHECK(must_parse("http: {token: !credential habitd-token}", env).http.token ==
        "from-systemd-credential");
  CHECK_FALSE(parse_config("http: {token: !credential ../x}", "habitd.yaml", env));
}

TEST_CASE("a token can be in a file of its own") {
  const config_directory directory;
  const auto token = directory.put("token", "from-a-file-of-its-own\n");

  const auto settings =
    must_parse("http: {listen: 0.0.0.0, token_file: " + token.string() + "}");

  CHECK(settings.http.token == "from-a-file-of-its-own");
  directory.put("token", "\n");
  CHECK_FALSE(parse_config("http: {token_file: " + token.string() + "}", "x", only({})));
}

TEST_CASE("redacting hides the token, and says whether there is one") {
  auto settings = full_settings();

  CHECK(redacted(settings).http.token == "***");
  CHECK(redacted(config{}).http.token.empty());
  CHECK(redacted(settings).notify.webhook == "***");
  CHECK_THAT(show_config(settings), !Contains("hooks.example"));
  CHECK_THAT(show_config(settings), Contains("  token: \"***\"\n"));
  CHECK_THAT(show_config(settings), !Contains(settings.http.token));
}

TEST_CASE(
  "the state directory is the one systemd gives, else the system's or the user's") {
  CHECK(state_directory(only({{"STATE_DIRECTORY", "/s/habitd:/s/b"}}), true) ==
        "/s/habitd");
  CHECK(state_directory(only({{"HOME", "/root"}}), true) == "/var/lib/habitd");
  CHECK(state_directory(only({{"HOME", "/home/a"}, {"XDG_STATE_HOME", "/x"}}), false) ==
        "/x/habitd");
  CHECK(state_directory(only({{"HOME", "/home/a"}, {"XDG_STATE_HOME", "relative"}}),
                        false) == "/home/a/.local/state/habitd");
}

TEST_CASE("the reference has a row for every key, with its default") {
  const auto reference = describe_config();

  for (const auto& key : config_keys())
    CHECK_THAT(reference, Contains("| `" + std::string{key.path} + "` | "));
  CHECK_THAT(reference, Contains("| `http.port` | `8380` | a whole number from 0 to "
                                 "65535 | Port to serve on; 0 = any free one. |\n"));
  CHECK_THAT(reference, Contains("| `log.areas` | `{}` | a map of analysis, events, "));
  CHECK_THAT(reference, Contains("| `analysis.schedule` | `\"0 3 * * *\"` |"));
}
