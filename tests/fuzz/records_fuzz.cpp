#include "storage/alert_store.hpp"
#include "storage/records.hpp"

#include <cstdlib>

using namespace habitd;

/// Whatever is read as a record must be written as one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json{reinterpret_cast<const char*>(data), size};
  if (const auto record = pattern_from_json(json))
    if (!pattern_from_json(to_json(*record)))
      std::abort();
  if (const auto record = suggestion_from_json(json))
    if (!suggestion_from_json(to_json(*record)))
      std::abort();
  if (const auto record = job_from_json(json))
    if (!job_from_json(to_json(*record)))
      std::abort();
  if (const auto record = alert_from_json(json))
    if (!alert_from_json(to_json(*record)))
      std::abort();
  return 0;
}
