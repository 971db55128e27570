#include "storage/corpus_records.hpp"
#include "storage/corpus_store.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <catch2/catch.hpp>

using namespace habitd;
using namespace std::chrono_literals;

namespace {

corpus_entry full_entry() {
  corpus_entry entry;
  entry.id = "0123456789abcdef";
  entry.source = "forum";
  entry.source_id = "42";
  entry.block = 1;
  entry.title = "Motion \"light\"";
  entry.tags = {"light"};
  entry.created = wall_time{1'700'000'000'123ms};
  entry.facts.name = "Motion";
  entry.facts.domain = blueprint_domain::script;
  blueprint_input input;
  input.key = "motion";
  input.selector = "entity";
  input.entities.push_back({"zha", {"binary_sensor"}, {"motion"}, {"x.Y.Z"}});
  input.devices.push_back({"zha", "IKEA", "E1", "id"});
  input.required = false;
  input.always_visible = false;
  entry.facts.inputs.push_back(input);
  entry.facts.risks = {"lock.unlock"};
  entry.facts.templates = 3;
  entry.purpose = use_case::security;
  entry.quality = 0.123456789;
  entry.votes = 4'000'000'000U;
  entry.trending = true;
  entry.absorbed.push_back({"x", "y", "z"});
  entry.exempt = {"old"};
  return entry;
}

audit_row row_at(wall_time at, corpus_operation operation, const std::string& id) {
  audit_row row;
  row.at = at;
  row.operation = operation;
  row.id = id;
  return row;
}

std::vector<std::string> ids_of(const std::vector<audit_row>& rows) {
  std::vector<std::string> ids;
  for (const auto& row : rows)
    ids.push_back(row.id);
  return ids;
}

using ids = std::vector<std::string>;

} // namespace

TEST_CASE("an entry of the corpus comes back as it was stored, with its text") {
  const scratch_directory directory;
  const auto db = must_open(directory.options());
  const corpus_store corpus{*db};
  const parsed_entry read{full_entry(), "a: 1\n", {1, 5, 4'000'000'000U}};
  batch changes;
  corpus.put(changes, read.entry);
  corpus.put_text(changes, read);
  REQUIRE_FALSE(db->write(std::move(changes)));

  CHECK(*corpus.get(read.entry.id) == read.entry);
  CHECK(corpus.all()->at(0) == read.entry);
  CHECK(*corpus.yaml(read.entry.id) == read.yaml);
  CHECK(*corpus.shingles(read.entry.id) == read.shingles);
  CHECK(code_of(corpus.get("none").error()) == ec::not_found);
}

TEST_CASE("records of the corpus take unknown and missing fields") {
  const auto entry = corpus_entry_from_json(
    R"({"id":"x","new":1,"votes":-1,"facts":{"inputs":[{"key":"k"}]},"tags":7})");

  REQUIRE(entry);
  CHECK(entry->id == "x");
  CHECK(entry->votes == 0);
  CHECK(entry->facts.inputs.at(0).required);
  CHECK(entry->tags.empty());
  CHECK(code_of(corpus_entry_from_json("[]").error()) == ec::corrupt_data);
  CHECK(code_of(corpus_entry_from_json("{").error()) == ec::corrupt_data);
}

TEST_CASE("the audit log is read newest first, by time and operation") {
  const scratch_directory directory;
  const auto db = must_open(directory.options());
  const corpus_store corpus{*db};
  const auto append = [&](const std::vector<audit_row>& rows) {
    batch changes;
    REQUIRE_FALSE(corpus.append_audit(changes, rows));
    REQUIRE_FALSE(db->write(std::move(changes)));
  };
  using enum corpus_operation;
  append({row_at(wall_time{10s}, add, "a"), row_at(wall_time{10s}, prune, "b")});
  append({row_at(wall_time{10s}, restore, "c")});
  append({row_at(wall_time{20s}, add, "d")});
  append({row_at(wall_time{15s}, add, "e")}); // a clock that was set back

  CHECK(ids_of(*corpus.audit({})) == ids{"e", "d", "c", "b", "a"});
  CHECK(ids_of(*corpus.audit({.limit = 2})) == ids{"e", "d"});
  CHECK(ids_of(*corpus.audit({.operation = add})) == ids{"e", "d", "a"});
  CHECK(ids_of(*corpus.audit({.since = wall_time{20s}})) == ids{"e", "d"});

  batch changes;
  corpus.drop_audit_before(changes, wall_time{20s});
  REQUIRE_FALSE(db->write(std::move(changes)));
  CHECK(ids_of(*corpus.audit({})) == ids{"e", "d"});
}

TEST_CASE(
  "votes are kept by day, topics by source, deletions until they are taken back") {
  const scratch_directory directory;
  const auto db = must_open(directory.options());
  const corpus_store corpus{*db};
  batch changes;
  corpus.put_votes(changes, "a", {100, 5});
  corpus.put_votes(changes, "a", {107, 8});
  corpus.put_votes(changes, "ab", {90, 1});
  corpus.put_topic(changes, {"forum", "1", 2, 3, wall_time{4s}, wall_time{5s}});
  corpus.put_topic(changes, {"forum2", "1", 1, 1, {}, {}});
  corpus.put_deleted(changes, {full_entry(), wall_time{9s}, "old", "why"});
  REQUIRE_FALSE(db->write(std::move(changes)));

  CHECK(*corpus.votes_of("a") == std::vector<vote_count>{{100, 5}, {107, 8}});
  CHECK(corpus.votes_since(101)->size() == 1);
  REQUIRE(corpus.topics("forum")->size() == 1);
  CHECK(corpus.topics("forum")->at(0).votes == 3);
  CHECK(corpus.get_deleted(full_entry().id)->rule == "old");
  CHECK(corpus.all_deleted()->at(0).entry == full_entry());

  batch more;
  corpus.erase_votes(more, "a");
  CHECK(corpus.drop_votes_before(more, 95) == 1);
  corpus.erase_deleted(more, full_entry().id);
  REQUIRE_FALSE(db->write(std::move(more)));
  CHECK(corpus.votes_since(0)->empty());
  CHECK(code_of(corpus.get_deleted(full_entry().id).error()) == ec::not_found);
}
