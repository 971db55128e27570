#pragma once

#include "actors/home/line_layout.hpp"
#include "actors/home/open_source.hpp"

namespace habitd {

/// Reads the lines of the given members with one layout.
/// @param members  indexes as in `member_head`, in the order to read them.
expected<event_source> open_text(const source_request& request, const layout_kind& kind,
                                 std::vector<std::size_t> members);

} // namespace habitd
