#pragma once

#include "tests/faults/disk.hpp"

namespace habitd::faults {

/// Makes of a tree what a power cut leaves of it.
void leave_durable(disk_node& node, std::mt19937_64& random);

} // namespace habitd::faults
