#include "tests/fuzz/feed_lines.hpp"

using namespace habitd;

/// The first byte chooses the layout.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
  constexpr std::array layouts{aras_layout, aras_events_layout, budapest_layout,
                               interval_layout};
  feed_lines(layouts[data[0] % layouts.size()](fuzz_home()), bytes);
  return 0;
}
