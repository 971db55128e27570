#pragma once

#include <string>
#include <string_view>

namespace habitd {

/// As a server would send it with `Content-Encoding: gzip`.
std::string gzipped(std::string_view text);

} // namespace habitd
