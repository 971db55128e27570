#pragma once

#include <string>

namespace habitd {

/// A random UUID (version 4) in lower case, from the system's entropy.
/// Source: RFC 9562, 5.4.
std::string random_uuid();

} // namespace habitd
