#include "tools/habitd/file_home.hpp"

#include "actors/home/open_source.hpp"
#include "actors/runtime/random_uuid.hpp"
#include "actors/runtime/system_clock.hpp"

#include <caf/scoped_actor.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

namespace habitd {

namespace {

using namespace std::chrono_literals;

/// Redraws one line on a terminal: "reading  [#####     ]  48 %".
void draw_progress(const job_status& status) {
  constexpr int width = 30;
  static const std::map<std::string, std::string> words{{"read", "reading"},
                                                        {"observe", "observing"},
                                                        {"check", "checking"},
                                                        {"conclude", "concluding"},
                                                        {"suggest", "suggesting"}};
  const auto word = words.find(status.phase);
  const auto done = static_cast<int>(status.progress * width);
  fmt::print(stderr, "\r{:<11}[{:<{}}] {:3.0f} %",
             word == words.end() ? status.phase : word->second,
             std::string(static_cast<std::size_t>(std::clamp(done, 0, width)), '#'),
             width, status.progress * 100);
}

/// Waits for the analysis to end; with a bar on a terminal. An analysis that failed is started
/// again and goes on, so what is asked for may be away for a moment.
expected<job_record> watch(caf::actor_system& system, const job_carrier_actor& analysis,
                           bool bar) {
  caf::scoped_actor self{system};
  error failed = make_error(ec::unavailable, "the analysis did not start");
  const auto patience = 15s;
  auto last_seen = std::chrono::steady_clock::now();
  std::shared_ptr<const job_record> ended;
  while (!ended && std::chrono::steady_clock::now() - last_seen < patience) {
    const auto look = [&](const job_status& status) {
      if (!status.job)
        return;
      last_seen = std::chrono::steady_clock::now();
      if (!status.running)
        ended = status.job;
      else if (bar)
        draw_progress(status);
    };
    const auto missed = [&](const error& reason) { failed = reason; };
    if (bar) {
      self->request(analysis, 10s, get_job_status{}).receive(look, missed);
      if (!ended)
        self->receive([](caf::ok_atom) {}, caf::after(100ms) >> [] {});
    } else {
      self->request(analysis, 1s, await_job{}).receive(look, [&](const error& why) {
        if (why == caf::sec::request_timeout) // it may be at work, so ask
          self->request(analysis, 10s, get_job_status{}).receive(look, missed);
        else
          self->receive([](caf::ok_atom) {}, caf::after(100ms) >> [] {});
      });
    }
  }
  if (bar)
    fmt::print(stderr, "\r\033[K");
  if (!ended)
    return failed;
  return *ended;
}

expected<job_record> run_analysis(home_system& home, bool bar) {
  caf::scoped_actor self{home.system()};
  error failed;
  self->request(home.analysis(), 10s, start_job{"cli"})
    .receive([](const std::string&) {}, [&](error& reason) { failed = reason; });
  if (failed && code_of(failed) != ec::busy) // one that was cut off earlier goes on
    return failed;
  return watch(home.system(), home.analysis(), bar);
}

source_request source_of(const analyze_request& request,
                         std::shared_ptr<const home_calendar> calendar) {
  source_request source;
  source.file = request.file;
  source.format = request.format;
  source.calendar = std::move(calendar);
  source.machine_users = request.machine_users;
  return source;
}

home_system::parts parts_of(const analyze_request& request, const source_request& source,
                            std::shared_ptr<home_store> store) {
  home_system::parts parts;
  parts.store = std::move(store);
  parts.calendar = source.calendar;
  parts.clock = std::make_shared<system_wall_clock>();
  parts.events =
    events_from(source, make_entity_filter(request.include, request.exclude));
  parts.analysis.partial_days = true;
  parts.jobs.resume = true;
  parts.analysis.is_attended = true;
  parts.jobs.new_correlation = random_uuid;
  parts.analysis.last_days = request.days;
  if (request.state_dir.empty()) { // nothing is kept anyway
    parts.analysis.keep_raw_days = 0;
    parts.analysis.keep_daily_days = 0;
  }
  return parts;
}

} // namespace

expected<file_home> file_home::open(const analyze_request& request,
                                    const std::filesystem::path& directory) {
  auto calendar = home_calendar::open(request.time_zone);
  if (!calendar)
    return calendar.error();
  const auto source =
    source_of(request, std::make_shared<const home_calendar>(std::move(*calendar)));
  const auto looked_at = open_source(source); // before anything is made or started
  if (!looked_at)
    return looked_at.error();
  const system_wall_clock clock;
  storage_options where;
  where.directory = directory;
  where.sync = !request.state_dir.empty();
  where.opened_at = clock.now();
  auto store = home_store::open(where);
  if (!store)
    return store.error();
  if (!(*store)->db->recovered_from().empty())
    fmt::print(stderr, "habitd: the store was corrupt; it was moved to {}\n",
               (*store)->db->recovered_from().string());
  file_home home;
  home.description_ = looked_at->description;
  home.time_zone_ = source.calendar->zone_name();
  home.store_ = *store;
  home.system_ = std::make_unique<home_system>(parts_of(request, source, *store));
  return home;
}

expected<findings> file_home::analyze(bool bar) {
  auto job = run_analysis(*system_, bar);
  if (!job)
    return job.error();
  auto all = load_findings(*store_);
  if (!all)
    return all.error();
  all->job = std::move(*job);
  all->source = description_;
  all->time_zone = time_zone_;
  return all;
}

} // namespace habitd
