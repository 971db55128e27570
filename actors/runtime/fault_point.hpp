#pragma once

#include "messages/error.hpp"

#include <atomic>
#include <functional>
#include <string_view>
#include <vector>

namespace habitd {

/// What happens at a named point.
using fault_action = std::function<void(std::string_view point)>;

namespace detail {
inline std::atomic<const fault_action*> planned_faults{nullptr};
} // namespace detail

/// A named point of a job, where tests let it fail. Costs one load as long as none is
/// planned, and only the start of the process can plan one.
inline void fault_point(std::string_view point) {
  if (const auto* act = detail::planned_faults.load(std::memory_order_acquire))
    [[unlikely]]
    (*act)(point);
}

/// Every name that `fault_point` is called with.
std::vector<std::string_view> fault_point_names();

/// Plans faults for this process: "detector.observe:3:throw" throws when that point is
/// passed for the third time, "…:3+:throw" from then on each time; other actions are `hang`
/// and `kill`. Several are separated by commas. To be called once, before actors start.
/// @errors ec::invalid_input with the part that is wrong.
error plan_faults(std::string_view plan);

} // namespace habitd
