#pragma once

#include "messages/standard.hpp"

#include <chrono>

namespace habitd {

struct freshness_rules {
  bool enabled = true; // the switch of all documents
  std::uint32_t threshold_days = 30;
  bool has_folder = false;   // documents with the source "folder" can be refreshed
  bool has_research = false; // … "research"
};

/// When a document was last known to be what its source has.
wall_time last_known_good(const standard& document);

/// Since then; the greatest there is for a time more than a day ahead, which a clock that
/// went wrong has left and nobody can trust.
std::chrono::seconds age_of(const standard& document, wall_time now);

std::chrono::days threshold_of(const standard& document, const freshness_rules& rules);

/// When a document may be refreshed again after refreshes that were given up: an hour after
/// the first, doubled with each further one, a day at most. Zero = at once.
wall_time may_retry_at(const standard& document);

bool has_source(const standard& document, const freshness_rules& rules);

/// Stale is what is older than its threshold; the rest says what keeps it so.
freshness freshness_of(const standard& document, const freshness_rules& rules,
                       wall_time now);

} // namespace habitd
