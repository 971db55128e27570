#include "tools/simulator/writers.hpp"

#include "homes.hpp"

#include <boost/json.hpp>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <unistd.h>

using namespace habitd;
using namespace habitd::test;

namespace {

/// A directory of this test's own that goes away with it.
struct own_directory {
  own_directory() {
    auto pattern =
      (std::filesystem::temp_directory_path() / "habitd-simulator-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()));
    path = pattern;
  }
  ~own_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::filesystem::path path;
};

simulation_options small_home() {
  simulation_options options;
  options.days = 3;
  options.entities = 100;
  options.events_per_day = 1000;
  options.duplicate_share = 0;
  options.disorder_share = 0;
  return options;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::ifstream file{path};
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);)
    lines.push_back(line);
  return lines;
}

std::string ask(const std::filesystem::path& path, const std::string& sql) {
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READONLY, nullptr) ==
          SQLITE_OK);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> db{raw, sqlite3_close};
  std::string answer;
  const auto add = [](void* into, int columns, char** values, char**) {
    for (int i = 0; i < columns; ++i)
      *static_cast<std::string*>(into) +=
        std::string{values[i] ? values[i] : "NULL"} + ";";
    return 0;
  };
  REQUIRE(sqlite3_exec(raw, sql.c_str(), add, &answer, nullptr) == SQLITE_OK);
  return answer;
}

} // namespace

TEST_CASE("the same seed writes the same bytes") {
  const own_directory here;
  auto options = small_home();
  options.duplicate_share = 0.01;
  options.disorder_share = 0.01;

  REQUIRE_FALSE(write_ndjson(options, here.path / "a"));
  REQUIRE_FALSE(write_ndjson(options, here.path / "b"));
  options.seed = 2;
  REQUIRE_FALSE(write_ndjson(options, here.path / "c"));

  CHECK(text_of(here.path / "a") == text_of(here.path / "b"));
  CHECK(text_of(here.path / "a") != text_of(here.path / "c"));
}

TEST_CASE("each NDJSON line is an event that continues the entity's last one") {
  const own_directory here;
  REQUIRE_FALSE(write_ndjson(small_home(), here.path / "home.ndjson"));
  std::map<std::string, boost::json::value> last;
  std::set<std::string> types;
  bool continues = true;
  bool times = true;

  for (const auto& line : lines_of(here.path / "home.ndjson")) {
    const auto event = boost::json::parse(line).as_object();
    const std::string type{event.at("event_type").as_string()};
    types.insert(type);
    CHECK(event.at("context").at("id").as_string().size() == 26);
    if (type != "state_changed")
      continue;
    const auto& data = event.at("data").as_object();
    const auto& state = data.at("new_state").as_object();
    const std::string entity{data.at("entity_id").as_string()};
    continues = continues && state.at("entity_id") == data.at("entity_id") &&
                (data.at("old_state").is_null() || data.at("old_state") == last[entity]);
    times = times && state.at("last_updated") == event.at("time_fired") &&
            state.at("last_changed").as_string() <= state.at("last_updated").as_string();
    last[entity] = state;
  }

  CHECK(continues);
  CHECK(times);
  CHECK(types.contains("automation_triggered"));
  CHECK(types.contains("homeassistant_start"));
  CHECK(types.contains("homeassistant_started"));
}

TEST_CASE("late and double lines add nothing and lose nothing") {
  const own_directory here;
  auto options = small_home();
  REQUIRE_FALSE(write_ndjson(options, here.path / "clean"));
  options.duplicate_share = 0.02;
  options.disorder_share = 0.02;
  REQUIRE_FALSE(write_ndjson(options, here.path / "dirty"));

  const auto clean = lines_of(here.path / "clean");
  const auto dirty = lines_of(here.path / "dirty");

  CHECK(dirty.size() > clean.size());
  CHECK(std::set(dirty.begin(), dirty.end()) == std::set(clean.begin(), clean.end()));
  auto once = dirty;
  once.erase(std::unique(once.begin(), once.end()), once.end());
  CHECK(once.size() == clean.size()); // doubles stand side by side …
  CHECK(once != clean);               // … and some lines came late
}

TEST_CASE("a recorder database is sound and holds the rows of the NDJSON file") {
  const own_directory here;
  const auto path = here.path / "home.db";
  REQUIRE_FALSE(write_recorder(small_home(), path));
  REQUIRE_FALSE(write_ndjson(small_home(), here.path / "home.ndjson"));
  std::size_t states = 0;
  std::size_t events = 0;
  for (const auto& line : lines_of(here.path / "home.ndjson"))
    ++(line.starts_with(R"({"event_type":"state_changed")") ? states : events);

  CHECK(ask(path, "PRAGMA integrity_check") == "ok;");
  CHECK(ask(path, "PRAGMA foreign_key_check").empty());
  CHECK(ask(path, "PRAGMA journal_mode") == "wal;");
  CHECK(ask(path, "SELECT schema_version FROM schema_changes") == "53;");
  CHECK(ask(path, "SELECT count(*) FROM states") == std::to_string(states) + ";");
  CHECK(ask(path, "SELECT count(*) FROM events") == std::to_string(events) + ";");
  CHECK(ask(path, "SELECT count(*) FROM states_meta") == "100;");
}

TEST_CASE("rows of a recorder database are chained by entity and time") {
  const own_directory here;
  const auto path = here.path / "home.db";
  REQUIRE_FALSE(write_recorder(small_home(), path));

  const std::string chain =
    "SELECT count(*) FROM states s JOIN states o ON o.state_id = s.old_state_id WHERE ";
  CHECK(ask(path, chain + "o.metadata_id <> s.metadata_id") == "0;");
  CHECK(ask(path, chain + "o.last_updated_ts > s.last_updated_ts") == "0;");
  // An update of attributes alone keeps the time of the last change.
  CHECK(ask(path, chain + "(s.last_changed_ts IS NULL) = (o.state = s.state)") == "0;");
  CHECK(ask(path, chain + "s.last_changed_ts >= s.last_updated_ts") == "0;");
  CHECK(ask(path, chain + "s.last_changed_ts IS NOT NULL") != "0;");
  CHECK(ask(path, "SELECT count(*) FROM states WHERE length(context_id_bin) <> 16") ==
        "0;");
}

TEST_CASE("a recorder database has a run from each start to the next stop") {
  const own_directory here;
  const auto path = here.path / "home.db";
  auto options = small_home();
  options.distractors.restarts = 1;
  options.distractors.outages = 0;
  const auto home = make_home(options);
  REQUIRE(home.plan().downtimes.size() == 1);
  REQUIRE_FALSE(write_recorder(home, path));

  CHECK(ask(path, "SELECT count(*) FROM recorder_runs") == "2;");
  CHECK(ask(path, "SELECT \"end\" IS NULL, closed_incorrect FROM recorder_runs") ==
        "0;0;1;0;");
  CHECK(ask(path, "SELECT count(*) FROM states, recorder_runs a, recorder_runs b "
                  "WHERE a.run_id = 1 AND b.run_id = 2 "
                  "AND last_updated_ts > (julianday(a.\"end\") - 2440587.5) * 86400 + 1 "
                  "AND last_updated_ts < (julianday(b.start) - 2440587.5) * 86400 - 1") ==
        "0;");
}

TEST_CASE("a recorder database that exists is left alone") {
  const own_directory here;
  const auto path = here.path / "home.db";
  std::ofstream{path} << "mine";

  CHECK(code_of(write_recorder(small_home(), path)) == ec::invalid_input);
  CHECK(text_of(path) == "mine");
}

TEST_CASE("a file that can't be written is named") {
  const own_directory here;
  const auto path = here.path / "missing" / "home";

  CHECK_THAT(describe(write_ndjson(small_home(), path)), Catch::Contains(path.string()));
  CHECK_THAT(describe(write_truth(small_home(), path)), Catch::Contains(path.string()));
  CHECK(code_of(write_recorder(small_home(), path)) == ec::unavailable);
}

TEST_CASE("a truth file can be read back") {
  const own_directory here;
  const auto path = here.path / "truth.json";
  REQUIRE_FALSE(write_truth(small_home(), path));

  const auto read = truth_from_json(boost::json::parse(text_of(path)));

  REQUIRE(read);
  const auto truth = make_home(small_home()).truth();
  REQUIRE(read->planted.size() == truth.planted.size());
  for (std::size_t i = 0; i < truth.planted.size(); ++i) {
    CHECK(read->planted[i].entities == truth.planted[i].entities);
    CHECK(read->planted[i].time == truth.planted[i].time);
    CHECK(read->planted[i].probability == Approx(truth.planted[i].probability));
  }
  CHECK(read->neutral.size() == truth.neutral.size());
}
