#pragma once

#include "messages/schedule.hpp"
#include "storage/database.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace habitd {

/// What the scheduler did last, per job, as JSON in `meta` under "schedule/<name>".
class schedule_store {
public:
  /// @param db  outlives the store.
  explicit schedule_store(database& db) : db_{db} {}

  /// @returns  an empty record for a job that was never looked at.
  /// @errors   ec::corrupt_data naming the job; those of the database.
  expected<schedule_record> load(std::string_view job) const;

  /// Returns when it is on disk.
  error save(std::string_view job, const schedule_record& record);

  /// The random name of this installation; `make` is called once in its life.
  expected<std::string> install_id(const std::function<std::string()>& make);

private:
  database& db_;
};

} // namespace habitd
