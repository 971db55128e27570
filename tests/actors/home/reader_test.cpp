#include "actors/home/reader.hpp"

#include <catch2/catch.hpp>

namespace habitd {

namespace {

read_step step_at(const std::string& cursor, std::size_t rows) {
  read_step step;
  step.position = {"home.db", cursor};
  step.page.rows.resize(rows);
  return step;
}

} // namespace

TEST_CASE("a reader that gives rows without moving its cursor is stopped") {
  int pages = 0;
  const auto next = making_progress(
    [&]() -> expected<read_step> {
      return step_at(++pages < 3 ? std::to_string(pages) : "2", 5);
    },
    "");

  CHECK(next());
  CHECK(next());
  const auto stuck = next();

  REQUIRE_FALSE(stuck);
  CHECK(describe(stuck.error()).find("does not get beyond \"2\"") != std::string::npos);
}

TEST_CASE("a reader that gives nothing for ever is stopped, one that searches is not") {
  const auto next =
    making_progress([]() -> expected<read_step> { return step_at("7", 0); }, "7");

  for (int i = 0; i < 1'000; ++i)
    REQUIRE(next());
  bool stopped = false;
  for (int i = 0; i < 100'000 && !stopped; ++i)
    stopped = !next();

  CHECK(stopped);
}

TEST_CASE("the end of a source needs no progress") {
  const auto next = making_progress(
    []() -> expected<read_step> {
      auto step = step_at("7", 0);
      step.at_end = true;
      return step;
    },
    "7");

  CHECK(next());
  CHECK(next());
}

} // namespace habitd
