#include "storage/schedule_store.hpp"

#include "tests/storage/scratch_directory.hpp"

using namespace habitd;

namespace {

using namespace std::chrono_literals;

schedule_record some_record() {
  schedule_record record;
  record.handled = wall_time{1'790'000'000'123ms};
  record.answered = {wall_time{1'789'900'000'000ms}, wall_time{1'790'000'000'000ms}};
  record.last_run = wall_time{1'790'000'000'456ms};
  record.last_trigger = "a \"reason\"";
  record.last_outcome = job_outcome::partial;
  return record;
}

} // namespace

TEST_CASE("the schedule of a job outlives the process") {
  const scratch_directory scratch;
  {
    const auto db = must_open(scratch.options());
    schedule_store store{*db};
    CHECK(*store.load("analysis") == schedule_record{});
    REQUIRE_FALSE(store.save("analysis", some_record()));
  }

  const auto db = must_open(scratch.options());
  const schedule_store store{*db};

  CHECK(*store.load("analysis") == some_record());
  CHECK(*store.load("refresh") == schedule_record{});
}

TEST_CASE("a schedule that can't be read is called corrupt, with the job") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());
  for (const auto* text : {"", "[]", "{}", "{\"answered\": [1]}",
                           "{\"answered\": [], \"handled\": \"yesterday\"}",
                           "{\"answered\": [], \"last_outcome\": \"fine\"}"}) {
    CAPTURE(text);
    batch changes;
    changes.put(family::meta, "schedule/analysis", text);
    REQUIRE_FALSE(db->write(std::move(changes)));

    const auto record = schedule_store{*db}.load("analysis");

    REQUIRE_FALSE(record);
    CHECK(text_of(record.error()) == "corrupt data: the schedule of analysis");
  }
}

TEST_CASE("the name of an installation is made once") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());
  schedule_store store{*db};

  CHECK(*store.install_id([] { return "first"; }) == "first");
  CHECK(*store.install_id([] { return "second"; }) == "first");
}
