#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// Lines without their ends; a carriage return before a line feed goes too.
std::vector<std::string_view> lines_of(std::string_view text);

/// A run of lines that both texts have, or that one of them has alone.
struct diff_run {
  enum class kind : std::uint8_t { same, removed, added };
  kind what = kind::same;
  std::size_t from_old = 0; // of its first line, in each text, from 0
  std::size_t from_new = 0;
  std::size_t count = 0;
  bool operator==(const diff_run&) const = default;
};

/// The least edit of one text to another, up to a thousand lines of it; of texts further
/// apart than that, all that lies between their common beginning and end.
/// Source: E. W. Myers, "An O(ND) difference algorithm and its variations",
///         Algorithmica 1, 1986.
std::vector<diff_run> diff_lines(const std::vector<std::string_view>& before,
                                 const std::vector<std::string_view>& after);

/// As `diff -u` prints it, with three lines around each change; empty if nothing differs.
std::string unified_diff(std::string_view before, std::string_view after,
                         std::string_view name_before, std::string_view name_after);

struct line_counts {
  std::size_t added = 0;
  std::size_t removed = 0;
};

line_counts count_changes(const std::vector<diff_run>& runs);

} // namespace habitd
