#include "storage/event_store.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <tuple>

using namespace habitd;

namespace {

using plain_row = std::tuple<wall_time, entity_number, std::string, std::string, previous,
                             row_kind, cause, std::uint64_t>;

/// Rows with their texts spelled out; two days are the same if these are.
std::vector<plain_row> plain(const stored_day& day) {
  std::vector<plain_row> rows;
  for (const auto& e : day.events)
    rows.emplace_back(e.at, e.entity, day.texts[e.state],
                      e.before == previous::known ? day.texts[e.old_state] : "", e.before,
                      e.kind, e.by, e.act);
  return rows;
}

/// Draws rows that are likely to go wrong: repeated and long states, binary ones, time
/// going back, far-off times, entities up to the last number, acts near and far apart.
stored_day random_day(unsigned seed) {
  std::mt19937_64 random{seed};
  const auto up_to = [&](std::uint64_t most) {
    return std::uniform_int_distribution<std::uint64_t>{0, most}(random);
  };
  stored_day day;
  const auto states = 1 + up_to(40);
  for (std::uint64_t i = 0; i < states; ++i) {
    std::string text(up_to(i % 7 == 0 ? 300 : 6), ' ');
    for (auto& c : text)
      c = static_cast<char>(up_to(255));
    day.texts.intern(text);
  }
  const auto most_entities = up_to(1) ? 5 : std::uint64_t{UINT32_MAX};
  const auto unit = up_to(1) ? 1000 : 1;
  auto at = static_cast<std::int64_t>(up_to(4'000'000'000'000)) - 2'000'000'000'000;
  const auto rows = up_to(500);
  for (std::uint64_t i = 0; i < rows; ++i) {
    at += static_cast<std::int64_t>(up_to(2'000'000)) - 100'000;
    stored_event e;
    e.at = wall_time{std::chrono::milliseconds{at / unit * unit}};
    e.entity = static_cast<entity_number>(up_to(most_entities));
    e.state = static_cast<std::uint32_t>(up_to(day.texts.size() - 1));
    e.old_state = static_cast<std::uint32_t>(up_to(day.texts.size() - 1));
    e.before = static_cast<previous>(up_to(2));
    e.kind = static_cast<row_kind>(up_to(2));
    e.by = static_cast<cause>(up_to(3));
    const auto row_with_act = up_to(i);
    e.act = up_to(2) == 0                      ? 0
            : row_with_act < day.events.size() ? day.events[row_with_act].act
                                               : random() >> seed % 64;
    day.events.push_back(e);
  }
  return day;
}

stored_day two_rows() {
  stored_day day;
  stored_event e;
  e.at = wall_time{std::chrono::milliseconds{1'795'327'500'123}};
  e.entity = 7;
  e.state = day.texts.intern("on");
  e.old_state = day.texts.intern("off");
  e.before = previous::known;
  e.by = cause::person;
  e.act = 42;
  day.events = {e, e};
  return day;
}

} // namespace

TEST_CASE("rows come back from a block as they went in, in their order") {
  for (unsigned seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    const auto day = random_day(seed);
    stored_day decoded;

    const auto failed = decode_events(encode_events(day), decoded);

    REQUIRE_FALSE(failed);
    REQUIRE((plain(decoded) == plain(day)));
  }
}

TEST_CASE("the extremes of every number survive a block") {
  auto day = two_rows();
  day.events[0].at = wall_time::min();
  day.events[1].at = wall_time::max();
  day.events[1].entity = UINT32_MAX;
  day.events[1].act = UINT64_MAX;
  stored_day decoded;

  REQUIRE_FALSE(decode_events(encode_events(day), decoded));

  CHECK((plain(decoded) == plain(day)));
}

TEST_CASE("blocks of a day add up, and their texts are shared") {
  const auto day = two_rows();
  stored_day decoded;

  REQUIRE_FALSE(decode_events(encode_events(day), decoded));
  REQUIRE_FALSE(decode_events(encode_events(day), decoded));

  CHECK(decoded.events.size() == 4);
  CHECK(decoded.texts.size() == 2);
  CHECK(decoded.texts[decoded.events[3].old_state] == "off");
}

TEST_CASE("an empty day is a block too") {
  stored_day decoded;

  CHECK_FALSE(decode_events(encode_events({}), decoded));

  CHECK(decoded.events.empty());
}

TEST_CASE("a state outside the texts, as a restart may carry, is stored as empty") {
  stored_day day;
  stored_event restart;
  restart.kind = row_kind::restart;
  restart.state = 99;
  day.events = {restart};
  stored_day decoded;

  REQUIRE_FALSE(decode_events(encode_events(day), decoded));

  CHECK(decoded.events.at(0).kind == row_kind::restart);
  CHECK(decoded.texts[decoded.events[0].state].empty());
}

TEST_CASE("a block cut off anywhere is corrupt and leaves what was decoded before") {
  const auto block = encode_events(random_day(3));
  stored_day decoded;
  REQUIRE_FALSE(decode_events(encode_events(two_rows()), decoded));
  for (std::size_t length = 0; length < block.size(); ++length) {
    const auto failed = decode_events(std::string_view{block}.substr(0, length), decoded);
    REQUIRE(code_of(failed) == ec::corrupt_data);
    REQUIRE(decoded.events.size() == 2);
  }
}

TEST_CASE("a block with any single bit turned over is corrupt") {
  const auto block = encode_events(two_rows());
  for (std::size_t bit = 0; bit < block.size() * 8; ++bit) {
    CAPTURE(bit);
    auto damaged = block;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    stored_day decoded;

    REQUIRE(code_of(decode_events(damaged, decoded)) == ec::corrupt_data);
  }
}

TEST_CASE("garbage is corrupt, also if it claims to be a block") {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    std::mt19937 random{seed};
    std::string garbage(seed % 300, ' ');
    for (auto& c : garbage)
      c = static_cast<char>(random());
    if (!garbage.empty() && seed % 2)
      garbage[0] = 1; // the version
    stored_day decoded;

    REQUIRE(code_of(decode_events(garbage, decoded)) == ec::corrupt_data);
  }
}
