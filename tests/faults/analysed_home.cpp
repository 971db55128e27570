#include "tests/faults/analysed_home.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace habitd::faults {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace std::chrono_literals;

/// Copies the events from one time on and before another, as "2026-03-16T23".
void cut_log(const std::string& from, const std::string& to, std::string_view begin,
             std::string_view end) {
  constexpr std::string_view key = "\"time_fired\":\"";
  std::ifstream events{from};
  std::ofstream part{to};
  for (std::string line; std::getline(events, line);) {
    const auto at = line.rfind(key);
    if (at == std::string::npos)
      continue;
    const auto time = std::string_view{line}.substr(at + key.size());
    if (begin <= time && time < end)
      part << line << '\n';
  }
}

/// Whether a store was taken for corrupt, and thus moved aside.
bool was_moved_aside(const fs::path& store) {
  const auto name = store.filename().string() + ".corrupt";
  return std::any_of(fs::directory_iterator{store.parent_path()}, {},
                     [&](const fs::directory_entry& entry) {
                       return entry.path().filename().string().starts_with(name);
                     });
}

} // namespace

std::string findings(const program_result& ended) {
  boost::system::error_code failed;
  const auto output = json::parse(ended.out, failed);
  if (ended.exit_code != 0 || failed || !output.is_object())
    return {};
  const auto& all = output.as_object();
  return json::serialize(all.at("patterns")) + json::serialize(all.at("suggestions"));
}

analysed_home::analysed_home() {
  run_program({habitd_path(), "simulate", dir_ / "home", "--days", "21", "--entities",
               "70", "--events-per-day", "1000", "--seed", "4", "--first-date",
               "2026-03-02"});
  const auto all = dir_ / "home/events.ndjson";
  cut_log(all, dir_ / "early.ndjson", "", "2026-03-15T23");
  cut_log(all, dir_ / "known.ndjson", "2026-03-15T20", "2026-03-15T23");
  cut_log(all, dir_ / "late.ndjson", "2026-03-15T23", "9");
  cut_log(all, dir_ / "last.ndjson", "2026-03-22T23", "9");
  fs::remove_all(dir_ / "home");
  run_program(analyze_file("early.ndjson", dir_ / "store"));
  // Every run writes what it stored out as tables at its end; at the fourth a compaction is
  // due.
  for (int starts = 0; starts < 2; ++starts)
    run_program(analyze_file("known.ndjson", dir_ / "store"));
  const auto store = new_store("undisturbed");
  expected_ = findings(run_program(analyze(store)));
  fs::remove_all(store);
}

std::string analysed_home::new_store(const std::string& name) const {
  const auto path = dir_ / name;
  fs::copy(dir_ / "store", path, fs::copy_options::recursive);
  return fs::canonical(path);
}

std::vector<std::string> analysed_home::analyze(const std::string& store,
                                                std::vector<std::string> before) const {
  const auto command = analyze_file("late.ndjson", store);
  before.insert(before.end(), command.begin(), command.end());
  return before;
}

std::string analysed_home::wrong_afterwards(const std::string& store,
                                            const program_result& disturbed) const {
  const auto log = disturbed.exit_code == 0 ? "last.ndjson" : "late.ndjson";
  const auto next = program{analyze_file(log, store)}.wait_at_most(60s);
  const bool aside = was_moved_aside(store);
  fs::remove_all(store);
  if (aside)
    return "the store is taken for corrupt by the next run";
  if (next.exit_code != 0 || !next.err.empty())
    return fmt::format("the next run ends with {}: {}", next.exit_code, next.err);
  return has_expected(next) ? "" : "the next run has other findings";
}

std::vector<std::string> analysed_home::analyze_file(const std::string& events,
                                                     const std::string& store) const {
  return {habitd_path(),   "analyze", "--events", dir_ / events, "--time-zone",
          "Europe/Berlin", "--json",  "--state",  store};
}

} // namespace habitd::faults
