#pragma once

#include "messages/community.hpp"
#include "storage/home_store.hpp"

#include <string>
#include <vector>

namespace habitd {

/// Who commits, and who is told.
struct commit_context {
  std::string job{};
  std::string correlation{};
  wall_time started{};
  wall_time now{};
  std::vector<std::string> told{}; // outbox targets that get {"added_count", "timestamp"}
};

constexpr int days_restorable = 30;
constexpr int audit_days = 730;
constexpr int vote_days = 365;

/// Stages all that a plan says: entries, texts, deletions, votes, topics, cursors, audit rows,
/// the summary of the run, and who is to be told. One batch: it becomes visible whole.
error stage_plan(batch& changes, home_store& store, const corpus_plan& plan,
                 const commit_context& by);

/// Whether the last commit was that of `job`: a step that is taken again commits nothing.
bool is_committed(const home_store& store, const std::string& job);

/// The cursor of a source as of the last commit; empty before the first.
expected<std::string> corpus_cursor(const home_store& store, const std::string& source);

/// Takes a deleted entry back, in one batch. The rule that took it can't take it again.
/// @errors ec::not_found if it isn't among the deleted ones.
expected<corpus_entry> restore_entry(home_store& store, const std::string& id,
                                     const std::string& correlation, wall_time now);

/// What a clean-up removed.
struct cleanup_counts {
  std::size_t entries = 0;
  std::size_t votes = 0;
};

/// Stages the end of what was deleted more than 30 days ago, of votes older than a year and
/// of audit rows older than two.
expected<cleanup_counts> stage_cleanup(batch& changes, const home_store& store,
                                       wall_time now);

/// How many of the last refreshes failed in a row.
expected<std::size_t> failures_in_a_row(const home_store& store);

/// Keeps what a run that failed did, for history and alerts.
error record_failure(home_store& store, refresh_summary summary);

} // namespace habitd
