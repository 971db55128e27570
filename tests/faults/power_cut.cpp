#include "tests/faults/power_cut.hpp"

#include <algorithm>

namespace habitd::faults {

namespace {

constexpr std::size_t sector = 512; // what a disk writes whole or not at all

/// What of an unsynced piece reached the disk: its end, or its beginning if nothing did.
std::size_t kept_end(const unsynced_piece& piece, std::mt19937_64& random) {
  switch (random() % 3) {
  case 0:
    return piece.begin;
  case 1:
    return piece.end;
  default: {
    const auto torn = piece.begin + random() % (piece.end - piece.begin);
    return std::max(piece.begin, torn / sector * sector);
  }
  }
}

/// Bytes that were lost before bytes that were kept read as zeros.
void leave_bytes(disk_node& file, std::mt19937_64& random) {
  if (file.unsynced.empty())
    return;
  std::vector<bool> lost(file.bytes.size(), false);
  std::size_t end = 0;
  for (const auto& piece : file.unsynced) {
    const auto kept = kept_end(piece, random);
    std::fill(lost.begin() + static_cast<std::ptrdiff_t>(kept),
              lost.begin() + static_cast<std::ptrdiff_t>(piece.end), true);
  }
  for (std::size_t i = 0; i < lost.size(); ++i)
    if (lost[i])
      file.bytes[i] = 0;
    else
      end = i + 1;
  file.bytes.resize(end);
  file.unsynced.clear();
}

/// None, all, or the first so many.
std::size_t kept_changes(std::size_t pending, std::mt19937_64& random) {
  const auto draw = random() % 4;
  return draw == 0 ? 0 : draw == 1 ? pending : random() % (pending + 1);
}

} // namespace

void leave_durable(disk_node& node, std::mt19937_64& random) {
  if (!node.is_directory)
    return leave_bytes(node, random);
  const auto kept = kept_changes(node.pending.size(), random);
  for (std::size_t i = 0; i < kept; ++i)
    for (const auto& [name, child] : node.pending[i])
      if (child)
        node.durable[name] = child;
      else
        node.durable.erase(name);
  node.pending.clear();
  node.names = node.durable;
  for (auto& [name, child] : node.names)
    leave_durable(*child, random);
}

} // namespace habitd::faults
