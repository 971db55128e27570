#pragma once

#include "actors/runtime/calendar.hpp"
#include "messages/event.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace habitd {

/// The state that each entity was left in by each day: what its first row of a later day
/// changed. A function of the set of rows noted; their order changes nothing. Keeps a few
/// bytes for each entity and day, whatever the states are.
class carried_states {
public:
  explicit carried_states(std::shared_ptr<const home_calendar> calendar)
      : calendar_{std::move(calendar)} {}

  void note(std::string_view entity, wall_time at, std::string_view state);

  /// The state before the day that `at` falls on; nothing if no row tells it. A state that
  /// means nothing for habits is told as "?".
  std::optional<std::string_view> before_day(std::string_view entity, wall_time at);

private:
  /// The last row of a day; of those at one instant that with the greatest state, as
  /// `clean_day` orders them.
  struct last_row {
    wall_time at{};
    std::uint32_t state = 0;
  };
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  local_day day_of(wall_time at);

  std::shared_ptr<const home_calendar> calendar_;
  local_day day_;
  day_span span_; // of `day_`
  text_pool states_;
  std::unordered_map<std::string, std::map<local_day, last_row>, hash, std::equal_to<>>
    entities_;
};

} // namespace habitd
