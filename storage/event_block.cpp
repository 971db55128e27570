#include "storage/event_block.hpp"

#include <boost/crc.hpp>

namespace habitd {

std::uint32_t checksum_of(std::string_view bytes) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc; // CRC-32C
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

} // namespace habitd
