#include "http/connection_table.hpp"

namespace habitd {

connection_table::verdict
connection_table::add(std::uint64_t id, const std::string& address, time_point now) {
  std::size_t from_address = 0;
  for (const auto& [other, connection] : connections_)
    from_address += connection.address == address ? 1 : 0;
  const bool share_used = from_address >= limits_.connections_per_address;
  verdict result;
  if (share_used || connections_.size() >= limits_.connections) {
    auto longest = now - limits_.evict_after;
    for (const auto& [other, connection] : connections_) {
      if (share_used && connection.address != address)
        continue;
      if (connection.waiting_since && *connection.waiting_since <= longest) {
        longest = *connection.waiting_since;
        result.evicted = other;
      }
    }
    if (!result.evicted)
      return result;
    connections_.erase(*result.evicted);
  }
  result.admitted = true;
  connections_[id] = {address, now};
  return result;
}

void connection_table::set_waiting(std::uint64_t id, time_point now) {
  if (const auto found = connections_.find(id); found != connections_.end())
    found->second.waiting_since = now;
}

void connection_table::set_busy(std::uint64_t id) {
  if (const auto found = connections_.find(id); found != connections_.end())
    found->second.waiting_since.reset();
}

} // namespace habitd
