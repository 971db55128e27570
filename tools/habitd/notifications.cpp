#include "tools/habitd/notifications.hpp"

#include "actors/alerts/alerts.hpp"
#include "actors/outbox/courier.hpp"
#include "actors/outbox/file_target.hpp"
#include "actors/outbox/outbox.hpp"
#include "actors/outbox/webhook_target.hpp"
#include "actors/runtime/supervisor.hpp"
#include "tools/habitd/version.hpp"

#include <caf/send.hpp>

#include <random>
#include <stop_token>

namespace habitd {

namespace {

std::string courier_branch(const std::string& target) {
  return "courier " + target;
}

/// How entries get to each configured target.
expected<std::map<std::string, deliver_entry>> targets_of(const notify_config& settings,
                                                          std::stop_token stop) {
  std::map<std::string, deliver_entry> targets;
  if (!settings.file.empty())
    targets["file"] = [file = settings.file](const outbox_entry& entry) {
      return append_to_file(file, entry);
    };
  if (!settings.webhook.empty()) {
    auto client = http_client::make(std::string{"habitd/"} + version);
    if (!client)
      return client.error();
    targets["webhook"] = webhook(std::move(*client), settings.webhook, std::move(stop));
  }
  return targets;
}

/// What is known about the store as soon as it is open.
void tell_of_store(const alert_actor& alerts, const database& db) {
  const clear_alert fine{"store_recovered", "store"};
  raise_alert bad{fine.code, fine.subject, {}, severity::critical};
  if (const auto& moved = db.recovered_from(); !moved.empty())
    bad.text =
      "the store was corrupt and begun anew; the old one is kept at " + moved.string();
  else if (db.lost_last_writes())
    bad.text =
      "the end of the store's log was damaged; the last writes before this start "
      "are lost";
  if (bad.text.empty())
    caf::anon_send(alerts, fine);
  else
    caf::anon_send(alerts, bad);
}

void tell_of_branch(const alert_actor& alerts, const branch_health& branch) {
  if (branch.state == branch_state::down)
    caf::anon_send(alerts, raise_alert{"branch_down", branch.name, branch.last_error,
                                       severity::critical});
  else if (branch.state == branch_state::up && branch.restarts > 0)
    caf::anon_send(alerts, clear_alert{"branch_down", branch.name});
}

branch courier_row(const notification_parts& with, const std::string& target,
                   const deliver_entry& deliver, const std::function<void()>& before_stop) {
  const auto& spawn = with.spawn;
  const courier_options options{
    target, deliver, {}, spawn.seed ? *spawn.seed : std::random_device{}()};
  auto row = supervised<courier_actor>(
    courier_branch(target), {}, spawn.restarts,
    [options, with](parent_ptr parent, const branch_site&) {
      return with.spawn.own_threads
               ? parent->spawn<caf::detached>(courier, options, with.store, with.clock)
               : parent->spawn(courier, options, with.store, with.clock);
    });
  row.before_stop = before_stop;
  return row;
}

branch outbox_row(const notification_parts& with, const std::vector<std::string>& targets) {
  std::vector<std::string> needs;
  for (const auto& target : targets)
    needs.push_back(courier_branch(target));
  return supervised<outbox_actor>(
    outbox_branch, needs, with.spawn.restarts,
    [with, targets](parent_ptr parent, const branch_site& site) {
      std::map<std::string, courier_actor> couriers;
      for (const auto& target : targets)
        couriers.emplace(target, site.get<courier_actor>(courier_branch(target)));
      return parent->spawn(outbox, with.store, std::move(couriers));
    });
}

/// Once it is up, it is told of the store, and from then on of every branch.
branch alerts_row(const notification_parts& with, const std::vector<std::string>& targets) {
  auto row = supervised<alert_actor>(
    alerts_branch, {outbox_branch}, with.spawn.restarts,
    [with, targets](parent_ptr parent, const branch_site& site) {
      return parent->spawn(alerts, with.store, with.clock, targets,
                           site.get<outbox_actor>(outbox_branch));
    });
  row.start = [start = row.start, with](const branch_site& site) {
    auto supervisor = start(site);
    const auto alerts = caf::actor_cast<alert_actor>(supervisor);
    tell_of_store(alerts, *with.store->db);
    with.board->tell(
      [alerts](const branch_health& branch) { tell_of_branch(alerts, branch); });
    return supervisor;
  };
  row.before_stop = [board = with.board] { board->tell({}); };
  return row;
}

} // namespace

expected<std::vector<branch>> notification_branches(const notification_parts& with,
                                                    const notify_config& settings) {
  const auto stopping = std::make_shared<std::stop_source>();
  const auto targets = targets_of(settings, stopping->get_token());
  if (!targets)
    return targets.error();
  return notification_branches(with, *targets, [stopping] { stopping->request_stop(); });
}

expected<std::vector<branch>>
notification_branches(const notification_parts& with,
                      const std::map<std::string, deliver_entry>& targets,
                      const std::function<void()>& before_stop) {
  std::vector<std::string> names;
  for (const auto& [target, deliver] : targets)
    names.push_back(target);
  if (auto failed = bury_for_lack_of_target(*with.store, names))
    return failed;
  std::vector<branch> rows;
  for (const auto& [target, deliver] : targets)
    rows.push_back(courier_row(with, target, deliver, before_stop));
  rows.push_back(outbox_row(with, names));
  rows.push_back(alerts_row(with, names));
  return rows;
}

} // namespace habitd
