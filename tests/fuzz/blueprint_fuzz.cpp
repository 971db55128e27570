#include "actors/community/parse_topic.hpp"

#include <chrono>
#include <cstdlib>

/// Any post ends in entries and failures, soon, and never otherwise. The first byte says how
/// it is written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  habitd::fetched_topic topic;
  topic.source = "fuzz";
  topic.form = static_cast<habitd::body_form>(data[0] % 3);
  topic.body.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto parsed = habitd::parse_topic(topic);
  for (const auto& failure : parsed.failures)
    if (failure.line == 0 || failure.column == 0)
      std::abort();
  for (const auto& entry : parsed.entries)
    if (entry.entry.id.empty() || entry.entry.completeness < 0.4)
      std::abort();
  return 0;
}
