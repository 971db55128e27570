#pragma once

#include "messages/event.hpp"
#include "messages/home_day.hpp"
#include "storage/database.hpp"

#include <mutex>
#include <set>
#include <unordered_map>
#include <vector>

namespace habitd {

/// Numbers for entity ids. Numbers depend on the order of first sight, so nothing that
/// people see, and no order of results, may depend on them. Thread-safe.
class entity_store {
public:
  static expected<std::unique_ptr<entity_store>> open(database& db);

  /// The number of `name`, a new one if it has none. It is never given to another name, even
  /// if no batch could be written since: one that failed may become visible later.
  entity_number number_of(std::string_view name);

  /// Gives the numbers of entities that were renamed to their new names, so that what is
  /// stored of them stays theirs. Entities may swap names; one whose new name has a number
  /// already begins anew under that.
  void rename(const std::vector<renamed_entity>& renamed);

  /// Stages all numbers that no batch has committed yet; after it is written, call
  /// `committed`.
  void stage_new(batch& changes) const;
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
  std::set<entity_number> renamed_; // and not committed
};

} // namespace habitd
