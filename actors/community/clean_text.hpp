#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace habitd {

/// Without a byte order mark, and with "\n" for every kind of line end.
std::string plain_lines(std::string_view text);

/// Where a text stops being UTF-8, or holds a character that YAML forbids.
struct bad_byte {
  std::size_t line = 1;
  std::size_t column = 1;
  std::string why;
};
std::optional<bad_byte> find_bad_byte(std::string_view text);

/// Undoes what editors and forums do to YAML: tabs and no-break blanks that indent, and
/// typographic quotes around a value.
std::string repaired(const std::string& text);

} // namespace habitd
