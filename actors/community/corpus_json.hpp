#pragma once

#include "actors/community/corpus_view.hpp"
#include "storage/corpus_records.hpp"

#include <boost/json.hpp>

#include <string>

namespace habitd {

// The JSON of answers about the corpus, the same over HTTP and in `--json` output.

/// {"items": [...], "total": n}
std::string to_json(const corpus_hits& hits, bool knows_home);
std::string to_json(const corpus_statistics& statistics);
/// {"items": [...], "knows_home": true}
std::string to_json(const std::vector<unlocked>& recommendations, bool knows_home);
/// Match of one entry. @param id  of the entry.
std::string to_json(const home_match& match, const std::string& id);
/// {"audit_log": [...], "count": n}
std::string audit_json(const std::vector<audit_row>& rows);
/// What a refresh would do, or did.
std::string to_json(const corpus_plan& plan, const std::vector<parse_failure>& failures);

} // namespace habitd
