#include "tools/habitd/notifications.hpp"

#include "actors/alerts/alerts.hpp"
#include "actors/outbox/courier.hpp"
#include "actors/outbox/file_target.hpp"
#include "actors/outbox/outbox.hpp"
#include "actors/outbox/webhook_target.hpp"
#include "actors/runtime/supervisor.hpp"
#include "tools/habitd/version.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <map>
#include <random>

namespace habitd {

namespace {

/// How entries get to each configured target.
expected<notified_targets> targets_of(const notify_config& settings,
                                      const std::string& community,
                                      std::stop_token stop) {
  notified_targets targets;
  if (!settings.file.empty())
    targets.emplace("file", [file = settings.file](const outbox_entry& entry) {
      return append_to_file(file, entry);
    });
  const auto add_webhook = [&](const char* target, const std::string& url) -> error {
    if (url.empty())
      return {};
    auto client = http_client::make(std::string{"habitd/"} + version);
    if (!client)
      return client.error();
    targets.emplace(target, webhook(std::move(*client), url, stop));
    return {};
  };
  if (auto failed = add_webhook("webhook", settings.webhook))
    return failed;
  if (auto failed = add_webhook(notifications::community_target, community))
    return failed;
  return targets;
}

/// What is known about the store as soon as it is open.
void tell_of_store(const alert_actor& alerts, const database& db) {
  const clear_alert fine{"store_recovered", "store"};
  raise_alert bad{fine.code, fine.subject, db.mishap(), severity::critical};
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

} // namespace

expected<std::unique_ptr<notifications>>
notifications::start(caf::actor_system& system, const parts& with,
                     const notify_config& settings, const std::string& community,
                     const notified_targets& more) {
  std::unique_ptr<notifications> made{new notifications{system, with.board}};
  auto targets = targets_of(settings, community, made->stopping_.get_token());
  if (!targets)
    return targets.error();
  targets->insert(more.begin(), more.end());
  if (auto failed = made->begin(with, *targets))
    return failed;
  return made;
}

expected<std::unique_ptr<notifications>>
notifications::start(caf::actor_system& system, const parts& with,
                     const notified_targets& targets) {
  std::unique_ptr<notifications> made{new notifications{system, with.board}};
  if (auto failed = made->begin(with, targets))
    return failed;
  return made;
}

error notifications::begin(const parts& with, const notified_targets& targets) {
  const auto& [store, clock, board, spawn] = with;
  std::vector<std::string> names;
  for (const auto& [target, how] : targets)
    names.push_back(target);
  if (auto failed = bury_for_lack_of_target(*store, names))
    return failed;
  const auto keep = [this](auto handle) {
    supervisors_.push_back(caf::actor_cast<caf::actor>(handle));
    return handle;
  };
  std::map<std::string, courier_actor> couriers;
  for (const auto& [target, how] : targets) {
    const courier_options options{target, how.deliver, how.policy,
                                  spawn.seed ? *spawn.seed : std::random_device{}()};
    const auto begin_courier = [options, with](parent_ptr parent) {
      return with.spawn.own_threads
               ? parent->spawn<caf::detached>(courier, options, with.store, with.clock)
               : parent->spawn(courier, options, with.store, with.clock);
    };
    couriers.emplace(target,
                     keep(supervise<courier_actor>(system_, board, "courier " + target,
                                                   spawn.restarts, begin_courier)));
  }
  outbox_ = keep(supervise<outbox_actor>(
    system_, board, "outbox", spawn.restarts, [with, couriers](parent_ptr parent) {
      return parent->spawn(habitd::outbox, with.store, couriers);
    }));
  std::erase(names, community_target);
  alerts_ =
    keep(supervise<alert_actor>(system_, board, "alerts", spawn.restarts,
                                [with, names, outbox = outbox_](parent_ptr parent) {
                                  return parent->spawn(habitd::alerts, with.store,
                                                       with.clock, names, outbox);
                                }));
  tell_of_store(alerts_, *store->db);
  board->tell(
    [alerts = alerts_](const branch_health& branch) { tell_of_branch(alerts, branch); });
  return {};
}

notifications::~notifications() {
  stop();
}

void notifications::stop() {
  board_->tell({});
  stopping_.request_stop();
  caf::scoped_actor self{system_};
  for (auto actor = supervisors_.rbegin(); actor != supervisors_.rend(); ++actor) {
    self->send_exit(*actor, caf::exit_reason::user_shutdown);
    self->wait_for(*actor);
  }
  supervisors_.clear();
  alerts_ = nullptr;
  outbox_ = nullptr;
}

} // namespace habitd
