#pragma once

#include "messages/error.hpp"

#include <exception>

namespace habitd {

/// What an exception says. Memory or threads that the machine doesn't give are
/// `ec::unavailable`, anything else is `ec::unexpected`.
error error_of(const std::exception_ptr& thrown);

} // namespace habitd
