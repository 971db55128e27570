#include "storage/merge_periods.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <map>

namespace habitd::merge_periods_test {

namespace {

constexpr auto merge_clocks = detector_id::time_of_day;
constexpr local_day monday{20'458}; // 2026-01-05

/// Parts are numbers as text, and add up.
expected<std::string> add(std::uint32_t, std::string_view one, std::string_view other) {
  return std::to_string(std::stoi(std::string{one}) + std::stoi(std::string{other}));
}

struct store_of_days {
  scratch_directory scratch;
  std::unique_ptr<database> db = must_open(scratch.options());
  aggregate_store aggregates{*db};

  void put_day(local_day day, std::vector<aggregate_part> parts,
               detector_id detector = merge_clocks) {
    batch changes;
    aggregates.put_day(changes, detector, day, std::move(parts));
    REQUIRE_FALSE(db->write(std::move(changes)));
  }

  void merge(period one, const std::vector<local_day>& days) {
    batch changes;
    REQUIRE_FALSE(stage_merged(changes, aggregates, {merge_clocks, one}, days, add));
    REQUIRE_FALSE(db->write(std::move(changes)));
  }

  std::map<std::uint32_t, std::string> parts(period one) const {
    std::map<std::uint32_t, std::string> found;
    CHECK_FALSE(aggregates.scan(merge_clocks, one, [&](std::uint32_t part, auto bytes) {
      found.emplace(part, bytes);
      return true;
    }));
    return found;
  }
};

} // namespace

TEST_CASE_METHOD(store_of_days, "a week is the sum of those of its days it names") {
  put_day(monday, {{0, "1"}, {7, "10"}});
  put_day(monday + 2, {{7, "20"}, {9, "3"}});
  put_day(monday + 3, {{7, "100"}});
  put_day(monday + 2, {{7, "5000"}}, detector_id::co_occurrence);
  const auto week = period_of(monday, layer::week);

  merge(week, {monday, monday + 2});

  CHECK(parts(week) ==
        std::map<std::uint32_t, std::string>{{0, "1"}, {7, "30"}, {9, "3"}});
  CHECK(*aggregates.merged({merge_clocks, week}) == days_merged{0b101});
  CHECK(aggregates.get(merge_clocks, week, 9) == std::string{"3"});
}

TEST_CASE_METHOD(store_of_days, "a day that is stored touches its week and its month") {
  put_day(monday - 6, {{1, "1"}}); // 2025-12-30
  const detector_period week{merge_clocks, period_of(monday - 6, layer::week)};
  const detector_period month{merge_clocks, period_of(monday - 6, layer::month)};
  CHECK(*aggregates.touched() == std::vector{week, month});
  CHECK_FALSE(*aggregates.merged(week));

  merge(week.of, {monday - 6});
  merge(month.of, {monday - 6});
  CHECK(aggregates.touched()->empty());
  CHECK(*aggregates.merged(month) == days_merged{1} << 29);

  put_day(monday - 5, {{1, "1"}}); // the same week, and month
  CHECK(*aggregates.touched() == std::vector{week, month});
}

TEST_CASE_METHOD(store_of_days, "merging anew leaves nothing of the merge before") {
  const auto week = period_of(monday, layer::week);
  put_day(monday, {{1, "1"}, {2, "2"}});
  merge(week, {monday});
  put_day(monday, {{2, "3"}});

  merge(week, {monday});

  CHECK(parts(week) == std::map<std::uint32_t, std::string>{{2, "3"}});
}

TEST_CASE_METHOD(store_of_days,
                 "old weeks are dropped, of all detectors, no newer ones") {
  batch changes;
  for (int number = -2; number < 3; ++number)
    for (const auto detector : {merge_clocks, detector_id::co_occurrence})
      aggregates.put_merged(changes, {detector, {layer::week, number}},
                            {{1, "1"}, {300, "2"}}, 1);
  REQUIRE_FALSE(db->write(std::move(changes)));

  batch drop;
  REQUIRE_FALSE(aggregates.erase_before(drop, {layer::week, 1}));
  REQUIRE_FALSE(db->write(std::move(drop)));

  for (int number = -2; number < 3; ++number) {
    CHECK(parts({layer::week, number}).empty() == (number < 1));
    CHECK((*aggregates.merged({detector_id::co_occurrence, {layer::week, number}}))
            .has_value() == (number >= 1));
  }
}

} // namespace habitd::merge_periods_test
