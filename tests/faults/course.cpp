#include "tests/faults/course.hpp"

namespace habitd::faults {

std::shared_ptr<disk> new_disk(std::uint64_t seed) {
  auto result = std::make_shared<disk>(seed);
  result->make_directory("/home");
  result->sync(*result->find("/"), "/");
  result->disarm();
  return result;
}

expected<course> course::of(const small_home& home, const std::shared_ptr<disk>& on) {
  course result;
  on->disarm();
  for (std::size_t job = 0; job < home.jobs(); ++job) {
    auto running = process::start(home, on, home.begins(job));
    if (!running)
      return running.error();
    auto& habitd = **running;
    if (auto failed = habitd.begin(job))
      return failed;
    do {
      auto state = content_of(habitd.store());
      if (!state)
        return state.error();
      result.add(*state);
      result.end_ = std::move(*state);
    } while (habitd.step());
    if (const auto last = habitd.last_job(); last.outcome != job_outcome::ok)
      return make_error(ec::unexpected, "job not ok: " + last.problem);
  }
  result.calls_ = on->calls();
  if (result.end_.patterns == 0)
    return make_error(ec::unexpected, "the home shows no pattern");
  return result;
}

std::optional<std::size_t> course::place_of(const content& state) const {
  const auto found = places_.find(state.digest);
  return found == places_.end() ? std::nullopt : std::optional{found->second};
}

void course::add(const content& state) {
  places_.emplace(state.digest, places_.size());
}

} // namespace habitd::faults
