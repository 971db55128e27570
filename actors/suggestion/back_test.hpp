#pragma once

#include "actors/detector/time_of_day_record.hpp"
#include "messages/pattern.hpp"
#include "messages/suggestion.hpp"
#include "storage/home_store.hpp"

namespace habitd {

/// The stored days, to replay automations over: all of them, not only those a pattern was
/// found in.
class stored_days {
public:
  static expected<stored_days> open(const home_store& store);

  /// A clock automation is right where the person did the same within half an hour of it; a
  /// triggered one where the response followed within the pattern's window.
  expected<back_test> replay(const pattern& habit);

private:
  struct sealed_day {
    local_day day;
    day_record record;
    std::optional<start_record> starts; // read once, for all clock automations
  };

  explicit stored_days(const home_store& store) : store_{&store} {}
  error replay_clock(const pattern& habit, int time, sealed_day& on,
                     back_test& test) const;
  error replay_response(const pattern& habit, const sealed_day& on,
                        back_test& test) const;
  item_number item_at(const pattern& habit, std::size_t position) const;

  const home_store* store_;
  std::vector<sealed_day> days_;
};

} // namespace habitd
