#pragma once

#include "messages/community.hpp"
#include "messages/error.hpp"

#include <string>
#include <string_view>

namespace habitd {

// The JSON of the corpus, the same in the store, in HTTP answers, in `--json` output and in
// exported files. Reading ignores unknown fields and gives missing ones their default.

std::string to_json(const corpus_entry& record);
std::string to_json(const audit_row& record);
std::string to_json(const deleted_entry& record);
std::string to_json(const refresh_summary& record);
std::string to_json(const parse_failure& record);
std::string to_json(const corpus_topic& record);

/// @errors of all: ec::corrupt_data unless `json` is an object.
expected<corpus_entry> corpus_entry_from_json(std::string_view json);
expected<audit_row> audit_row_from_json(std::string_view json);
expected<deleted_entry> deleted_entry_from_json(std::string_view json);
expected<refresh_summary> refresh_summary_from_json(std::string_view json);
expected<corpus_topic> corpus_topic_from_json(std::string_view json);

/// "add", "update", …
std::string_view operation_word(corpus_operation operation);

/// "automation", "script", "template".
std::string_view domain_word(blueprint_domain domain);

} // namespace habitd
