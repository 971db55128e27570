#pragma once

#include "tools/simulator/day_plan.hpp"
#include "tools/simulator/random_stream.hpp"

#include <queue>
#include <vector>

namespace habitd {

/// A simulated home at work: what is on, what Home Assistant knows of it, and what is due.
/// Lives through one day after the other, in order.
class world {
public:
  explicit world(const home_plan& plan);

  /// Replaces the contents of `into` by the rows of `day`.
  void live(local_day day, simulated_day& into);

private:
  struct entity_state {
    bool on = false;
    bool reachable = true;
    bool known = false;       // to Home Assistant since its last start
    std::uint32_t serial = 0; // counts the times it was turned on
    std::int64_t value = 0;   // of a number, in steps away from its base
    int brightness = 128;
    std::string recorded; // as Home Assistant has it; empty = no such state
    wall_time changed{};
  };

  void happen(const intent& next);
  void turn_on(const intent& next);
  void turn_off(const intent& next);
  void change_inside(const intent& next);
  void run(const intent& next);
  void lose_or_regain(const intent& next);
  void stop(const intent& next);
  void start(const intent& next);
  void appear(const intent& next);
  void react(const intent& next, const simulated_context& context);
  void switch_members(const intent& next, const simulated_context& context,
                      intent::act what);

  bool visible(entity_index entity) const;
  std::int64_t hold_before_plans(const intent& next) const;
  simulated_context context_of(const intent& next);
  std::string state_text(entity_index entity) const;
  std::string attributes_text(entity_index entity, bool restored) const;
  void write(const intent& next, simulated_kind kind, const std::string& state,
             const simulated_context& context);
  void write_event(const intent& next, simulated_kind kind,
                   const simulated_context& context);
  void later(intent next, double seconds);

  struct is_later {
    bool operator()(const intent& a, const intent& b) const {
      return a.at != b.at ? a.at > b.at : a.order > b.order;
    }
  };

  const home_plan& plan_;
  std::vector<entity_state> entities_;
  std::vector<std::vector<std::size_t>> responses_;   // by source
  std::vector<std::vector<std::size_t>> automations_; // by source
  std::vector<const group_behaviour*> groups_;        // by group entity; null for others
  tick_state ticks_;
  std::vector<std::vector<wall_time>> planned_; // by entity, today
  std::priority_queue<intent, std::vector<intent>, is_later> due_;
  std::uint64_t order_ = 0;
  bool up_ = false;
  random_stream random_{0, {}}; // for what follows from something else
  simulated_day* into_ = nullptr;
};

} // namespace habitd
