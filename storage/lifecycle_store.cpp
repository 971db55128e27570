#include "storage/lifecycle_store.hpp"

#include "storage/keys.hpp"

#include <utility>

namespace habitd {

namespace {

std::string check_key(detector_id detector, local_day day) {
  std::string key(1, static_cast<char>(detector));
  append_day(key, day);
  return key;
}

bool is_of(std::string_view key, detector_id detector) {
  return key.size() == check_key(detector, {}).size() &&
         key.front() == static_cast<char>(detector);
}

std::string end_of(detector_id detector) {
  return std::string(1, static_cast<char>(static_cast<int>(detector) + 1));
}

} // namespace

void lifecycle_store::put(batch& changes, detector_id detector, local_day check,
                          std::string_view state) {
  changes.put(family::lifecycle, check_key(detector, check), std::string{state});
}

expected<std::optional<std::pair<local_day, std::string>>>
lifecycle_store::last(detector_id detector, const snapshot* at) const {
  std::optional<std::pair<local_day, std::string>> found;
  const auto failed = db_.scan_back(
    family::lifecycle, end_of(detector),
    [&](std::string_view key, std::string_view value) {
      if (is_of(key, detector))
        found = {read_day(key.substr(1)), std::string{value}};
      return false;
    },
    at);
  if (failed)
    return failed;
  return found;
}

error lifecycle_store::erase_before(batch& changes, detector_id detector, local_day day) {
  bool is_last = true;
  return db_.scan_back(family::lifecycle, check_key(detector, day),
                       [&](std::string_view key, std::string_view) {
                         if (!is_of(key, detector))
                           return false;
                         if (!std::exchange(is_last, false))
                           changes.erase(family::lifecycle, key);
                         return true;
                       });
}

void lifecycle_store::erase_from(batch& changes, detector_id detector, local_day day) {
  if (const auto from = check_key(detector, day), to = end_of(detector);
      db_.may_hold(family::lifecycle, from, to))
    changes.erase_range(family::lifecycle, from, to);
}

} // namespace habitd
