#pragma once

#include "actors/home/carried_states.hpp"
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
  std::string_view old_state{};             // only with `previous::known`
  previous before = previous::unspecified;  // unspecified: the entity's other rows decide
  std::optional<wall_time> changed_at = {}; // since when the entity has its state
  row_kind kind = row_kind::change;
  cause by = cause::unknown;
  std::uint64_t act = 0;
};

/// Collects the rows of a source into pages, and what could not be read into problems.
///
/// What a row changed is decided by the set of the source's rows, not by their order in the
/// file: where a row does not say it, the entity's row before it in time does. As long as
/// each entity's rows come in order of time, that is the one taken last; where they don't,
/// `is_out_of_order` tells, and the source is read again with the states that a first look
/// at all rows found.
class row_sink {
public:
  /// From here on `carried` alone tells what was before, where rows don't.
  void carry(std::shared_ptr<carried_states> carried) { carried_ = std::move(carried); }

  /// From here on rows are only noted in `into`, and make no page.
  void survey(std::shared_ptr<carried_states> into) { survey_ = std::move(into); }

  /// Adds a row, or counts a problem if its time, entity or state can't be right.
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

  /// True once a row was older than one of the same entity before it, and that matters.
  bool is_out_of_order() const { return out_of_order_; }

  const read_problems& problems() const { return problems_; }

private:
  /// An entity with its last state, and its number in the page that was current then.
  struct memory {
    std::string state;
    wall_time at{};                     // of the last row
    std::optional<wall_time> change;    // last told, by a row of its own or by another
    std::optional<std::string> earlier; // the state before that instant
    std::uint32_t entity_number = 0;
    std::uint64_t page = 0; // the number holds in this page only; 0 = in none
    bool known = false;
    bool asks = false; // some row is understood by other rows only
  };
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  /// Nothing if no entity can have that name.
  memory* entity(std::string_view name);
  bool is_possible(const source_row& row);
  void add_untold_change(const source_row& row, memory& of);
  void add(const source_row& row, memory& of);
  void note_problem(std::string_view why);

  event_page page_;
  std::uint64_t page_number_ = 1;
  std::unordered_map<std::string, memory, hash, std::equal_to<>> entities_;
  std::shared_ptr<carried_states> carried_; // null: the row before is the one taken last
  std::shared_ptr<carried_states> survey_;
  bool out_of_order_ = false;
  read_problems problems_;
  std::string_view file_;
  std::uint64_t line_ = 0;
};

} // namespace habitd
