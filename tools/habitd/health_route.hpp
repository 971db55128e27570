#pragma once

#include "tools/habitd/admin_routes.hpp"

namespace habitd {

/// What is wrong, per component and branch: whatever is down, this answers.
http_handler health_handler(const admin_sources& from);

} // namespace habitd
