#pragma once

#include "actors/runtime/scheduler.hpp"
#include "messages/analysis.hpp"
#include "storage/home_store.hpp"

namespace habitd {

/// The jobs of a home, with their records kept in its store.
/// @errors  those of `schedule_store::install_id`.
expected<scheduler_parts> home_schedule(const std::shared_ptr<home_store>& store,
                                        std::shared_ptr<const home_calendar> calendar,
                                        std::shared_ptr<const wall_clock> clock,
                                        const cron_expression& analysis_schedule,
                                        const job_carrier_actor& analysis);

} // namespace habitd
