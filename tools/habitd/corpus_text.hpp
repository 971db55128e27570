#pragma once

#include "actors/community/corpus_index.hpp"
#include "messages/community.hpp"

#include <string>
#include <vector>

namespace habitd {

// What `habitd refresh` and `habitd corpus` print for people. All text is from strangers:
// control characters are left out.

std::string plan_text(const corpus_plan& plan, const std::vector<parse_failure>& failures,
                      bool dry_run);
std::string hits_text(const corpus_hits& hits, bool knows_home);
std::string entry_text(const corpus_entry& entry);
std::string match_text(const corpus_entry& entry, const home_match& match);
std::string statistics_text(const corpus_statistics& of);
std::string audit_text(const std::vector<audit_row>& rows);
std::string recommendations_text(const std::vector<unlocked>& all);

} // namespace habitd
