#pragma once

#include "messages/event.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace habitd {

/// A Home Assistant context as a source spells it: ULIDs or hexadecimal UUIDs, as text or
/// as 16 bytes. Empty = null; nothing = the source has no such field.
struct event_context {
  std::optional<std::string_view> id;
  std::optional<std::string_view> user;
  std::optional<std::string_view> parent;
};

/// 64 bits that are equal for all rows with one context, however their sources spell it;
/// 0 for an empty id only.
std::uint64_t act_of(std::string_view context_id);

/// Tells who made a change from its context (home-assistant notes 2.6).
class attribution {
public:
  /// @param machine_users  user ids whose calls are a program's, in hexadecimal.
  explicit attribution(const std::vector<std::string>& machine_users);

  /// Notes that an automation or script began with this context: what shares it is its
  /// doing, even without a parent, as when it was triggered by the clock.
  void automation_ran(std::string_view context_id);

  cause by(const event_context& context, std::uint64_t act) const;

private:
  std::unordered_set<std::uint64_t> machines_; // user ids, hashed like contexts
  std::unordered_set<std::uint64_t> automated_;
};

} // namespace habitd
