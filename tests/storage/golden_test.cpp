// Stores of earlier builds are opened.

#include "messages/time_text.hpp"
#include "storage/home_store.hpp"
#include "storage/records.hpp"
#include "tests/golden_store.hpp"
#include "tests/storage/scratch_directory.hpp"

namespace habitd::golden_test {

namespace {

constexpr auto golden_clocks = detector_id::time_of_day;
constexpr auto golden_pairs = detector_id::co_occurrence;
constexpr auto new_one = static_cast<detector_id>(3);
constexpr int days = 14;
constexpr int days_with_events = 8;

} // namespace

TEST_CASE("a store of schema 2 is opened with all its days, for the detectors of then") {
  const scratch_directory scratch;
  REQUIRE(unpack_golden_store("store-schema-2", scratch.path()));

  const auto store = home_store::open(scratch.options());

  REQUIRE(store);
  const auto all = (*store)->days.all();
  REQUIRE(all);
  CHECK(all->size() == days);
  CHECK(all->begin()->first == *parse_date("2026-03-02"));
  int open_for_new = 0;
  for (const auto& [day, record] : *all) {
    CAPTURE(format_date(day));
    CHECK(was_seen(record));
    CHECK(is_sealed_for(golden_clocks, record));
    CHECK(is_sealed_for(golden_pairs, record));
    CHECK_FALSE(is_sealed_for(new_one, record)); // not observed is not "nothing happened"
    CHECK(due_for({{golden_clocks}, {golden_pairs}}, record).none());
    open_for_new += due_for({{new_one}}, record).any() ? 1 : 0;
    CHECK((*store)->aggregates.get(golden_clocks, day, 0));
  }
  CHECK(open_for_new == days_with_events); // it observes what is left
  CHECK_FALSE(*(*store)->days.forgotten_before());
  CHECK((*store)->entities->size() == 5);
  CHECK((*store)->patterns.list()->size() == 8);
  const auto jobs = (*store)->jobs.list();
  REQUIRE(jobs);
  for (const auto& [id, text] : *jobs)
    CHECK(job_from_json(text)->outcome == job_outcome::ok);
}

} // namespace habitd::golden_test
