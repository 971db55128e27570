#include "tools/habitd/watchdog.hpp"

#include <catch2/catch.hpp>

using namespace habitd;
using namespace std::chrono_literals;

namespace {

constexpr standstill::time_point start{1000h};

} // namespace

TEST_CASE("silence is not excused while the process runs") {
  standstill paused{5s, 60s};

  CHECK_FALSE(paused.excuses(start));
  CHECK_FALSE(paused.excuses(start + 5s));
  CHECK_FALSE(paused.excuses(start + 14s));
}

TEST_CASE("silence is excused for a while after the process stood still") {
  standstill paused{5s, 60s};
  paused.excuses(start);

  CHECK(paused.excuses(start + 85s));
  CHECK(paused.excuses(start + 90s));
  for (auto at = 95s; at < 145s; at += 5s)
    paused.excuses(start + at);
  CHECK_FALSE(paused.excuses(start + 146s));
}
