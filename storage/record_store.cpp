#include "storage/record_store.hpp"

namespace habitd {

void record_store::put(batch& changes, std::string_view id, std::string_view json) {
  changes.put(in_, id, std::string{json});
}

void record_store::erase(batch& changes, std::string_view id) {
  changes.erase(in_, id);
}

expected<std::string> record_store::get(std::string_view id, const snapshot* at) const {
  return db_.get(in_, id, at);
}

expected<std::vector<std::pair<std::string, std::string>>>
record_store::list(std::string_view after, std::size_t limit, const snapshot* at) const {
  std::vector<std::pair<std::string, std::string>> records;
  if (limit == 0)
    return records;
  std::string from{after};
  if (!after.empty())
    from += '\0'; // the least key greater than `after`
  auto failed = db_.scan(
    in_, from, {},
    [&](std::string_view id, std::string_view json) {
      records.emplace_back(id, json);
      return records.size() < limit;
    },
    at);
  if (failed)
    return failed;
  return records;
}

expected<std::vector<std::pair<std::string, std::string>>>
record_store::list_latest(std::string_view before, std::size_t limit) const {
  std::vector<std::pair<std::string, std::string>> latest;
  const auto visit = [&](std::string_view id, std::string_view json) {
    latest.emplace_back(id, json);
    return latest.size() < limit;
  };
  if (auto failed = limit > 0 ? db_.scan_back(in_, before, visit) : error{})
    return failed;
  return latest;
}

} // namespace habitd
