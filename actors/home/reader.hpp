#pragma once

#include "messages/error.hpp"
#include "messages/event.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

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
};

/// Reads the next page; blocks briefly. Every reader is one of these.
using read_next = std::function<expected<read_step>()>;

/// An open source of events.
struct event_source {
  read_next next;
  std::function<read_problems()> problems; // so far
  std::string description;                 // "HA recorder, schema 53", for people
};

} // namespace habitd
