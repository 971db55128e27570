#pragma once

#include "messages/community.hpp"
#include "storage/database.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// What one step of reading a source brought: a page of a list, a topic, a file, or the
/// knowledge that it can't be had.
struct staged_step {
  std::optional<fetched_topic> topic{};
  std::string note{};         // what the source needs to go on, opaque to all others
  std::uint64_t requests = 0; // that it took
  std::uint64_t bytes = 0;    // transferred for it
  bool operator==(const staged_step&) const = default;
};

/// Something of a source that was left out.
struct skipped_item {
  std::string place{};  // "topic 253804", "GitHub Blueprints.tar.gz: a/b.yaml"
  std::string reason{}; // for people
  bool operator==(const skipped_item&) const = default;
};

/// What a source that was read to its end says, besides its topics.
struct staged_end {
  std::string source{};
  std::vector<topic_sighting> sightings{};
  std::vector<gone_topic> gone{};
  bool complete = false;  // read in whole: what it lacks is gone
  source_cursor cursor{}; // true once the plan is committed
  std::vector<skipped_item> skipped{};
  std::uint64_t missed = 0; // topics that should have been read, and could not
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;
  bool operator==(const staged_end&) const = default;
};

/// Answers of sources on their way into the corpus, by job: a job that is killed, or tried
/// again, goes on behind the last one. Each is durable when `put` returns. Thread-safe.
class corpus_staging {
public:
  explicit corpus_staging(database& db) : db_{db} {}

  /// @param source  [a-z0-9_-]; @param step  names the step within job and source.
  error put(std::string_view job, std::string_view source, std::string_view step,
            const staged_step& brought);

  /// @errors ec::not_found; ec::corrupt_data.
  expected<staged_step> get(std::string_view job, std::string_view source,
                            std::string_view step) const;

  /// Ends the reading of a source.
  error finish(std::string_view job, const staged_end& end);

  /// Of all sources that were read to the end, by name. @errors ec::corrupt_data.
  expected<std::vector<staged_end>> ends(std::string_view job) const;

  /// Topics of all sources, in an order that stays; one in memory at a time. What can't be
  /// decoded is left out and counted.
  /// @param visit  returns false to stop.
  expected<std::size_t>
  visit_topics(std::string_view job,
               const std::function<bool(fetched_topic&& topic)>& visit) const;

  /// Forgets steps that brought no more than a note which `is_stale`, so that they are tried
  /// again.
  error forget(std::string_view job, std::string_view source,
               const std::function<bool(std::string_view note)>& is_stale);

  /// Removes all that a job staged.
  void erase(batch& changes, std::string_view job) const;

private:
  database& db_;
};

} // namespace habitd
