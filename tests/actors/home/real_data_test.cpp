#include "tests/actors/home/sample.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

namespace habitd {

namespace {

std::set<std::string> entities_of(const whole_source& source) {
  std::set<std::string> result;
  for (const auto& row : source.rows)
    if (row.kind != row_kind::restart)
      result.insert(row.entity);
  return result;
}

std::size_t changes_of(const whole_source& source) {
  return static_cast<std::size_t>(std::ranges::count_if(
    source.rows, [](const plain_row& row) { return row.kind != row_kind::restart; }));
}

} // namespace

TEST_CASE("recorder databases of twelve schemas are read without a bad row") {
  const auto [name, schema, rows, entities] =
    GENERATE(table<std::string, std::string, std::size_t, std::size_t>({
      {"schema00_alorman", "before schema", 261, 7},
      {"schema02_jwaggy", "schema 2", 377, 2},
      {"schema03_hejman08", "schema 3", 1735, 89},
      {"schema04_Giuseppe34", "schema 4", 711, 13},
      {"schema05_djamg", "schema 5", 116, 2},
      {"schema06_kashman3000", "schema 6", 1374, 71},
      {"schema07_RemiDing", "schema 7", 419, 19},
      {"schema23_abhirajtiwari", "schema 23", 2790, 3},
      {"schema26_darkxst", "schema 26", 362, 9},
      {"schema41_robmarkcole", "schema 41", 9, 9},
      {"schema50_Lizz158", "schema 50", 2913, 28},
      {"schema53_homeassistant-ai", "schema 53", 530, 120},
    }));
  const auto file = shared_file("recorder/ha_recorder_" + name + ".db.zst");
  if (!file)
    return;

  const auto source = read_all(*file);

  INFO(name << ": " << failure_of(source));
  REQUIRE(source);
  CHECK(changes_of(*source) == rows);
  CHECK(entities_of(*source).size() == entities);
  CHECK(source->problems.bad_rows == 0);
  CHECK(source->problems.out_of_range == 0);
  CHECK(source->description.find(schema) != std::string::npos);
}

TEST_CASE("a recorder of a later schema tells old states, causes and restarts") {
  const auto file = shared_file("recorder/ha_recorder_schema50_Lizz158.db.zst");
  if (!file)
    return;

  const auto source = read_all(*file);

  REQUIRE(source);
  const auto count = [&](auto&& wanted) {
    return std::ranges::count_if(source->rows, wanted);
  };
  CHECK(count([](const plain_row& row) { return row.before == previous::known; }) > 2000);
  CHECK(count([](const plain_row& row) { return row.by == cause::physical; }) > 1000);
  CHECK(count([](const plain_row& row) { return row.kind == row_kind::attributes; }) > 0);
  CHECK(count([](const plain_row& row) { return row.kind == row_kind::restart; }) > 0);
}

TEST_CASE("the ARAS matrix and its list of changes give the same rows") {
  const auto raw = shared_file("events/aras_house_a.raw.tar.zst");
  const auto changes = shared_file("events/aras_house_a.events.csv.zst");
  if (!raw || !changes)
    return;

  const auto matrix = read_all(*raw);
  const auto list = read_all(*changes);

  REQUIRE(matrix);
  REQUIRE(list);
  CHECK(list->rows.size() == 104'015);
  CHECK(matrix->problems.bad_rows == 0);
  CHECK(list->problems.bad_rows == 0);
  CHECK(matrix->rows == list->rows);
  CHECK(matrix->rows.front().at.substr(0, 10) == "2012-01-01"); // 23:00 UTC
  CHECK(matrix->rows.back().at.substr(0, 10) == "2012-01-31");
}

TEST_CASE("ten weeks of the Budapest flat are read without a bad row") {
  const auto file = shared_file("events/home_budapest_a2.raw.tar.zst");
  if (!file)
    return;

  const auto source = read_all(*file);

  REQUIRE(source);
  CHECK(source->rows.size() == 608'578 + 12'733); // an impulse is two rows
  CHECK(source->problems.bad_rows == 0);
  CHECK(entities_of(*source).size() == 11);
}

TEST_CASE("the intervals of two homes become twice as many rows") {
  const auto kasteren = shared_file("events/kasteren_house_a.raw.tar.zst");
  const auto mit = shared_file("events/mit_subject1.raw.tar.zst");
  if (!kasteren || !mit)
    return;

  const auto first = read_all(*kasteren);
  const auto second = read_all(*mit);

  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->rows.size() == 2 * 1'319);
  CHECK(first->problems.bad_rows == 0);
  CHECK(entities_of(*first).size() == 14);
  CHECK(second->rows.size() == 2 * 2'772);
  CHECK(second->problems.bad_rows == 0);
  CHECK(entities_of(*second).size() > 70);
}

TEST_CASE("the Ordonez home is read as CSV with its annotations left out") {
  const auto file = shared_file("events/ordonez_a.raw.tar.zst");
  if (!file)
    return;

  const auto source = read_all(*file);

  REQUIRE(source);
  CHECK(source->rows.size() == 815);
  CHECK(source->problems.bad_rows == 0);
  CHECK(entities_of(*source).size() == 12);
  CHECK(source->rows.front().entity == "binary_sensor.bedroom_bed_pressure");
}

TEST_CASE("an annotation file of a data set is no source") {
  const auto file = shared_file("events/aras_house_a.activities.csv.zst");
  if (!file)
    return;

  const auto source = read_all(*file);

  REQUIRE_FALSE(source);
  CHECK(code_of(source.error()) == ec::invalid_input);
}

} // namespace habitd
