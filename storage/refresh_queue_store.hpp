#pragma once

#include "messages/refresh.hpp"
#include "storage/database.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// What refreshes took of a day's allowance.
struct day_spending {
  std::int32_t day = 0; // days since 1970, UTC
  std::uint64_t calls = 0;
  std::uint64_t tokens = 0;
  bool operator==(const day_spending&) const = default;
};

/// Documents that wait to be refreshed ("wait/<id>"), the switch and what was spent.
class refresh_queue_store {
public:
  explicit refresh_queue_store(const database& db) : db_{db} {}

  void put(batch& changes, const refresh_entry& entry) const;
  void erase(batch& changes, std::string_view id) const;

  /// By id; those that can't be read are left out, and staged in `drop` to be erased.
  expected<std::vector<refresh_entry>> list(batch& drop) const;

  /// On if nobody ever switched it.
  expected<bool> is_on() const;
  void put_on(batch& changes, bool on) const;

  /// Nothing if nothing was ever spent, or what is stored is damaged.
  expected<day_spending> spending() const;
  void put(batch& changes, const day_spending& spent) const;

private:
  const database& db_;
};

} // namespace habitd
