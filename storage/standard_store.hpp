#pragma once

#include "messages/standard.hpp"
#include "storage/database.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// Documents without their texts ("meta/<id>"), and how often each was read ("use/<id>"):
/// apart, since each has a writer of its own.
class standard_store {
public:
  explicit standard_store(const database& db) : db_{db} {}

  /// @errors ec::not_found naming the id; ec::corrupt_data.
  expected<standard> get(std::string_view id) const;
  void put(batch& changes, const standard& document) const;

  /// Removes a document and its use; its versions stay with their own store.
  void erase(batch& changes, std::string_view id) const;

  /// By id. One that can't be read is left out, and told in `unreadable`, if that is given.
  expected<std::vector<standard>>
  list(std::vector<std::string>* unreadable = nullptr) const;

  /// Zero readings for a document that nobody read, or whose count is damaged.
  expected<standard_use> use(std::string_view id) const;
  void put_use(batch& changes, std::string_view id, const standard_use& use) const;

private:
  const database& db_;
};

} // namespace habitd
