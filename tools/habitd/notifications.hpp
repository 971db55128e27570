#pragma once

#include "actors/outbox/delivery.hpp"
#include "config/config.hpp"
#include "tools/habitd/home_branches.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace habitd {

inline constexpr const char* outbox_branch = "outbox";
inline constexpr const char* alerts_branch = "alerts";

/// What alerts and couriers work with.
struct notification_parts {
  std::shared_ptr<home_store> store;
  std::shared_ptr<const wall_clock> clock;
  std::shared_ptr<health_board> board;
  spawn_options spawn{};
};

/// The alerts of a running daemon, the outbox and the couriers that tell the configured
/// targets. A stop ends requests under way within about a second; what is not delivered stays
/// in the store.
/// @errors  what the store says.
expected<std::vector<branch>> notification_branches(const notification_parts& with,
                                                    const notify_config& settings);

/// As above, to these targets by name.
expected<std::vector<branch>>
notification_branches(const notification_parts& with,
                      const std::map<std::string, deliver_entry>& targets,
                      const std::function<void()>& before_stop = {});

} // namespace habitd
