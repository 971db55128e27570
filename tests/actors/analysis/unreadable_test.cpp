// What was stored and can't be read any more: the disk's damage, or another version's format.

#include "actors/analysis/unreadable.hpp"
#include "actors/detector/co_occurrence/co_occurrence.hpp"
#include "tests/actors/analysis/sick_detector.hpp"

#include <algorithm>
#include <fstream>
#include <random>

namespace habitd {
namespace {

constexpr auto damaged_one = detector_id::co_occurrence;
constexpr int days = 45;

bool is_counted(const analysis_fixture& home, local_day day) {
  const auto record = home.store->days.get(day);
  REQUIRE(record);
  return is_sealed_for(damaged_one, *record);
}

/// Makes a day's aggregates unreadable, whatever they hold.
void damage(const analysis_fixture& home, local_day day) {
  std::vector<aggregate_part> parts;
  REQUIRE_FALSE(
    home.store->aggregates.scan_day(damaged_one, day, [&](std::uint32_t part, auto) {
      parts.push_back({part, "damaged"});
      return true;
    }));
  REQUIRE_FALSE(parts.empty());
  batch changes;
  home.store->aggregates.put_day(changes, damaged_one, day, std::move(parts));
  REQUIRE_FALSE(home.store->db->write(std::move(changes)));
}

void damage_last_check(const analysis_fixture& home) {
  const auto last = home.store->lifecycle.last(damaged_one);
  REQUIRE(last);
  REQUIRE(*last);
  batch changes;
  home.store->lifecycle.put(changes, damaged_one, (*last)->first, "damaged");
  REQUIRE_FALSE(home.store->db->write(std::move(changes)));
}

TEST_CASE("days that can't be read any more are left out once, and said to be") {
  analysis_fixture home;
  home.options.keep_raw_days = 7;
  home.begin_anew();
  REQUIRE(home.analyze(pages_of(noisy_home(7, days))).outcome == job_outcome::ok);
  const auto before = home.patterns();
  damage(home, first_day + 30); // of the window, its events are gone
  damage(home, first_day + 31);

  const auto partial = home.analyze({});
  CHECK(partial.outcome == job_outcome::partial);
  CHECK(partial.problem ==
        "co_occurrence: what is stored of 2 days (the first: 2026-04-08) can't be read "
        "and is left out: corrupt data: co-occurrences of an unknown version");
  CHECK_FALSE(is_counted(home, first_day + 30));
  CHECK(is_counted(home, first_day + 32));
  CHECK(home.patterns().size() == before.size()); // two days fewer show the same habits

  const auto next = home.analyze({});
  CHECK(next.outcome == job_outcome::ok);
  CHECK(next.days_observed == 0); // there is nothing to observe them from
}

TEST_CASE(
  "a day that can't be read any more is observed anew while its events are kept") {
  analysis_fixture undisturbed, home;
  undisturbed.analyze(pages_of(noisy_home(7, days)));
  home.analyze(pages_of(noisy_home(7, days)));
  for (const int day : {2, 30, 44})
    damage(home, first_day + day);

  CHECK(home.analyze({}).outcome == job_outcome::partial);
  const auto healed = home.analyze({});
  CHECK(healed.outcome == job_outcome::ok);
  CHECK(healed.days_observed == 3);
  CHECK(is_counted(home, first_day + 30));
  CHECK(home.patterns() == undisturbed.patterns());
}

TEST_CASE(
  "a day that only the back-test would read is left out, and suggestions are made") {
  analysis_fixture home;
  home.options.keep_raw_days = 7;
  home.begin_anew();
  home.analyze(pages_of(noisy_home(7, days)));
  const auto suggestions = home.store->suggestions.list();
  REQUIRE(suggestions);
  REQUIRE_FALSE(suggestions->empty());
  damage(home, first_day + 3);

  const auto partial = home.analyze({});
  CHECK(partial.outcome == job_outcome::partial);
  CHECK(partial.suggestions == suggestions->size());
  CHECK_FALSE(is_counted(home, first_day + 3));
}

TEST_CASE("a weekly check that can't be read any more is made anew") {
  analysis_fixture undisturbed, home;
  undisturbed.analyze(pages_of(noisy_home(7, days)));
  home.analyze(pages_of(noisy_home(7, days)));
  damage_last_check(home);

  CHECK(home.analyze({}).outcome == job_outcome::ok);
  CHECK(home.patterns() == undisturbed.patterns());
}

/// Turns over a byte of `bytes` wherever a table of the store holds them.
void damage_block(const std::filesystem::path& store, std::string_view bytes) {
  int damaged = 0;
  for (const auto& entry : std::filesystem::directory_iterator{store}) {
    if (entry.path().extension() != ".sst")
      continue;
    std::fstream table{entry.path(), std::ios::binary | std::ios::in | std::ios::out};
    const std::string all{std::istreambuf_iterator<char>{table}, {}};
    const auto at = all.find(bytes);
    if (at == std::string::npos)
      continue;
    table.seekp(static_cast<std::streamoff>(at));
    table.put(static_cast<char>(~bytes.front()));
    ++damaged;
  }
  REQUIRE(damaged == 1);
}

TEST_CASE("what lies in a block that the disk damaged is set aside") {
  const analysis_fixture home;
  const storage_options options{.directory = home.directory / "damaged"};
  const auto open = [&options] { return *home_store::open(options); };
  std::mt19937 random{1};
  std::string check(400, ' '), part(400, ' '); // no compression changes them
  std::generate(check.begin(), check.end(), std::ref(random));
  std::generate(part.begin(), part.end(), std::ref(random));
  auto store = open();
  batch changes;
  day_record sealed;
  sealed.revision = 1;
  store->days.put(changes, first_day, sealed);
  store->aggregates.put_day(changes, damaged_one, first_day, {{1, part}});
  store->lifecycle.put(changes, damaged_one, first_day, check);
  REQUIRE_FALSE(store->db->write(std::move(changes)));
  for (int starts = 0; starts < 2; ++starts) { // the next one writes it out as tables
    store.reset();
    store = open();
  }
  store.reset();
  damage_block(options.directory, check);
  damage_block(options.directory, part);
  store = open();
  REQUIRE(code_of(store->lifecycle.last(damaged_one).error()) == ec::corrupt_data);

  const auto found = set_unreadable_aside(co_occurrence_detector(), *store);

  REQUIRE(found);
  CHECK(found->unreadable == std::vector{first_day});
  CHECK(store->days.get(first_day)->missing[index_of(damaged_one)]);
}

} // namespace
} // namespace habitd
