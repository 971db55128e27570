#pragma once

#include "messages/refresh.hpp"
#include "messages/standard.hpp"

#include <string>
#include <string_view>

namespace habitd {

// The JSON of documents, their versions and of the refresh queue, in the store and in
// answers. Reading ignores unknown fields and gives missing ones their default.

std::string to_json(const standard& record);
std::string to_json(const standard_use& record);
std::string to_json(const standard_version& record);
std::string to_json(const refresh_entry& record);

/// @errors of all: ec::corrupt_data unless `json` is an object with usable fields.
expected<standard> standard_from_json(std::string_view json);
expected<standard_use> standard_use_from_json(std::string_view json);
expected<standard_version> standard_version_from_json(std::string_view json);
expected<refresh_entry> refresh_entry_from_json(std::string_view json);

/// "none", "patch", "minor", "major".
std::string_view bump_word(version_bump bump);

/// "fresh", "stale", "waiting", "switched_off", "without_source".
std::string_view freshness_word(freshness state);

/// An id is a path of its own: 1 to 200 bytes of UTF-8 without control characters, its
/// segments neither empty nor "." or "..".
bool is_standard_id(std::string_view id);

} // namespace habitd
