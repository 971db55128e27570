#pragma once

#include "messages/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace habitd {

/// Who made a change, from the Home Assistant context (home-assistant notes 2.6).
enum class cause : std::uint8_t { unknown, person, physical, automation };

/// What a source says about the state before a change.
enum class previous : std::uint8_t {
  unspecified, // the source does not say
  none,        // the source says there was none: the entity appeared, or HA restarted
  known,       // `old_state` holds it
};

enum class row_kind : std::uint8_t {
  change,     // the state changed, or the source can't tell
  attributes, // only attributes changed
  restart,    // not an entity's row: the home's hub (re)started at this instant
};

/// Strings of a page, each once; a string's number is its position.
class text_pool {
public:
  text_pool() = default;
  text_pool(text_pool&&) = default;
  text_pool& operator=(text_pool&&) = default;

  std::uint32_t intern(std::string_view text);
  const std::string& operator[](std::uint32_t number) const { return *texts_[number]; }
  std::size_t size() const { return texts_.size(); }
  void clear();

private:
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, std::uint32_t, hash, std::equal_to<>> numbers_;
  std::vector<const std::string*> texts_; // keys of `numbers_`, which never move
};

/// One row of a home's history as a reader saw it, before any filter. Strings are numbers
/// in the page's pool.
struct event_row {
  wall_time at{};
  std::uint32_t entity = 0;    // "light.kitchen"; unused for `row_kind::restart`
  std::uint32_t state = 0;     // "on"; "" = the entity was removed
  std::uint32_t old_state = 0; // only with `previous::known`
  previous before = previous::unspecified;
  row_kind kind = row_kind::change;
  cause by = cause::unknown;
  std::uint64_t act = 0; // equal for all rows with one context; 0 = no context
};

/// A stretch of a source, in the order of the source.
struct event_page {
  text_pool texts;
  std::vector<event_row> rows;
};

/// An entity that goes by another name from now on.
struct renamed_entity {
  std::string from;
  std::string to;
};

/// Rows a reader could not take, with the first few places in words.
struct read_problems {
  std::uint64_t bad_rows = 0;     // could not be parsed
  std::uint64_t out_of_range = 0; // before 1980 or after 2100
  std::vector<std::string> first; // at most 5, like "home.csv:17: no such time: 25:61"
};

} // namespace habitd
