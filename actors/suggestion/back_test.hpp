#pragma once

#include "messages/pattern.hpp"
#include "messages/suggestion.hpp"
#include "storage/home_store.hpp"

#include <map>

namespace habitd {

struct aggregate_history;

/// The stored days, to replay automations over: all of them, not only those a pattern was
/// found in.
class stored_days {
public:
  static expected<stored_days> open(const home_store& store);

  /// As the pattern's detector replays it; a test of no days if it can't.
  expected<back_test> replay(const pattern& habit);

private:
  explicit stored_days(const home_store& store) : store_{&store} {}

  /// Read once a detector; parts that were read are kept.
  const aggregate_history& history_of(detector_id detector);

  const home_store* store_;
  std::map<local_day, day_record> days_;
  std::map<detector_id, std::shared_ptr<aggregate_history>> histories_;
};

} // namespace habitd
