#include "tests/fuzz/feed_lines.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  habitd::feed_lines(habitd::csv_layout(habitd::fuzz_home()), bytes);
  return 0;
}
