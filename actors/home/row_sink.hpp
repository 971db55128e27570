#pragma once

#include "messages/event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace habitd {

/// One row as a layout understood it; the texts live during the call only.
struct source_row {
  wall_time at{};
  std::string_view entity{};
  std::string_view state{};
  std::string_view old_state{};     // only with `previous::known`
  std::optional<previous> before{}; // nothing: the layout has no old states, see `take`
  row_kind kind = row_kind::change;
  cause by = cause::unknown;
  std::uint64_t act = 0;
};

/// Collects the rows of a source into pages, and what could not be read into problems.
class row_sink {
public:
  /// Adds a row, or counts a problem if its time, entity or state can't be right. Where the
  /// layout has no old states, the entity's state before it in the source is the old one.
  void take(const source_row& row);
  void restart(wall_time at);

  /// Counts a row that could not be parsed, at the current place.
  void bad(std::string_view why);

  /// Where the next rows come from, for problems; `file` must outlive its use.
  void set_place(std::string_view file, std::uint64_t line) {
    file_ = file;
    line_ = line;
  }

  /// Restarts and changes of the page so far.
  std::size_t page_size() const { return page_.rows.size(); }
  event_page take_page();
  void forget_page() { take_page(); }

  /// Forgets the entities' states, as before the first row.
  void forget_states() { entities_.clear(); }

  const read_problems& problems() const { return problems_; }

private:
  /// An entity with its last state, and their numbers in the page that was current then.
  struct memory {
    std::string state;
    std::uint32_t state_number = 0;
    std::uint32_t entity_number = 0;
    std::uint64_t page = 0; // the numbers hold in this page only; 0 = in none
    bool known = false;
  };
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  /// Nothing if no entity can have that name.
  memory* entity(std::string_view name);
  void note_problem(std::string_view why);

  event_page page_;
  std::uint64_t page_number_ = 1;
  std::unordered_map<std::string, memory, hash, std::equal_to<>> entities_;
  read_problems problems_;
  std::string_view file_;
  std::uint64_t line_ = 0;
};

} // namespace habitd
