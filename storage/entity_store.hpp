#pragma once

#include "messages/home_day.hpp"
#include "storage/database.hpp"

#include <mutex>
#include <unordered_map>
#include <vector>

namespace habitd {

/// Numbers for entity ids. Numbers depend on the order of first sight, so nothing that
/// people see, and no order of results, may depend on them. Thread-safe.
class entity_store {
public:
  static expected<std::unique_ptr<entity_store>> open(database& db);

  /// The number of `name`, allocated and staged in `changes` if it is new. The caller
  /// commits `changes`, or calls `forget_uncommitted`.
  entity_number number_of(std::string_view name, batch& changes);

  /// Call after a batch that allocated numbers could not be written.
  void forget_uncommitted();
  void committed();

  /// The number of `name`; 0 if it was never seen.
  entity_number find(std::string_view name) const;

  /// "light.kitchen"; empty if there is no such number.
  std::string name_of(entity_number number) const;
  std::size_t size() const;

private:
  explicit entity_store() = default;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, entity_number> numbers_;
  std::vector<std::string> names_; // by number - 1
  std::size_t committed_count_ = 0;
};

} // namespace habitd
