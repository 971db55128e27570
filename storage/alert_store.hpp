#pragma once

#include "messages/alert.hpp"
#include "storage/database.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace habitd {

/// The JSON of an alert, the same in the store, in HTTP answers and to targets.
std::string to_json(const alert& record);

/// @errors ec::corrupt_data unless `json` is an object.
expected<alert> alert_from_json(std::string_view json);

/// "info", "warning", "critical".
std::string_view severity_word(severity level);

/// Alerts that are active, and those that were, each time they were. Thread-safe; alerts of
/// one code and subject must be changed by one thread at a time.
class alert_store {
public:
  explicit alert_store(const database& db) : db_{db} {}

  /// The active alert with this code and subject, if there is one. @errors ec::corrupt_data.
  expected<std::optional<alert>> active(std::string_view code,
                                        std::string_view subject) const;

  void put_active(batch& changes, const alert& record) const;

  /// Takes the alert off the active ones; it stays in the list.
  /// @param record  with `cleared` set.
  void put_cleared(batch& changes, const alert& record) const;

  /// JSON of the active alerts by code and subject, then of the cleared ones, latest first,
  /// each with the key that `after` takes to go on behind it.
  expected<std::vector<std::pair<std::string, std::string>>>
  list(std::string_view after = {}, std::size_t limit = SIZE_MAX) const;

  /// Active alerts with this code; of any code if it is empty.
  expected<std::vector<alert>> all_active(std::string_view code = {}) const;

  /// Forgets what was cleared before `time`.
  void erase_cleared_before(batch& changes, wall_time time) const;

private:
  const database& db_;
};

} // namespace habitd
