#pragma once

#include "messages/alert.hpp"
#include "storage/home_store.hpp"

#include <string>
#include <vector>

namespace habitd {

/// What a change of alerts came to.
enum class alert_change : std::uint8_t {
  nothing,
  refreshed, // what was raised is still raised
  news,      // raised or cleared; entries for the targets were staged
};

/// The alert after it is raised (again).
/// @param active  the active one with the same code and subject, if there is one.
alert raised_alert(const std::optional<alert>& active, const raise_alert& message,
                   wall_time now);

/// What targets are told: the alert's JSON with "event": "raised" or "cleared".
std::string notification(const alert& record);

/// Raises and clears alerts: stages the record, and with it the entries that tell the
/// targets, so that all or nothing of it happens. One batch must not change one alert twice.
class alert_book {
public:
  /// @param targets  of the outbox; none = alerts are listed only.
  alert_book(std::shared_ptr<home_store> store, std::vector<std::string> targets)
      : store_{std::move(store)}, targets_{std::move(targets)} {}

  /// @errors ec::invalid_input for a code of other characters than [a-z0-9_], or a subject
  ///         that is empty or longer than 200 bytes; else what the store says.
  expected<alert_change> raise(batch& changes, const raise_alert& message,
                               wall_time now) const;

  expected<alert_change> clear(batch& changes, const clear_alert& message,
                               wall_time now) const;

private:
  std::shared_ptr<home_store> store_;
  std::vector<std::string> targets_;

  error tell(batch& changes, const alert& record, wall_time now) const;
};

} // namespace habitd
