#pragma once

#include "actors/home/reader.hpp"
#include "actors/runtime/calendar.hpp"
#include "messages/analysis_counts.hpp"
#include "storage/home_store.hpp"

#include <functional>
#include <optional>
#include <string_view>

namespace habitd {

/// True for entities that may be stored; the others never are (spec IN-5).
using entity_filter = std::function<bool(std::string_view entity)>;

/// A filter of shell-style globs. An entity is stored if it matches one of `include` (or
/// that is empty) and none of `exclude`.
entity_filter make_entity_filter(std::vector<std::string> include,
                                 std::vector<std::string> exclude);

/// How a home's rows are stored.
struct ingest_options {
  const home_calendar& calendar;
  const entity_filter& filter;
  std::optional<wall_time> now; // nothing: no row is dated ahead
};

/// What a page will have stored.
struct staged_page {
  read_counts counts; // `bad` and `out_of_range` are the reader's to tell
  std::optional<wall_time> first_ahead; // the earliest time that is dated ahead
  std::size_t entities = 0;             // for `entity_store::committed`
};

/// Stages a page: its rows by local day, the days opened, and the cursor, so that one batch
/// makes all of it durable or nothing. Staging the same page again stores nothing new.
expected<staged_page> stage_page(const read_step& step, const ingest_options& how,
                                 home_store& store, day_changes& book);

} // namespace habitd
