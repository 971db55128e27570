#include "tools/habitd/standards_branch.hpp"

#include "actors/runtime/supervisor.hpp"
#include "actors/standards/access_service.hpp"
#include "actors/standards/folder_source.hpp"
#include "actors/standards/http_source.hpp"
#include "actors/standards/refresh_queue.hpp"
#include "actors/standards/research.hpp"
#include "actors/standards/seed_standards.hpp"
#include "messages/log_of.hpp"
#include "tools/habitd/version.hpp"

#include <caf/scoped_actor.hpp>
#include <fmt/format.h>

namespace habitd {

namespace {

freshness_rules rules_of(const auto_refresh_config& settings) {
  freshness_rules rules;
  rules.enabled = settings.enabled;
  rules.threshold_days = settings.freshness_threshold_days;
  rules.has_folder = !settings.folder.empty();
  rules.has_research = !settings.research_url.empty();
  return rules;
}

fetch_document sources_of(const auto_refresh_config& settings) {
  const auto user_agent = std::string{"habitd/"} + version;
  fetch_document folder, model;
  if (!settings.folder.empty())
    folder = folder_source(settings.folder);
  if (!settings.research_url.empty()) {
    research_options options;
    options.deep = settings.use_deep_research;
    model = research(chat_over_http(settings.research_url, settings.research_model,
                                    settings.research_key, user_agent, chat_limits()),
                     options);
  }
  return source_by_record(http_source(user_agent), folder, model);
}

refresh_options queue_options(const standards_branch::parts& with,
                              const auto_refresh_config& settings) {
  refresh_options options;
  options.rules = rules_of(settings);
  options.retries = {settings.retry_attempts,
                     std::chrono::seconds{settings.retry_delay_seconds}};
  options.limits = {settings.calls_per_day, settings.tokens_per_day};
  options.on_update = with.on_update;
  return options;
}

access_options reader_options(const auto_refresh_config& settings) {
  access_options options;
  options.rules = rules_of(settings);
  options.mode = settings.mode;
  options.blocking_wait = std::chrono::seconds{settings.blocking_seconds};
  return options;
}

} // namespace

expected<std::unique_ptr<standards_branch>>
standards_branch::start(caf::actor_system& system, const parts& with,
                        const auto_refresh_config& settings) {
  const auto seeded =
    seed_standards(*with.store, shipped_standards(), settings.folder, with.clock->now());
  if (!seeded)
    return seeded.error();
  for (const auto& problem : seeded->problems)
    log_of(log_area::standards).warn("left out: {}", problem);
  std::unique_ptr<standards_branch> made{new standards_branch{system}};
  const auto keep = [&made](auto handle) {
    made->supervisors_.push_back(caf::actor_cast<caf::actor>(handle));
    return handle;
  };
  const auto& [store, clock, board, spawn, on_update, given] = with;
  const auto fetch = given ? given : sources_of(settings);
  std::vector<provider_actor> workers;
  for (std::uint32_t i = 1; i <= settings.max_concurrent; ++i)
    workers.push_back(keep(supervise<provider_actor>(
      system, board, fmt::format("standards source {}", i), spawn.restarts,
      [fetch, apart = spawn.own_threads](parent_ptr parent) {
        return apart ? parent->spawn<caf::detached>(provider_worker, fetch)
                     : parent->spawn(provider_worker, fetch);
      })));
  made->queue_ = keep(supervise<refresh_actor>(
    system, board, "standards queue", spawn.restarts,
    [workers, with, tally = made->tally_,
     options = queue_options(with, settings)](parent_ptr parent) {
      return parent->spawn(refresh_queue, workers, with.store, with.clock, tally,
                           options);
    }));
  made->access_ =
    keep(supervise<access_actor>(system, board, "standards", spawn.restarts,
                                 [queue = made->queue_, with, tally = made->tally_,
                                  options = reader_options(settings)](parent_ptr parent) {
                                   return parent->spawn(access_service, queue, with.store,
                                                        with.clock, tally, options);
                                 }));
  return made;
}

void standards_branch::stop() {
  caf::scoped_actor self{system_};
  for (auto actor = supervisors_.rbegin(); actor != supervisors_.rend(); ++actor) {
    self->send_exit(*actor, caf::exit_reason::user_shutdown);
    self->wait_for(*actor);
  }
  supervisors_.clear();
  access_ = nullptr;
  queue_ = nullptr;
}

} // namespace habitd
