#pragma once

#include "messages/error.hpp"
#include "messages/event.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// How far a source was read, as text: "state_id 41251", "row 7000". Opaque to everybody
/// but the reader that made it; stored with the rows of the page it ends.
struct read_position {
  std::string source; // the path of the file, as it was asked for
  std::string cursor; // empty = from the start
};

/// One step through a source.
struct read_step {
  event_page page;
  read_position position;    // after this page
  std::uint64_t ordinal = 0; // of the page's first row in the source; names its block
  double progress = 0;       // 0 … 1, of the whole source
  bool at_end = false;       // nothing more for now

  /// Of a source that numbers its entities: what happened to names since `known_names` of
  /// the request, and the names as they are now, if any is new; opaque as the cursor is.
  std::vector<renamed_entity> renamed{};
  std::optional<std::string> names{};
};

/// Reads the next page; blocks briefly. Every reader is one of these.
using read_next = std::function<expected<read_step>()>;

/// A reader that can't go on for ever without getting anywhere: a page of rows must move the
/// cursor on, and of pages without rows only so many may follow each other.
/// @param start  the cursor it begins at.
/// @errors       ec::unexpected naming the cursor.
read_next making_progress(read_next next, std::string start);

/// For the description of a source that has neither events nor states of automations.
constexpr std::string_view tells_no_automations =
  "it does not say what automations did, so that their acts count as people's";

/// An open source of events.
struct event_source {
  read_next next;
  std::function<read_problems()> problems; // so far
  std::string description;                 // "HA recorder, schema 53", for people
};

} // namespace habitd
