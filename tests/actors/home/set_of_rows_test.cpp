// A day is a function of the set of a source's rows, whatever the reader: their order, how
// often they come and how they are spread over files and pages changes nothing.

#include "tests/actors/home/made_days.hpp"
#include "tests/actors/home/made_recorder.hpp"
#include "tests/actors/home/recorder_sample.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace habitd {

namespace {

struct made_row {
  double at = 0; // Unix seconds
  std::string entity;
  std::string state;
  std::string old_state;
  std::string context; // 16 letters
};

constexpr int days = 4;

/// Four days of a lamp, a fan that changes every other day, a sensor of motion, readings, and
/// an automation that acts.
std::vector<made_row> made_home(std::mt19937& random) {
  std::vector<made_row> rows;
  std::map<std::string, std::string> last;
  const auto add = [&](double at, const std::string& entity, const std::string& state,
                       const std::string& context) {
    rows.push_back({at, entity, state, last[entity], context});
    last[entity] = state;
  };
  const auto context = [&] {
    std::string text;
    for (int i = 0; i < 16; ++i)
      text += static_cast<char>('a' + random() % 16);
    return text;
  };
  for (int day = 0; day < days; ++day)
    for (int hour = 0; hour < 20; ++hour) {
      const auto at =
        noon + (day * 24 + hour) * 3600. + static_cast<double>(random() % 600);
      add(at, "sensor.outside", std::to_string(random() % 30), context());
      add(at + 700, "light.hall", hour % 2 ? "off" : "on", context());
      add(at + 800, "binary_sensor.stairs", "on", context());
      const auto run = context();
      add(at + 805, "automation.stairs", "on", run);
      add(at + 806, "light.stairs", "on", run);
      add(at + 900, "binary_sensor.stairs", "off", context());
      add(at + 950, "light.stairs", "off", context());
      if (hour == 3 && day % 2 == 0)
        add(at + 1000, "fan.attic", day % 4 == 0 ? "on" : "off", context());
    }
  return rows;
}

std::string iso(double at) {
  return format_utc(wall_time{std::chrono::milliseconds{std::llround(at * 1000)}});
}

std::string id_of(const std::string& context) { // 26 signs, so read as an opaque text
  return context.empty() ? "" : "c-" + context;
}

/// One way of writing rows: what stands before them, and a text for each.
struct writing {
  std::string name; // of a file
  std::string head;
  std::function<std::string(const made_row&)> line;
};

std::vector<writing> writings() {
  return {
    {"home.csv", "entity_id,state,last_changed,context_id\n",
     [](const made_row& row) {
       return fmt::format("{},{},{},{}\n", row.entity, row.state, iso(row.at),
                          id_of(row.context));
     }},
    {"flat.ndjson", "",
     [](const made_row& row) {
       return fmt::format(
         R"({{"entity_id":"{}","state":"{}","last_changed":"{}","context_id":"{}"}})"
         "\n",
         row.entity, row.state, iso(row.at), id_of(row.context));
     }},
    {"events.ndjson", "",
     [](const made_row& row) {
       const auto state = [&](const std::string& text) {
         return fmt::format(R"({{"state":"{}","last_changed":"{}","last_updated":"{}"}})",
                            text, iso(row.at), iso(row.at));
       };
       return fmt::format(
         R"({{"event_type":"state_changed","data":{{"entity_id":"{}","old_state":{},"new_state":{}}},"time_fired":"{}","context":{{"id":"{}"}}}})"
         "\n",
         row.entity, row.old_state.empty() ? "null" : state(row.old_state),
         state(row.state), iso(row.at), id_of(row.context));
     }},
  };
}

std::string text_of(const writing& how, const std::vector<made_row>& rows) {
  auto text = how.head;
  for (const auto& row : rows)
    text += how.line(row);
  return text;
}

/// What a store has in the end: a page that is given again takes its own place there.
std::vector<plain_row> rows_in(const std::filesystem::path& file,
                               std::size_t page_rows = 5000) {
  auto source = open_source(request_for(file, page_rows));
  INFO((source ? "" : describe(source.error())));
  REQUIRE(source);
  std::map<std::uint64_t, std::vector<plain_row>> pages;
  while (true) {
    const auto step = source->next();
    REQUIRE(step);
    if (auto rows = rows_of(*step); !rows.empty())
      pages[step->ordinal] = std::move(rows);
    if (step->at_end)
      break;
  }
  CHECK(source->problems().bad_rows == 0);
  std::vector<plain_row> all;
  for (auto& [ordinal, rows] : pages)
    all.insert(all.end(), rows.begin(), rows.end());
  return all;
}

using made_days = std::map<local_day, plain_day>;

void check_equal(const made_days& found, const made_days& expected) {
  REQUIRE(found.size() == expected.size());
  for (const auto& [day, plain] : expected) {
    CHECK(found.at(day).acts == plain.acts);
    CHECK(found.at(day).observed == plain.observed);
    CHECK(found.at(day).exposure == plain.exposure);
  }
}

std::vector<made_row> doubled(std::vector<made_row> rows) {
  const auto once = rows.size();
  for (std::size_t i = 0; i < once; ++i)
    rows.push_back(rows[i]);
  return rows;
}

/// A database of the rows in that order, with or without the columns and the index that say
/// or find what was before.
void record(const std::filesystem::path& file, const std::vector<made_row>& rows,
            bool index) {
  made_recorder recorder{file};
  if (index)
    recorder.run(
      "CREATE INDEX IF NOT EXISTS ix ON states (metadata_id, last_updated_ts)");
  recorder.run("BEGIN");
  for (const auto& row : rows)
    recorder.add(
      {.entity = row.entity, .state = row.state, .at = row.at, .context = row.context});
  recorder.run("COMMIT");
}

} // namespace

TEST_CASE("a text file's days are the same shuffled, doubled, split and merged") {
  for (const auto& how : writings())
    for (unsigned seed = 1; seed <= 3; ++seed) {
      std::mt19937 random{seed};
      const auto rows = made_home(random);
      const scratch_folder folder;
      const auto expected = days_of(rows_in(folder.write(how.name, text_of(how, rows))));
      CAPTURE(how.name, seed);
      REQUIRE(acts_in(expected) > 250);

      auto shuffled = rows;
      std::ranges::shuffle(shuffled, random);
      check_equal(days_of(rows_in(folder.write(how.name, text_of(how, shuffled)), 37)),
                  expected);
      check_equal(days_of(rows_in(folder.write(how.name, text_of(how, doubled(rows))))),
                  expected);
      auto pairs = doubled(rows);
      std::ranges::stable_sort(pairs, {}, &made_row::at);
      check_equal(days_of(rows_in(folder.write(how.name, text_of(how, pairs)), 100)),
                  expected);

      const auto cut = static_cast<std::ptrdiff_t>(1 + random() % (rows.size() - 1));
      const std::vector<made_row> first{shuffled.begin(), shuffled.begin() + cut};
      const std::vector<made_row> second{shuffled.begin() + cut, shuffled.end()};
      const auto split = write_archive(
        folder.path() / "split.tar",
        {{"1" + how.name, text_of(how, first)}, {"2" + how.name, text_of(how, second)}});
      check_equal(days_of(rows_in(split)), expected);
      const auto merged = write_archive(
        folder.path() / "merged.zip",
        {{"1" + how.name, text_of(how, rows)}, {"2" + how.name, text_of(how, first)}});
      check_equal(days_of(rows_in(merged)), expected);
    }
}

TEST_CASE("a text file that grew gives the days that it gives when read at once") {
  for (const auto& how : writings())
    for (unsigned seed = 1; seed <= 2; ++seed) {
      std::mt19937 random{seed};
      const auto rows = made_home(random);
      const scratch_folder folder;
      auto request = request_for(folder.path() / how.name, 50);
      const auto cut = static_cast<std::ptrdiff_t>(1 + random() % (rows.size() - 1));
      folder.write(how.name, text_of(how, {rows.begin(), rows.begin() + cut}));
      const auto before = read_all(request);
      REQUIRE(before);
      folder.write(how.name, text_of(how, rows));
      const auto expected = days_of(rows_in(request.file));
      request.resume_cursor = before->last_cursor;
      const auto after = read_all(request);
      REQUIRE(after);

      auto all = before->rows;
      all.insert(all.end(), after->rows.begin(), after->rows.end());

      CAPTURE(how.name, seed);
      CHECK(before->rows.size() + after->rows.size() == rows.size());
      check_equal(days_of(all), expected);
    }
}

TEST_CASE("a recorder's days are the same shuffled, doubled, split and merged") {
  for (const bool index : {true, false})
    for (unsigned seed = 1; seed <= 3; ++seed) {
      std::mt19937 random{seed};
      const auto rows = made_home(random);
      const scratch_folder folder;
      const auto read = [&](const std::vector<made_row>& in_order,
                            std::size_t page_rows) {
        const auto file = folder.path() / "home.db";
        std::filesystem::remove(file);
        record(file, in_order, index);
        return days_of(rows_in(file, page_rows));
      };
      const auto expected = read(rows, 5000);
      CAPTURE(index, seed);
      REQUIRE(acts_in(expected) > 250);

      auto shuffled = rows;
      std::ranges::shuffle(shuffled, random);
      check_equal(read(shuffled, 5000), expected);
      check_equal(read(shuffled, 13), expected);
      check_equal(read(doubled(rows), 100), expected);
      check_equal(read(doubled(shuffled), 100), expected);
    }
}

TEST_CASE(
  "a recorder that is read while it grows gives the days of a reading at its end") {
  for (const bool index : {true, false}) {
    std::mt19937 random{3};
    const auto rows = made_home(random);
    const scratch_folder folder;
    const auto file = folder.path() / "home.db";
    auto request = request_for(file, 20);
    std::vector<plain_row> all;
    for (std::size_t from = 0; from < rows.size(); from += 97) {
      const auto until = std::min(from + 97, rows.size());
      record(file,
             {rows.begin() + static_cast<std::ptrdiff_t>(from),
              rows.begin() + static_cast<std::ptrdiff_t>(until)},
             index);
      auto source = open_source(request);
      REQUIRE(source);
      for (auto& row : drain(*source, &request.resume_cursor))
        all.push_back(std::move(row));
    }

    CHECK(all.size() == rows.size());
    check_equal(days_of(all), days_of(rows_in(file)));
  }
}

TEST_CASE("states looked at every five minutes show each change when it was") {
  std::mt19937 random{11};
  const auto rows = made_home(random);
  std::string expected_text = "entity_id,state,last_changed,last_updated\n";
  for (const auto& row : rows)
    expected_text +=
      fmt::format("{},{},{},{}\n", row.entity, row.state, iso(row.at), iso(row.at));
  // Every look tells of all entities; one that changed twice in between is seen once.
  std::string polled = "entity_id,state,last_changed,last_updated\n";
  std::map<std::string, const made_row*> now;
  std::size_t next = 0;
  std::vector<made_row> seen;
  for (double at = noon; at < noon + days * 86'400; at += 300) {
    for (; next < rows.size() && rows[next].at <= at; ++next)
      now[rows[next].entity] = &rows[next];
    for (const auto& [entity, row] : now) {
      polled += fmt::format("{},{},{},{}\n", entity, row->state, iso(row->at), iso(at));
      if (seen.empty() || std::ranges::none_of(seen, [&](const made_row& other) {
            return other.at == row->at && other.entity == row->entity;
          }))
        seen.push_back(*row);
    }
  }
  const scratch_folder folder;

  const auto found = days_of(rows_in(folder.write("polled.csv", polled)));
  const auto writing = writings().front();
  const auto wanted = days_of(rows_in(folder.write("seen.csv", text_of(writing, seen))));

  REQUIRE(found.size() == wanted.size());
  for (const auto& [day, plain] : wanted) {
    auto acts = plain.acts; // no contexts were polled
    for (auto& act : acts)
      if (act.ends_with(" automated"))
        act.resize(act.size() - std::string_view{" automated"}.size());
    CHECK(found.at(day).acts == acts);
  }
}

} // namespace habitd
