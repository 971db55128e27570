#pragma once

#include "storage/home_store.hpp"
#include "storage/records.hpp"

#include <algorithm>
#include <vector>

namespace habitd {

/// Replaces all records of `in` by the given ones, in one batch.
template <class Record>
error replace_records(home_store& store, record_store& in,
                      const std::vector<Record>& records) {
  const auto stored = in.list();
  if (!stored)
    return stored.error();
  batch changes;
  for (const auto& [id, text] : *stored)
    if (std::none_of(records.begin(), records.end(),
                     [&id = id](const Record& record) { return record.id == id; }))
      in.erase(changes, id);
  for (const auto& record : records)
    in.put(changes, record.id, to_json(record));
  return store.db->write(std::move(changes));
}

} // namespace habitd
