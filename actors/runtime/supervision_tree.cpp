#include "actors/runtime/supervision_tree.hpp"

#include <caf/exit_reason.hpp>

#include <algorithm>

namespace habitd {

namespace {

std::string names_of(const std::vector<branch>& branches, const std::vector<bool>& placed) {
  std::string names;
  for (std::size_t i = 0; i < branches.size(); ++i)
    if (!placed[i])
      names += (names.empty() ? "" : ", ") + branches[i].name;
  return names;
}

expected<std::map<std::string, std::size_t>>
places_of(const std::vector<branch>& branches) {
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < branches.size(); ++i)
    if (!places.emplace(branches[i].name, i).second)
      return make_error(ec::invalid_input, "two branches " + branches[i].name);
  for (const auto& row : branches)
    for (const auto& need : row.needs)
      if (!places.contains(need))
        return make_error(ec::invalid_input,
                          row.name + " needs " + need + ", which is no branch");
  return places;
}

} // namespace

expected<std::vector<std::size_t>> start_order(const std::vector<branch>& branches) {
  const auto places = places_of(branches);
  if (!places)
    return places.error();
  std::vector<std::size_t> order;
  std::vector<bool> placed(branches.size());
  while (order.size() < branches.size()) {
    const auto before = order.size();
    for (std::size_t i = 0; i < branches.size(); ++i) {
      const auto& needs = branches[i].needs;
      if (placed[i] || !std::all_of(needs.begin(), needs.end(), [&](const auto& need) {
            return placed[places->at(need)];
          }))
        continue;
      placed[i] = true;
      order.push_back(i);
      break; // the first of the table that can start
    }
    if (order.size() == before)
      return make_error(ec::invalid_input,
                        "branches need each other: " + names_of(branches, placed));
  }
  return order;
}

expected<std::unique_ptr<supervision_tree>>
supervision_tree::start(caf::actor_system& system, std::shared_ptr<health_board> board,
                        std::vector<branch> branches) {
  const auto order = start_order(branches);
  if (!order)
    return order.error();
  std::unique_ptr<supervision_tree> tree{new supervision_tree{system, std::move(board)}};
  for (const auto place : *order) {
    auto& row = branches[place];
    branch_site site{&system, tree->board_, {}};
    for (const auto& need : row.needs)
      site.needed.emplace(need, tree->get<caf::actor>(need));
    auto supervisor = row.start(site);
    tree->running_.push_back({std::move(row), std::move(supervisor)});
  }
  return tree;
}

std::vector<caf::actor> supervision_tree::supervisors() const {
  std::vector<caf::actor> all;
  for (const auto& running : running_)
    all.push_back(running.supervisor);
  return all;
}

void supervision_tree::stop() {
  if (running_.empty())
    return;
  caf::scoped_actor self{system_};
  stop([&self](const caf::actor& supervisor) {
    self->send_exit(supervisor, caf::exit_reason::user_shutdown);
    self->wait_for(supervisor);
  });
}

void supervision_tree::stop(const std::function<void(const caf::actor&)>& stop_one) {
  for (; !running_.empty(); running_.pop_back()) {
    if (const auto& before = running_.back().row.before_stop)
      before();
    stop_one(running_.back().supervisor);
  }
}

} // namespace habitd
