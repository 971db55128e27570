#pragma once

#include "storage/open_store.hpp"

#include <string>
#include <vector>

namespace habitd {

/// What lay in a damaged part of a family.
struct damaged_part {
  family in{};
  std::string from;      // the last key that could be read before it; empty = none
  std::string to;        // the first one behind it; empty = none
  bool has_copy = false; // what the copy holds of it took its place
};

/// Writes what can be read of a damaged store to a new one beside it, `<directory>.repaired`:
/// each family from both ends up to the damage, and what lies between from the store's copy.
/// @returns  what is damaged; empty if all could be read.
expected<std::vector<damaged_part>> salvage(const store& damaged,
                                            const storage_options& options);

/// Where that is, and how it is opened.
storage_options repaired_beside(const storage_options& options);

/// Brings what is left into order: a day is taken for observed only by whom all is there of,
/// checks are made anew, events are read again.
error heal_repaired(const storage_options& options,
                    const std::vector<damaged_part>& damage);

/// Puts the new store in the place of the damaged one, which must be closed.
/// @returns  where the damaged one was moved to.
expected<std::filesystem::path> swap_in_repaired(const storage_options& options);

/// Makes a store of the copy in the place of one that was moved aside.
error put_copy_in_place(const storage_options& options);

/// Goes on where a crash has cut that off.
rocksdb::Status finish_swap(const storage_options& options);

/// "jobs, events", for people.
std::string names_of(const std::vector<damaged_part>& parts);

} // namespace habitd
