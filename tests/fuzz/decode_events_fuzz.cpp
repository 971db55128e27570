#include "storage/event_block.hpp"
#include "storage/keys.hpp"

#include <cstdlib>
#include <string>

/// Whatever decodes must encode to a block that decodes to as many rows. The input is tried
/// as a block and, since a checksum hides the rest from a fuzzer, as a body with a right one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace habitd;
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  std::string with_checksum(1, static_cast<char>(block_version));
  append_big_endian(with_checksum, checksum_of(input));
  with_checksum += input;
  for (const std::string_view block : {input, std::string_view{with_checksum}}) {
    stored_day day;
    if (decode_events(block, day))
      continue;
    stored_day again;
    if (decode_events(encode_events(day), again) ||
        again.events.size() != day.events.size())
      std::abort();
  }
  return 0;
}
