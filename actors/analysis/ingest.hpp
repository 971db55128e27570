#pragma once

#include "actors/home/reader.hpp"
#include "actors/runtime/calendar.hpp"
#include "messages/analysis_counts.hpp"
#include "storage/home_store.hpp"

#include <functional>
#include <string_view>

namespace habitd {

/// True for entities that may be stored; the others never are (spec IN-5).
using entity_filter = std::function<bool(std::string_view entity)>;

/// A filter of shell-style globs. An entity is stored if it matches one of `include` (or
/// that is empty) and none of `exclude`.
entity_filter make_entity_filter(std::vector<std::string> include,
                                 std::vector<std::string> exclude);

/// Stages a page: its rows by local day, the days marked dirty, and the cursor, so that one
/// batch makes all of it durable or nothing. Staging the same page again stores nothing new.
/// @returns  what became of the rows; `bad` and `out_of_range` are the reader's to tell.
expected<read_counts> stage_page(const read_step& step, const home_calendar& calendar,
                                 const entity_filter& filter, home_store& store,
                                 batch& changes);

} // namespace habitd
