#include "actors/community/judge.hpp"
#include "actors/community/near_duplicates.hpp"
#include "actors/community/plan_refresh.hpp"
#include "actors/community/shingles.hpp"
#include "actors/community/similar_titles.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace habitd;
using namespace std::chrono_literals;

namespace {

const wall_time now = wall_time{std::chrono::days{20'000}};

parsed_entry blueprint(const std::string& topic, std::uint32_t votes,
                       const std::string& title, std::uint32_t first_shingle) {
  parsed_entry read;
  auto& entry = read.entry;
  entry.id = "id" + topic;
  entry.source = "forum";
  entry.source_id = topic;
  entry.title = title;
  entry.created = now - std::chrono::days{100};
  entry.votes = votes;
  entry.completeness = 1;
  entry.content_hash = "hash" + topic;
  entry.facts.name = title;
  entry.facts.domains = {"light"};
  read.yaml = "a: 1\n";
  for (std::uint32_t i = 0; i < 50; ++i)
    read.shingles.push_back(first_shingle + i);
  return read;
}

fetched_topic topic_of(const parsed_entry& read) {
  fetched_topic topic;
  topic.source = read.entry.source;
  topic.source_id = read.entry.source_id;
  return topic;
}

refresh_facts facts_of(std::vector<parsed_entry> parsed) {
  refresh_facts facts;
  for (const auto& each : parsed)
    facts.topics.push_back(topic_of(each));
  facts.parsed = std::move(parsed);
  return facts;
}

/// The corpus after a plan.
old_corpus after(const old_corpus& old, const corpus_plan& plan) {
  std::map<std::string, corpus_entry> entries;
  for (const auto& entry : old.entries)
    entries[entry.id] = entry;
  for (const auto& entry : plan.rescored)
    entries[entry.id] = entry;
  auto shingles = std::make_shared<std::map<std::string, std::vector<std::uint32_t>>>();
  for (const auto& [why, read] : plan.changes) {
    if (why.operation == corpus_operation::prune ||
        why.operation == corpus_operation::remove) {
      entries.erase(why.id);
    } else {
      entries[why.id] = read.entry;
      (*shingles)[why.id] = read.shingles;
    }
  }
  old_corpus next;
  for (const auto& [id, entry] : entries)
    next.entries.push_back(entry);
  next.votes = old.votes;
  for (const auto& [id, votes] : plan.votes)
    next.votes[id].push_back(votes);
  next.shingles = [shingles, old](const std::string& id) {
    const auto found = shingles->find(id);
    return found != shingles->end() ? found->second
           : old.shingles           ? old.shingles(id)
                                    : std::vector<std::uint32_t>{};
  };
  return next;
}

std::vector<std::string> ids_of(const old_corpus& corpus) {
  std::vector<std::string> ids;
  for (const auto& entry : corpus.entries)
    ids.push_back(entry.id);
  return ids;
}

old_corpus corpus_of(std::vector<parsed_entry> parsed) {
  return after({}, plan_refresh({}, facts_of(std::move(parsed)), {}, now));
}

using ids = std::vector<std::string>;

} // namespace

TEST_CASE("quality weighs votes, completeness and age as the specification does") {
  CHECK(quality_of(1'000, 1, 0) == Approx(1.0));
  CHECK(quality_of(4'000, 1, 0) == Approx(1.0));
  CHECK(quality_of(250, 0.5, 365) == Approx(0.25 + 0.15 + 0.1));
  CHECK(quality_of(0, 0, 10'000) == Approx(0));
  CHECK(quality_of(0, 0, -5) == Approx(0.2)); // a clock that was set back
}

TEST_CASE("new topics are added with their quality, and few votes keep one out") {
  const auto plan = plan_refresh(
    {}, facts_of({blueprint("1", 400, "Lights", 0), blueprint("2", 99, "Fans", 1'000)}),
    {}, now);

  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].why.operation == corpus_operation::add);
  CHECK(plan.changes[0].why.id == "id1");
  CHECK(plan.changes[0].after.entry.quality == Approx(quality_of(400, 1, 100)));
  CHECK(plan.changes[0].after.entry.added == now);
  REQUIRE(plan.skipped.size() == 1);
  CHECK(plan.skipped[0].rule == "few_votes");
  CHECK(plan.summary.added == 1);
  CHECK(plan.summary.total == 1);
}

TEST_CASE("the same facts a second time plan nothing") {
  const std::vector<parsed_entry> read{blueprint("1", 400, "Lights", 0),
                                       blueprint("2", 300, "Fans at night", 1'000),
                                       blueprint("3", 200, "Fans at night", 1'000)};
  const auto first = plan_refresh({}, facts_of(read), {}, now);
  const auto once = after({}, first);

  const auto again = plan_refresh(once, facts_of(read), {}, now);

  CHECK(again.changes.empty());
  CHECK(again.rescored.empty());
  CHECK(again.votes.empty());
  CHECK(again.summary.total == 2);
}

TEST_CASE("an edited text is an update, another vote count is not") {
  const auto old = corpus_of({blueprint("1", 400, "Lights", 0)});
  auto edited = blueprint("1", 500, "Lights", 0);
  edited.entry.content_hash = "other";
  const auto later = now + std::chrono::days{7};

  const auto update = plan_refresh(old, facts_of({edited}), {}, later);
  refresh_facts seen;
  seen.sightings.push_back({"forum", "1", 500, {}});
  const auto votes = plan_refresh(old, seen, {}, later);

  REQUIRE(update.changes.size() == 1);
  CHECK(update.changes[0].why.operation == corpus_operation::update);
  CHECK(update.changes[0].after.entry.added == now);
  CHECK(update.changes[0].after.entry.changed == later);
  CHECK(votes.changes.empty());
  REQUIRE(votes.rescored.size() == 1);
  CHECK(votes.rescored[0].votes == 500);
  CHECK(votes.rescored[0].quality == Approx(quality_of(500, 1, 107)));
  REQUIRE(votes.votes.size() == 1);
  CHECK(votes.votes[0].second == vote_count{20'007, 500});
}

TEST_CASE("what its source has no longer is removed, what can't be read now stays") {
  const auto old = corpus_of({blueprint("1", 400, "Lights", 0),
                              blueprint("2", 400, "Fans at night", 1'000),
                              blueprint("3", 400, "Covers by day", 2'000),
                              blueprint("4", 400, "Heating by room", 3'000)});
  refresh_facts facts;
  facts.gone.push_back({"forum", "1", "404 twice"});
  facts.topics.push_back(topic_of(blueprint("2", 0, "", 0))); // edited away
  facts.topics.push_back(topic_of(blueprint("3", 0, "", 0))); // broken by an edit
  facts.failures.push_back({"forum", "3", "Covers by day", 0, 1, 1, "broken"});

  const auto plan = plan_refresh(old, facts, {}, now);

  CHECK(ids_of(after(old, plan)) == ids{"id3", "id4"});
  CHECK(plan.summary.removed == 2);
  facts.complete.push_back("forum");
  CHECK(ids_of(after(old, plan_refresh(old, facts, {}, now))) == ids{"id3"});
  auto restored = old;
  restored.entries[0].exempt = {"gone"};
  CHECK(ids_of(after(restored, plan_refresh(restored, facts, {}, now))) ==
        ids{"id1", "id3"});
}

TEST_CASE("low quality, old age and surplus prune, and a restored entry is left alone") {
  auto old = corpus_of({blueprint("1", 900, "Lights", 0),
                        blueprint("2", 800, "Fans at night", 1'000),
                        blueprint("3", 700, "Covers by day", 2'000),
                        blueprint("4", 600, "Heating by room", 3'000)});
  old.entries[1].completeness = 0;
  old.entries[1].votes = 10; // 0.05 + 0 + 0.17
  old.entries[2].created = now - std::chrono::days{800};
  old.entries[2].votes = 99;
  corpus_rules rules;
  rules.least_quality = 0.35;

  const auto pruned = after(old, plan_refresh(old, {}, rules, now));
  CHECK(ids_of(pruned) == ids{"id1", "id4"});

  old.entries[1].exempt = {"low_quality"};
  old.entries[2].exempt = {"old"};
  CHECK(ids_of(after(old, plan_refresh(old, {}, rules, now))) ==
        ids{"id1", "id2", "id3", "id4"});

  rules.most_entries = 3;
  const auto plan = plan_refresh(old, {}, rules, now);
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].why.rule == "surplus");
  CHECK(plan.changes[0].why.id == "id4"); // restored ones come first
}

TEST_CASE("of duplicates the better one stays, and names what it absorbed") {
  auto by_title = blueprint("2", 300, "Motion  activated light", 1'000);
  auto other_devices = blueprint("3", 300, "Motion activated lights", 2'000);
  other_devices.entry.facts.domains = {"fan"};
  auto by_structure = blueprint("4", 200, "Licht bei Bewegung", 1);
  by_structure.entry.facts.domains = {"switch"};

  const auto plan =
    plan_refresh({},
                 facts_of({blueprint("1", 400, "[Blueprint] Motion-activated lights", 0),
                           by_title, other_devices, by_structure}),
                 {}, now);

  CHECK(ids_of(after({}, plan)) == ids{"id1", "id3"});
  const auto& kept = plan.changes[0].after.entry;
  REQUIRE(kept.absorbed.size() == 2);
  CHECK(kept.absorbed[0].id == "id2");
  CHECK(kept.absorbed[1].id == "id4");
  REQUIRE(plan.skipped.size() == 2);
  CHECK(plan.skipped[0].rule == "duplicate_title");
  CHECK(plan.skipped[1].rule == "duplicate_structure");
}

TEST_CASE("blueprints of one topic are told apart by their names") {
  auto on = blueprint("1", 400, "A set for remotes", 0);
  on.entry.facts.name = "Left button";
  auto off = blueprint("1", 400, "A set for remotes", 1'000);
  off.entry.id = "id1b";
  off.entry.facts.name = "Right button, long press";

  CHECK(ids_of(corpus_of({on, off})) == ids{"id1", "id1b"});
}

TEST_CASE("entries of a source without votes are not judged by them") {
  auto file = blueprint("1", 0, "Lights", 0);
  file.entry.voted = false;
  file.entry.created = now - std::chrono::days{3'000};

  CHECK(ids_of(corpus_of({file})) == ids{"id1"});
}

TEST_CASE("what gains votes faster than the rest of the corpus is trending") {
  std::vector<parsed_entry> read;
  for (std::uint32_t i = 0; i < 40; ++i)
    read.push_back(blueprint(std::to_string(i), 400 + i,
                             std::string(10 + i, static_cast<char>('a' + i % 26)),
                             i * 1'000));
  const auto old = corpus_of(read);
  refresh_facts seen;
  for (std::uint32_t i = 0; i < 40; ++i)
    seen.sightings.push_back(
      {"forum", std::to_string(i), 400 + i + (i == 7 ? 50 : 1), {}});

  const auto next = after(old, plan_refresh(old, seen, {}, now + std::chrono::days{10}));

  for (const auto& entry : next.entries)
    CHECK(entry.trending == (entry.id == "id7"));
  const auto seventh = std::find_if(next.entries.begin(), next.entries.end(),
                                    [](const auto& each) { return each.id == "id7"; });
  CHECK(seventh->votes_per_day == Approx(5));
}

TEST_CASE("titles are compared without case, marks and brackets") {
  CHECK(plain_title("[Blueprint] Motion-Activated  LIGHT! 💡") ==
        "motion activated light");
  CHECK(title_similarity("kitten", "sitting") == Approx(1 - 3.0 / 7));
  CHECK(are_similar("motion activated lights", "motion activated light", 0.9));
  CHECK_FALSE(are_similar("motion activated lights", "motion activated fans", 0.9));
  CHECK_FALSE(are_similar("a", "b", 0.9));
}

TEST_CASE("near duplicates are those that a comparison of all pairs finds") {
  std::mt19937 random{1};
  std::vector<std::vector<std::uint32_t>> sets;
  for (int family = 0; family < 60; ++family) {
    std::vector<std::uint32_t> base(20 + random() % 400);
    std::generate(base.begin(), base.end(), std::ref(random));
    for (int copy = 0; copy < 8; ++copy) { // from 0 to 35 % of it changed
      auto set = base;
      for (auto& shingle : set)
        if (random() % 1'000 < static_cast<unsigned>(copy * 25))
          shingle = static_cast<std::uint32_t>(random());
      std::sort(set.begin(), set.end());
      set.erase(std::unique(set.begin(), set.end()), set.end());
      sets.push_back(std::move(set));
    }
  }
  std::shuffle(sets.begin(), sets.end(), random);
  std::vector<std::size_t> brute(sets.size());
  for (std::size_t i = 0; i < sets.size(); ++i) {
    brute[i] = i;
    for (std::size_t j = 0; j < i; ++j)
      if (brute[j] == j && jaccard(sets[i], sets[j]) >= 0.9) {
        brute[i] = j;
        break;
      }
  }

  const auto found = absorbers(
    sets.size(), [&](std::size_t i) -> const auto& { return sets[i]; }, 0.9);

  std::size_t right = 0, wanted = 0, given = 0;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    wanted += brute[i] != i;
    given += found[i] != i;
    right += brute[i] != i && found[i] == brute[i];
  }
  CHECK(wanted > 60);
  CHECK(static_cast<double>(right) >= 0.95 * static_cast<double>(wanted)); // recall
  CHECK(static_cast<double>(right) >= 0.95 * static_cast<double>(given));  // precision
}
