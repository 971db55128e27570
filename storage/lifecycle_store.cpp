#include "storage/lifecycle_store.hpp"

#include "storage/keys.hpp"

namespace habitd {

namespace {

std::string check_key(detector_id detector, local_day day) {
  std::string key(1, static_cast<char>(detector));
  append_day(key, day);
  return key;
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
  const std::string from(1, static_cast<char>(detector));
  auto failed = db_.scan(
    family::lifecycle, from, end_of(detector),
    [&found](std::string_view key, std::string_view value) {
      found = {read_day(key.substr(1)), std::string{value}};
      return true;
    },
    at);
  if (failed)
    return failed;
  return found;
}

void lifecycle_store::erase_from(batch& changes, detector_id detector, local_day day) {
  if (const auto from = check_key(detector, day), to = end_of(detector);
      db_.may_hold(family::lifecycle, from, to))
    changes.erase_range(family::lifecycle, from, to);
}

} // namespace habitd
