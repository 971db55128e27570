#include "tools/habitd/community_system.hpp"

#include "actors/community/refresh.hpp"
#include "actors/community/refresh_job.hpp"
#include "actors/community/refresh_runner.hpp"
#include "actors/community/workers.hpp"
#include "actors/runtime/supervisor.hpp"

#include <caf/scoped_actor.hpp>

namespace habitd {

namespace {

constexpr std::size_t parser_pool = 2; // a Pi has four cores, and other things to do

} // namespace

community_system::community_system(caf::actor_system& system, const parts& with,
                                   const community_config& settings)
    : system_{system} {
  const auto& policy = with.spawn.restarts;
  const auto keep = [this](auto handle) {
    supervisors_.push_back(caf::actor_cast<caf::actor>(handle));
    return handle;
  };
  const bool detached = with.spawn.own_threads;
  refresh_parts work;
  work.store = with.store;
  work.files = settings.files;
  work.reader = keep(supervise<file_reader_actor>(
    system, with.board, "file reader", policy, [detached](parent_ptr parent) {
      return detached ? parent->spawn<caf::detached>(file_reader)
                      : parent->spawn(file_reader);
    }));
  for (std::size_t i = 0; i < parser_pool; ++i)
    work.parsers.push_back(keep(supervise<parser_actor>(
      system, with.board, "parser " + std::to_string(i + 1), policy,
      [](parent_ptr parent) { return parent->spawn(parser); })));
  pruner_ = keep(supervise<pruner_actor>(
    system, with.board, "pruner", policy,
    [parts = pruner_parts{with.store, with.clock, rules_of(settings), with.told,
                          with.wake_couriers},
     detached](parent_ptr parent) {
      return detached ? parent->spawn<caf::detached>(habitd::pruner, parts)
                      : parent->spawn(habitd::pruner, parts);
    }));
  invalidator_ = keep(supervise<cache_invalidator_actor>(
    system, with.board, "cache invalidator", policy,
    [view = with.view, begin = with.begin_analysis, detached](parent_ptr parent) {
      return detached ? parent->spawn<caf::detached>(cache_invalidator, view, begin)
                      : parent->spawn(cache_invalidator, view, begin);
    }));
  work.pruner = pruner_;
  work.invalidator = invalidator_;
  const auto carry = [&](const char* name, const job_kind& kind) {
    return keep(supervise<job_carrier_actor>(
      system, with.board, name, policy, [kind, with](parent_ptr parent) {
        return parent->spawn(job_carrier, kind, with.store, with.clock, with.jobs);
      }));
  };
  refresh_ = carry("refresh", refresh_kind(work));
  clean_up_ = carry("corpus clean-up", clean_up_kind(pruner_));
  runner_ = keep(supervise<job_actor>(
    system, with.board, "refresh runner", policy,
    [parts = refresh_runner_parts{refresh_, with.store, with.clock, with.tell}](
      parent_ptr parent) { return parent->spawn(refresh_runner, parts); }));
}

void community_system::stop() {
  caf::scoped_actor self{system_};
  for (auto actor = supervisors_.rbegin(); actor != supervisors_.rend(); ++actor) {
    self->send_exit(*actor, caf::exit_reason::user_shutdown);
    self->wait_for(*actor);
  }
  supervisors_.clear();
  runner_ = nullptr;
  clean_up_ = nullptr;
  refresh_ = nullptr;
  invalidator_ = nullptr;
  pruner_ = nullptr;
}

} // namespace habitd
