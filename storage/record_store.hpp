#pragma once

#include "storage/database.hpp"

#include <string>
#include <utility>
#include <vector>

namespace habitd {

/// Small records as JSON text under an id: patterns, suggestions, jobs. JSON because
/// records change over the years: readers ignore unknown fields and default missing ones.
class record_store {
public:
  record_store(const database& db, family in) : db_{db}, in_{in} {}

  void put(batch& changes, std::string_view id, std::string_view json);
  void erase(batch& changes, std::string_view id);
  expected<std::string> get(std::string_view id, const snapshot* at = nullptr) const;

  /// Ascending by id; at most `limit`, starting after `after`.
  expected<std::vector<std::pair<std::string, std::string>>>
  list(std::string_view after = {}, std::size_t limit = SIZE_MAX,
       const snapshot* at = nullptr) const;

  /// Descending by id; at most `limit`, starting before `before`.
  expected<std::vector<std::pair<std::string, std::string>>>
  list_latest(std::string_view before = {}, std::size_t limit = SIZE_MAX) const;

private:
  const database& db_;
  family in_;
};

} // namespace habitd
