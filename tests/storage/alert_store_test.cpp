#include "storage/alert_store.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <rocksdb/db.h>

using namespace habitd;

namespace {

wall_time at(int seconds) {
  return wall_time{std::chrono::seconds{1'790'000'000 + seconds}};
}

alert sample(const std::string& subject) {
  alert record;
  record.code = "job_failed";
  record.subject = subject;
  record.text = "a \"text\"";
  record.level = severity::critical;
  record.raised = at(1);
  record.last_seen = at(2);
  record.count = 3;
  return record;
}

std::vector<std::string> listed(const alert_store& alerts) {
  std::vector<std::string> subjects;
  const auto rows = alerts.list();
  REQUIRE(rows);
  for (const auto& [key, text] : *rows)
    subjects.push_back(alert_from_json(text)->subject);
  return subjects;
}

} // namespace

TEST_CASE("an alert comes back as it was stored, and leaves the active ones cleared") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());
  const alert_store alerts{*db};
  auto record = sample("analysis");
  batch raise;
  alerts.put_active(raise, record);
  REQUIRE_FALSE(db->write(std::move(raise)));

  CHECK(alerts.active("job_failed", "analysis")->value() == record);
  CHECK_FALSE(alerts.active("job_failed", "other")->has_value());
  record.cleared = at(9);
  batch clear;
  alerts.put_cleared(clear, record);
  REQUIRE_FALSE(db->write(std::move(clear)));

  CHECK_FALSE(alerts.active("job_failed", "analysis")->has_value());
  CHECK(alerts.all_active()->empty());
  CHECK(*alert_from_json(alerts.list()->front().second) == record);
}

TEST_CASE("active alerts are listed before cleared ones, and these latest first") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());
  const alert_store alerts{*db};
  batch changes;
  alerts.put_active(changes, sample("now"));
  for (const int second : {10, 30, 20}) {
    auto record = sample("until " + std::to_string(second));
    record.cleared = at(second);
    alerts.put_cleared(changes, record);
  }
  REQUIRE_FALSE(db->write(std::move(changes)));

  CHECK(listed(alerts) ==
        std::vector<std::string>{"now", "until 30", "until 20", "until 10"});
  const auto first = alerts.list({}, 2);
  CHECK(alerts.list(first->back().first)->size() == 2);

  batch forget;
  alerts.erase_cleared_before(forget, at(20));
  REQUIRE_FALSE(db->write(std::move(forget)));

  CHECK(listed(alerts) == std::vector<std::string>{"now", "until 30", "until 20"});
}

TEST_CASE("a store of before there was an outbox opens, and keeps what it has") {
  const scratch_directory scratch;
  {
    batch changes;
    changes.put(family::jobs, "a", "1");
    REQUIRE_FALSE(must_open(scratch.options())->write(std::move(changes)));
  }
  { // as it was then: without the two column families
    std::vector<std::string> names;
    const auto path = scratch.store().string();
    REQUIRE(rocksdb::DB::ListColumnFamilies({}, path, &names).ok());
    std::vector<rocksdb::ColumnFamilyDescriptor> all;
    for (const auto& name : names)
      all.emplace_back(name, rocksdb::ColumnFamilyOptions{});
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* raw = nullptr;
    REQUIRE(rocksdb::DB::Open({}, path, all, &handles, &raw).ok());
    const std::unique_ptr<rocksdb::DB> old{raw};
    int dropped = 0;
    for (auto* handle : handles) {
      if (handle->GetName() == "outbox" || handle->GetName() == "alerts") {
        REQUIRE(old->DropColumnFamily(handle).ok());
        ++dropped;
      }
      REQUIRE(old->DestroyColumnFamilyHandle(handle).ok());
    }
    REQUIRE(dropped == 2);
  }

  const auto db = must_open(scratch.options());

  CHECK(db->recovered_from().empty());
  CHECK(db->get(family::jobs, "a") == std::string{"1"});
  batch changes;
  alert_store{*db}.put_active(changes, sample("new"));
  CHECK_FALSE(db->write(std::move(changes)));
}
