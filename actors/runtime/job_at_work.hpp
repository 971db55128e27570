#pragma once

#include "messages/log_correlation.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace habitd {

/// The correlation id of the job that runs, told by the actor that drives it to those that
/// work for it and to their supervisors, for their log lines. Not part of the requests: a
/// supervisor sees them only as messages of any type. Thread-safe.
class job_at_work {
public:
  /// @param correlation  empty: none runs any more.
  void set(std::string correlation) {
    const std::lock_guard lock{mutex_};
    correlation_ = std::move(correlation);
  }

  std::string correlation() const {
    const std::lock_guard lock{mutex_};
    return correlation_;
  }

private:
  mutable std::mutex mutex_;
  std::string correlation_;
};

/// While one lives, the lines that its thread logs carry the id of the job at work.
class lines_of_job {
public:
  /// @param job  may be null: then there is no id.
  explicit lines_of_job(const std::shared_ptr<const job_at_work>& job)
      : correlation_{job ? job->correlation() : std::string{}}, lines_{correlation_} {}

private:
  std::string correlation_;
  log_correlation lines_;
};

} // namespace habitd
