#include "actors/runtime/health_board.hpp"

namespace habitd {

void health_board::started(const std::string& name,
                           std::chrono::steady_clock::time_point now) {
  const std::lock_guard lock{mutex_};
  auto [at, is_new] = branches_.try_emplace(name);
  auto& branch = at->second;
  branch.name = name;
  branch.restarts += is_new ? 0 : 1;
  branch.state = branch_state::up;
  branch.since = clock_->now();
  branch.answered = now;
  if (change_)
    change_(branch);
}

void health_board::failed(const std::string& name, branch_state state,
                          const error& reason) {
  const std::lock_guard lock{mutex_};
  auto& branch = branches_[name];
  branch.name = name;
  branch.state = state;
  branch.last_error = describe(reason);
  branch.since = clock_->now();
  if (change_)
    change_(branch);
}

void health_board::tell(std::function<void(const branch_health&)> change) {
  const std::lock_guard lock{mutex_};
  change_ = std::move(change);
}

void health_board::answered(const std::string& name,
                            std::chrono::steady_clock::time_point now) {
  const std::lock_guard lock{mutex_};
  if (const auto at = branches_.find(name); at != branches_.end())
    at->second.answered = now;
}

void health_board::stopped(const std::string& name) {
  const std::lock_guard lock{mutex_};
  branches_.erase(name);
}

std::vector<branch_health> health_board::list() const {
  const std::lock_guard lock{mutex_};
  std::vector<branch_health> all;
  all.reserve(branches_.size());
  for (const auto& [name, branch] : branches_)
    all.push_back(branch);
  return all;
}

std::vector<std::string>
health_board::silent(std::chrono::steady_clock::time_point now,
                     std::chrono::steady_clock::duration longest) const {
  const std::lock_guard lock{mutex_};
  std::vector<std::string> names;
  for (const auto& [name, branch] : branches_)
    if (branch.state == branch_state::up && now - branch.answered > longest)
      names.push_back(name);
  return names;
}

} // namespace habitd
