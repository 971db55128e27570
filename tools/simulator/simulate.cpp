#include "tools/simulator/simulate.hpp"

#include "tools/simulator/world.hpp"

#include <cstring>

namespace habitd {

namespace {

cause cause_of(const simulated_context& context) {
  if (context.automated || context.has_parent)
    return cause::automation;
  return context.by_user ? cause::person : cause::physical;
}

/// Never 0, which would mean "no context".
std::uint64_t act_of(const simulated_context& context) {
  std::uint64_t act = 0;
  std::memcpy(&act, context.id.data() + 8, sizeof act);
  return act | 1;
}

} // namespace

expected<simulated_home> simulate_home(const simulation_options& options) {
  auto plan = plan_home(options);
  if (!plan)
    return plan.error();
  return simulated_home{std::move(*plan)};
}

error simulated_home::each_day(const visit_day& visit) const {
  world home{plan_};
  simulated_day day;
  for (int i = 0; i < plan_.options().days; ++i) {
    home.live(plan_.options().first_date + i, day);
    if (auto err = visit(day))
      return err;
  }
  return {};
}

event_page page_of(const simulated_home& home, const simulated_day& day) {
  event_page page;
  page.rows.reserve(day.rows.size());
  for (const auto& row : day.rows) {
    event_row out{.at = row.at};
    if (row.kind == simulated_kind::start) {
      out.kind = row_kind::restart;
    } else if (row.kind == simulated_kind::state ||
               row.kind == simulated_kind::attributes) {
      const auto& context = day.contexts[row.context];
      out.entity = page.texts.intern(home.entities()[row.entity].id);
      out.state = page.texts.intern(day.texts[row.state]);
      out.before = row.before;
      if (row.before == previous::known)
        out.old_state = page.texts.intern(day.texts[row.old_state]);
      if (row.kind == simulated_kind::attributes)
        out.kind = row_kind::attributes;
      out.by = cause_of(context);
      out.act = act_of(context);
    } else {
      continue; // other events only say who acted, which the rows say already
    }
    page.rows.push_back(out);
  }
  return page;
}

} // namespace habitd
