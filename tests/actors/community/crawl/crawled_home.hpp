#pragma once

#include "actors/community/crawl/forum_source.hpp"
#include "actors/community/crawl/forum_state.hpp"
#include "tests/forum/forum_net.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>

namespace habitd {

/// A home that reads a made forum, week by week, and what it has been handed over.
class crawled_home {
public:
  static constexpr const char* url = "https://forum.example";

  explicit crawled_home(forum_options options = {}) : at{std::move(options)} {
    at.set_time(wall_time{std::chrono::hours{24 * 20'000}});
    settings.url = url;
    settings.least_likes = 0;
  }

  /// Reads the forum as `job`, without committing.
  error crawl(const std::string& job) {
    return forum_source({settings, policy, net.surroundings(),
                         [this] { return at.now(); }, cursor})(*staging, job, {});
  }

  /// What a commit does: takes over what was staged, and forgets it.
  staged_end commit(const std::string& job) {
    const auto ends = staging->ends(job);
    REQUIRE(ends);
    REQUIRE(ends->size() == 1);
    const auto& end = ends->front();
    handed_over = 0;
    REQUIRE(staging->visit_topics(job, [this](fetched_topic&& topic) {
      ++handed_over;
      corpus[topic.source + "/" + topic.source_id] = std::move(topic);
      return true;
    }));
    for (const auto& seen : end.sightings)
      if (const auto has = corpus.find(seen.source + "/" + seen.source_id);
          has != corpus.end())
        has->second.votes = seen.votes;
    for (const auto& gone : end.gone)
      corpus.erase(gone.source + "/" + gone.source_id);
    cursor = end.cursor.cursor;
    batch changes;
    staging->erase(changes, job);
    REQUIRE_FALSE(db->write(std::move(changes)));
    return end;
  }

  staged_end run(const std::string& job) {
    if (const auto failed = crawl(job))
      FAIL(describe(failed));
    return commit(job);
  }

  /// Forum topics alone.
  const fetched_topic* topic(std::uint64_t id) const {
    const auto at_id = corpus.find("forum/" + std::to_string(id));
    return at_id == corpus.end() ? nullptr : &at_id->second;
  }

  void open_again() {
    staging.reset();
    db.reset();
    db = must_open(scratch.options());
    staging.emplace(*db);
  }

  scratch_directory scratch;
  std::unique_ptr<database> db = must_open(scratch.options());
  std::optional<corpus_staging> staging{std::in_place, *db};
  forum at;
  forum_net net{at, url};
  forum_settings settings;
  polite_policy policy;
  std::string cursor;
  std::map<std::string, fetched_topic> corpus;
  std::size_t handed_over = 0;
};

/// Topics of the forum that the home should have and has not, or has otherwise than it is.
/// @param may_lag  topics whose text may still be the one before.
inline std::vector<std::string> differences(const crawled_home& home,
                                            const std::set<std::uint64_t>& may_lag = {}) {
  std::vector<std::string> found;
  std::size_t live = 0;
  for (const auto& [id, truth] : home.at.topics()) {
    const auto* has = home.topic(id);
    if (truth.deleted)
      continue;
    ++live;
    if (!has)
      found.push_back(fmt::format("{} is missing", id));
    else if (has->body != truth.raw && !may_lag.contains(id))
      found.push_back(fmt::format("{} has an old text", id));
    else if (has->votes != truth.op_likes)
      found.push_back(
        fmt::format("{} has {} votes, not {}", id, has->votes, truth.op_likes));
  }
  return found;
}

} // namespace habitd
