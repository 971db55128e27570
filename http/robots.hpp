#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// What a site's robots.txt asks of one robot.
struct robots_rules {
  struct rule {
    std::string pattern; // of a path with query; '*' and a '$' at the end are special
    bool allow = false;
    bool operator==(const rule&) const = default;
  };
  std::vector<rule> rules{};
  std::optional<std::chrono::milliseconds> delay{}; // between requests
  bool operator==(const robots_rules&) const = default;
};

/// Rules of the groups that name `robot`, else of those for all. Lines that mean nothing are
/// skipped; beyond 500 KiB nothing is read.
/// @param robot  product name, "habitd"; case doesn't matter.
/// Source: RFC 9309; Crawl-delay as widely used.
robots_rules parse_robots(std::string_view text, std::string_view robot);

/// Whether `target`, "/path?query", may be fetched: the longest rule that matches decides,
/// of equals the one that allows.
bool may_fetch(const robots_rules& rules, std::string_view target);

} // namespace habitd
