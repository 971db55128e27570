#include "actors/standards/refresh_decision.hpp"

#include <catch2/catch.hpp>

using namespace habitd;
using namespace std::chrono_literals;

namespace {

const wall_time now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h;

standard aged(int days) {
  standard document;
  document.source = "http://source.example/";
  document.last_updated = now - std::chrono::days{days};
  return document;
}

} // namespace

TEST_CASE("a document is stale when it is older than its threshold") {
  CHECK(freshness_of(aged(30), {}, now) == freshness::fresh);
  CHECK(freshness_of(aged(31), {}, now) == freshness::stale);
  auto own = aged(10);
  own.freshness_threshold_days = 7;
  CHECK(freshness_of(own, {}, now) == freshness::stale);
}

TEST_CASE("a document that its source says is current is as fresh as that word") {
  auto document = aged(400);
  document.last_success = now - 24h;

  CHECK(freshness_of(document, {}, now) == freshness::fresh);
  CHECK(age_of(document, now) == 24h);
}

TEST_CASE("switches and a missing source keep a stale document from being refreshed") {
  auto document = aged(31);
  CHECK(freshness_of(document, {.enabled = false}, now) == freshness::switched_off);
  document.auto_update_enabled = false;
  CHECK(freshness_of(document, {}, now) == freshness::switched_off);
  for (const auto* source : {"", "folder", "research"}) {
    document.source = source;
    CHECK(freshness_of(document, {}, now) == freshness::without_source);
  }
  document.auto_update_enabled = true;
  CHECK(freshness_of(document, {.has_research = true}, now) == freshness::stale);
}

TEST_CASE("after refreshes given up the pause doubles, to a day") {
  auto document = aged(31);
  document.last_attempt = now - 1h;
  document.failures = 1;
  CHECK(freshness_of(document, {}, now - 1ms) == freshness::waiting);
  CHECK(freshness_of(document, {}, now) == freshness::stale);
  document.failures = 2;
  CHECK(may_retry_at(document) == document.last_attempt + 2h);
  document.failures = 4'000'000'000;
  CHECK(may_retry_at(document) == document.last_attempt + 24h);
}

TEST_CASE("times ahead of now don't make a document fresh for ever") {
  CHECK(freshness_of(aged(-1), {}, now) == freshness::fresh);
  CHECK(age_of(aged(-1), now) == 0s);
  CHECK(freshness_of(aged(-400), {}, now) == freshness::stale);
  auto document = aged(31);
  document.failures = 1;
  document.last_attempt = now + 1000h;
  CHECK(freshness_of(document, {}, now) == freshness::stale);
}

TEST_CASE("a failed attempt is followed by two further ones, one and two minutes later") {
  CHECK(wait_after_failure(1, {}) == 60s);
  CHECK(wait_after_failure(2, {}) == 120s);
  CHECK_FALSE(wait_after_failure(3, {}));
  CHECK_FALSE(wait_after_failure(1, {.further = 0}));
  CHECK(wait_after_failure(1, {}, 300s) == 300s);
  CHECK(wait_after_failure(1, {}, 1'000'000s) == 3600s);
  CHECK(wait_after_failure(4'000'000, {.further = 5'000'000}) == 60s * 1024);
}

TEST_CASE("urgency grows with age and demand, and a request by name goes before all") {
  const refresh_entry entry;
  const refresh_entry by_name{.force = true};
  CHECK(urgency_of(aged(60), entry, 0, {}, now) == 2.0);
  CHECK(urgency_of(aged(60), entry, 1, {}, now) == 4.0);
  CHECK(urgency_of(aged(60), entry, 3, {}, now) == 6.0);
  CHECK(urgency_of(aged(1), by_name, 0, {}, now) >
        urgency_of(aged(36'500), entry, 1'000'000, {}, now));
}

TEST_CASE("a day's allowance holds until the day is over") {
  const day_limits limits{.calls = 2, .tokens = 100};
  const auto today = spending_on({}, now);
  CHECK(fits(today, limits, true));
  CHECK_FALSE(fits({today.day, 2, 0}, limits, false));
  CHECK(fits({today.day, 1, 100}, limits, false));
  CHECK_FALSE(fits({today.day, 1, 100}, limits, true));
  CHECK(spending_on({today.day, 2, 100}, now) == day_spending{today.day, 2, 100});
  CHECK(spending_on({today.day, 2, 100}, next_day(now)) ==
        day_spending{today.day + 1, 0, 0});
  CHECK(next_day(now) == now + 12h);
}
