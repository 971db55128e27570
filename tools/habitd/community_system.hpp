#pragma once

#include "actors/community/corpus_view.hpp"
#include "actors/community/refresh_alerts.hpp"
#include "actors/job/job_carrier.hpp"
#include "actors/runtime/health_board.hpp"
#include "config/community_config.hpp"
#include "messages/corpus_work.hpp"
#include "tools/habitd/home_system.hpp"

#include <caf/actor_system.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace habitd {

/// The actors of the community corpus under their supervisors: readers, parsers, pruner and
/// cache invalidator, the refresh and who runs it.
class community_system {
public:
  struct parts {
    std::shared_ptr<home_store> store;
    std::shared_ptr<const wall_clock> clock;
    std::shared_ptr<health_board> board;
    std::shared_ptr<corpus_view> view;
    job_options jobs{};
    spawn_options spawn{};
    std::vector<std::string> told{}; // outbox targets that hear of each commit
    std::function<void()> wake_couriers{};
    std::function<void()> begin_analysis{};
    std::function<void(const alert_change&)> tell{};
  };

  /// @param system  outlives this object, which is to be stopped before its end.
  community_system(caf::actor_system& system, const parts& with,
                   const community_config& settings);
  ~community_system() { stop(); }
  community_system(const community_system&) = delete;
  community_system& operator=(const community_system&) = delete;

  const job_actor& refresh() const { return runner_; }
  const job_carrier_actor& refresh_carrier() const { return refresh_; }
  const job_carrier_actor& clean_up() const { return clean_up_; }
  const pruner_actor& pruner() const { return pruner_; }
  const cache_invalidator_actor& invalidator() const { return invalidator_; }
  std::vector<caf::actor> supervisors() const { return supervisors_; }
  void stop();

private:
  caf::actor_system& system_;
  std::vector<caf::actor> supervisors_; // first started first
  pruner_actor pruner_;
  cache_invalidator_actor invalidator_;
  job_carrier_actor refresh_;
  job_carrier_actor clean_up_;
  job_actor runner_;
};

} // namespace habitd
