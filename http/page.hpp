#pragma once

#include "messages/error.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace habitd {

/// Which part of a list is asked for.
struct page {
  std::size_t limit = 100; // 1 to 1000
  std::string after;       // the cursor of the list before; empty: from the start
};

/// Reads `limit` and `after`; other names are the route's own.
/// @errors ec::invalid_input, naming the parameter and what it takes.
expected<page> parse_page(const std::map<std::string, std::string>& query);

/// {"items": [...], "next": "cursor" or null}
/// @param items  serialised JSON values.
/// @param next   the cursor that continues after the last item; none at the end.
std::string list_body(std::span<const std::string> items,
                      const std::optional<std::string>& next);

} // namespace habitd
