#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// Splits one line at a delimiter, with the quotes of RFC 4180.
class delimited_line {
public:
  /// @param line  must live as long as the fields are used.
  /// @returns     false if a quote is never closed.
  bool split(std::string_view line, char delimiter);

  std::size_t size() const { return fields_.size(); }
  std::string_view operator[](std::size_t i) const { return fields_[i]; }

private:
  std::vector<std::string_view> fields_;
  std::vector<std::string> unquoted_; // of fields that hold a doubled quote
};

/// Without spaces around it.
std::string_view trim(std::string_view text);

/// The fields of a header line, trimmed and in lower case.
std::vector<std::string> header_names(std::string_view line, char delimiter);

} // namespace habitd
