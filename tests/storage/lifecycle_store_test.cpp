#include "storage/lifecycle_store.hpp"
#include "tests/storage/scratch_directory.hpp"

namespace habitd::lifecycle_store_test {

namespace {

constexpr auto lifecycle_clocks = detector_id::time_of_day;
constexpr auto lifecycle_pairs = detector_id::co_occurrence;

struct open_lifecycle {
  scratch_directory scratch;
  std::unique_ptr<database> db = must_open(scratch.options());
  lifecycle_store lifecycle{*db};

  open_lifecycle() {
    batch changes;
    for (int day = 0; day < 50; day += 7)
      lifecycle.put(changes, lifecycle_clocks, {day},
                    "lifecycle_clocks " + std::to_string(day));
    lifecycle.put(changes, lifecycle_pairs, {3}, "lifecycle_pairs");
    REQUIRE_FALSE(db->write(std::move(changes)));
  }
  void drop(detector_id detector, local_day before) {
    batch changes;
    REQUIRE_FALSE(lifecycle.erase_before(changes, detector, before));
    REQUIRE_FALSE(db->write(std::move(changes)));
  }
  int checks() const {
    int count = 0;
    CHECK_FALSE(db->scan(family::lifecycle, {}, {}, [&](auto, auto) {
      ++count;
      return true;
    }));
    return count;
  }
};

} // namespace

TEST_CASE_METHOD(open_lifecycle, "the last check is each detector's own") {
  CHECK((*lifecycle.last(lifecycle_clocks))->second == "lifecycle_clocks 49");
  CHECK((*lifecycle.last(lifecycle_pairs))->first == local_day{3});
  CHECK_FALSE(*lifecycle.last(static_cast<detector_id>(3)));
  CHECK_FALSE(*lifecycle.last(static_cast<detector_id>(0)));
}

TEST_CASE_METHOD(open_lifecycle, "old checks go, but for the one that the next goes on "
                                 "from") {
  drop(lifecycle_clocks, {28}); // 0, 7, 14 go; 21 stays
  CHECK(checks() == 6);

  batch reopened;
  lifecycle.erase_from(reopened, lifecycle_clocks, {28});
  REQUIRE_FALSE(db->write(std::move(reopened)));
  CHECK((*lifecycle.last(lifecycle_clocks))->second == "lifecycle_clocks 21");

  drop(lifecycle_clocks, {1000});
  drop(lifecycle_pairs, {1000});
  CHECK((*lifecycle.last(lifecycle_clocks))->second == "lifecycle_clocks 21");
  CHECK((*lifecycle.last(lifecycle_pairs))->second == "lifecycle_pairs");
}

} // namespace habitd::lifecycle_store_test
