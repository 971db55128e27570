#include "storage/aggregate_store.hpp"
#include "storage/entity_store.hpp"
#include "storage/event_store.hpp"
#include "storage/keys.hpp"
#include "storage/record_store.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <algorithm>
#include <random>
#include <thread>

using namespace habitd;

namespace {

struct open_scratch {
  scratch_directory scratch;
  std::unique_ptr<database> db = must_open(scratch.options());

  void commit(batch&& changes) { REQUIRE_FALSE(db->write(std::move(changes))); }
};

stored_day day_with(const char* state, int rows) {
  stored_day day;
  stored_event e;
  e.entity = 1;
  e.state = day.texts.intern(state);
  day.events.assign(static_cast<std::size_t>(rows), e);
  return day;
}

std::vector<std::uint32_t> parts_of(const aggregate_store& store, detector_id detector,
                                    local_day day) {
  std::vector<std::uint32_t> parts;
  CHECK_FALSE(store.scan_day(detector, day, [&](std::uint32_t part, std::string_view) {
    parts.push_back(part);
    return true;
  }));
  return parts;
}

} // namespace

TEST_CASE_METHOD(open_scratch, "entities get numbers from 1 that outlive the process") {
  {
    const auto entities = entity_store::open(*db);
    REQUIRE(entities);
    CHECK((*entities)->number_of("light.kitchen") == 1);
    CHECK((*entities)->number_of("light.hall") == 2);
    CHECK((*entities)->number_of("light.kitchen") == 1);
    batch changes;
    const auto staged = (*entities)->stage_new(changes);
    commit(std::move(changes));
    (*entities)->committed(staged);
  }

  const auto entities = entity_store::open(*db);

  REQUIRE(entities);
  CHECK((*entities)->size() == 2);
  CHECK((*entities)->name_of(2) == "light.hall");
  CHECK((*entities)->name_of(0).empty());
  CHECK((*entities)->name_of(3).empty());
  CHECK((*entities)->number_of("light.hall") == 2);
  CHECK((*entities)->number_of("light.new") == 3);
}

TEST_CASE_METHOD(open_scratch,
                 "a number of a batch that failed is given to nobody else") {
  {
    const auto entities = entity_store::open(*db);
    CHECK((*entities)->number_of("light.kept") == 1);
    batch first;
    const auto staged = (*entities)->stage_new(first);
    commit(std::move(first));
    (*entities)->committed(staged);
    CHECK((*entities)->number_of("light.late") == 2);
    batch failed; // and becomes visible all the same, as after a disk that failed a sync
    (*entities)->stage_new(failed);
    commit(std::move(failed));

    CHECK((*entities)->number_of("light.other") == 3);
    batch next;
    const auto all = (*entities)->stage_new(next);
    commit(std::move(next));
    (*entities)->committed(all);
  }

  const auto entities = entity_store::open(*db);

  REQUIRE(entities);
  CHECK((*entities)->name_of(1) == "light.kept");
  CHECK((*entities)->name_of(2) == "light.late");
  CHECK((*entities)->name_of(3) == "light.other");
}

TEST_CASE_METHOD(open_scratch,
                 "a name that comes while a batch is written is stored by the next one") {
  {
    const auto entities = entity_store::open(*db);
    CHECK((*entities)->number_of("light.first") == 1);
    batch first;
    const auto staged = (*entities)->stage_new(first);
    CHECK((*entities)->number_of("light.second") == 2);
    commit(std::move(first));
    (*entities)->committed(staged);
    batch next;
    (*entities)->stage_new(next);
    commit(std::move(next));
  }

  CHECK((*entity_store::open(*db))->name_of(2) == "light.second");
}

TEST_CASE_METHOD(open_scratch, "a gap in the entity numbers is corrupt data") {
  batch changes;
  changes.put(family::entities, std::string("\0\0\0\2", 4), "light.second");
  commit(std::move(changes));

  const auto entities = entity_store::open(*db);

  REQUIRE_FALSE(entities);
  CHECK(code_of(entities.error()) == ec::corrupt_data);
}

TEST_CASE_METHOD(open_scratch, "a block written again under its id replaces the first") {
  event_store events{*db};
  batch changes;
  events.put(changes, {100}, 1, encode_events(day_with("on", 3)));
  events.put(changes, {100}, 2, encode_events(day_with("off", 2)));
  events.put(changes, {101}, 1, encode_events(day_with("other day", 1)));
  commit(std::move(changes));

  batch again;
  events.put(again, {100}, 1, encode_events(day_with("on", 3)));
  commit(std::move(again));

  const auto day = events.read({100});
  REQUIRE(day);
  CHECK(day->events.size() == 5);
  CHECK(day->texts.size() == 2);
  CHECK(events.read({99})->events.empty());
}

TEST_CASE_METHOD(open_scratch,
                 "raw events of a day are dropped, of no other, also before 1970") {
  event_store events{*db};
  batch changes;
  for (const int day : {-5, -1, 0, 3, 4})
    events.put(changes, {day}, 1, encode_events(day_with("on", 1)));
  commit(std::move(changes));

  batch drop;
  for (const int day : {-5, -1, 3})
    events.erase(drop, {day});
  commit(std::move(drop));

  for (const int day : {-5, -1, 3})
    CHECK(events.read({day})->events.empty());
  for (const int day : {0, 4})
    CHECK(events.read({day})->events.size() == 1);
}

TEST_CASE_METHOD(open_scratch, "one bad block makes the day corrupt") {
  event_store events{*db};
  batch changes;
  events.put(changes, {1}, 1, "garbage");
  events.put(changes, {1}, 2, encode_events(day_with("on", 1)));
  commit(std::move(changes));

  CHECK(code_of(events.read({1}).error()) == ec::corrupt_data);
}

TEST_CASE_METHOD(open_scratch,
                 "storing a day's aggregate replaces all its parts, no other") {
  aggregate_store store{*db};
  batch first;
  store.put_day(first, detector_id::time_of_day, {7}, {{1, "a"}, {300, "b"}});
  store.put_day(first, detector_id::time_of_day, {8}, {{1, "next day"}});
  store.put_day(first, detector_id::co_occurrence, {7}, {{1, "other detector"}});
  commit(std::move(first));

  batch again;
  store.put_day(again, detector_id::time_of_day, {7}, {{300, "new"}, {2, "c"}});
  commit(std::move(again));

  CHECK(parts_of(store, detector_id::time_of_day, {7}) ==
        std::vector<std::uint32_t>{2, 300});
  CHECK(store.get(detector_id::time_of_day, local_day{7}, 300) == std::string{"new"});
  CHECK(store.get(detector_id::time_of_day, local_day{8}, 1) == std::string{"next day"});
  CHECK(store.get(detector_id::co_occurrence, local_day{7}, 1) ==
        std::string{"other detector"});
  CHECK(code_of(store.get(detector_id::time_of_day, local_day{7}, 1).error()) ==
        ec::not_found);
}

TEST_CASE_METHOD(open_scratch, "aggregates of a day are dropped, of all detectors") {
  aggregate_store store{*db};
  batch changes;
  for (const int day : {-1, 5, 6, 7})
    for (const auto detector : {detector_id::time_of_day, detector_id::co_occurrence})
      store.put_day(changes, detector, {day}, {{1, "x"}});
  commit(std::move(changes));

  batch drop;
  store.erase_day(drop, {-1});
  store.erase_day(drop, {6});
  commit(std::move(drop));

  for (const auto detector : {detector_id::time_of_day, detector_id::co_occurrence}) {
    CHECK(parts_of(store, detector, {-1}).empty());
    CHECK(parts_of(store, detector, {5}).size() == 1);
    CHECK(parts_of(store, detector, {6}).empty());
    CHECK(parts_of(store, detector, {7}).size() == 1);
  }
}

TEST_CASE_METHOD(open_scratch, "files of days that were erased are given back at once") {
  std::mt19937 random{1};
  std::string block(200'000, ' ');
  for (int day = 0; day < 80; ++day) {
    std::generate(block.begin(), block.end(), std::ref(random)); // nothing to compress
    batch changes;
    event_store{*db}.put(changes, {day}, 1, block);
    commit(std::move(changes));
    if (day % 20 == 19) { // writes what is in memory to the disk
      db.reset();
      db = must_open(scratch.options());
    }
  }
  event_store events{*db};
  const auto before = db->size_of(family::events);
  batch drop;
  for (int day = 0; day < 70; ++day)
    events.erase(drop, {day});
  commit(std::move(drop));

  const auto is_freed = [&] { return db->size_of(family::events) < before / 2; };
  REQUIRE_FALSE(events.free_before({70}));
  for (int tries = 0; tries < 300 && !is_freed();
       ++tries) { // what a compaction reads stays
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    REQUIRE_FALSE(events.free_before({70}));
  }

  CHECK(is_freed());
  for (int day = 0; day < 80; ++day)
    CHECK(db->may_hold(family::events, day_key({day}), day_key({day + 1})) ==
          (day >= 70));
}

TEST_CASE_METHOD(open_scratch, "records are listed by id, page by page") {
  record_store patterns{*db, family::patterns};
  record_store jobs{*db, family::jobs};
  batch changes;
  for (const auto* id : {"b", "a", "c", "b2"})
    patterns.put(changes, id, std::string{"{\"id\":\""} + id + "\"}");
  jobs.put(changes, "a", "{}");
  commit(std::move(changes));
  batch removal;
  patterns.erase(removal, "c");
  commit(std::move(removal));

  const auto first = patterns.list({}, 2);
  const auto rest = patterns.list("b");

  REQUIRE(first);
  REQUIRE(first->size() == 2);
  CHECK(first->at(1).first == "b");
  REQUIRE(rest);
  REQUIRE(rest->size() == 1);
  CHECK(rest->at(0) == std::pair<std::string, std::string>{"b2", "{\"id\":\"b2\"}"});
  CHECK(patterns.list({}, 0)->empty());
  CHECK(jobs.get("a") == std::string{"{}"});
  CHECK(code_of(jobs.get("b").error()) == ec::not_found);
}
