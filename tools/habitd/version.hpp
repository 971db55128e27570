#pragma once

namespace habitd {

constexpr const char* version = HABITD_VERSION;

} // namespace habitd
