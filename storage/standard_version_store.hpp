#pragma once

#include "messages/standard.hpp"
#include "storage/database.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// Every version of every document with its text, the current one too: an update adds one,
/// and none is ever changed.
class standard_version_store {
public:
  explicit standard_version_store(const database& db) : db_{db} {}

  void put(batch& changes, std::string_view id, const standard_version& version,
           std::string_view text) const;
  void erase(batch& changes, std::string_view id, std::uint32_t sequence) const;

  /// Oldest first.
  expected<std::vector<standard_version>> list(std::string_view id) const;

  /// @errors ec::not_found; ec::corrupt_data.
  expected<std::string> text(std::string_view id, std::uint32_t sequence) const;

private:
  const database& db_;
};

} // namespace habitd
