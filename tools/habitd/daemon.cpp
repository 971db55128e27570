#include "tools/habitd/daemon.hpp"

#include "actors/home/open_source.hpp"
#include "actors/runtime/random_uuid.hpp"
#include "actors/runtime/supervisor.hpp"
#include "actors/runtime/system_clock.hpp"
#include "config/config.hpp"
#include "messages/log_of.hpp"
#include "tools/habitd/exit_code.hpp"
#include "tools/habitd/home_schedule.hpp"
#include "tools/habitd/home_system.hpp"
#include "tools/habitd/job_routes.hpp"
#include "tools/habitd/log_setup.hpp"
#include "tools/habitd/notifications.hpp"
#include "tools/habitd/outbox_routes.hpp"
#include "tools/habitd/schedule_routes.hpp"
#include "tools/habitd/serve.hpp"
#include "tools/habitd/version.hpp"
#include "tools/habitd/watchdog.hpp"

#include <systemd/sd-daemon.h>

#include <map>
#include <optional>
#include <unistd.h>

namespace habitd {

namespace {

using namespace std::chrono_literals;

expected<config> settings_from(const std::filesystem::path& file) {
  const auto env = process_environment();
  return file.empty() ? parse_config("", "the defaults", env) : load_config(file, env);
}

source_request source_of(const config& settings,
                         std::shared_ptr<const home_calendar> calendar) {
  source_request source;
  source.file = settings.events.recorder;
  source.format = "recorder";
  source.calendar = std::move(calendar);
  source.machine_users = settings.analysis.machine_users;
  return source;
}

home_parts parts_of(const config& settings, std::shared_ptr<home_store> store,
                            std::shared_ptr<const home_calendar> calendar) {
  home_parts parts;
  parts.store = std::move(store);
  parts.calendar = calendar;
  parts.clock = std::make_shared<system_wall_clock>();
  parts.jobs.resume = true;
  parts.jobs.new_correlation = random_uuid;
  parts.jobs.patience.wait_for_space = 24h;
  parts.events =
    events_from(source_of(settings, calendar),
                make_entity_filter(settings.events.include, settings.events.exclude));
  return parts;
}

server_options listen_on(const config& settings) {
  server_options options;
  options.address = settings.http.listen;
  options.port = settings.http.port;
  options.allowed_hosts = settings.http.allowed_hosts;
  if (!settings.http.token.empty())
    options.tokens.push_back(access_token{sha256_hex(settings.http.token), scope::admin});
  return options;
}

/// On SIGHUP: logging changes at once, the rest with the next start.
void reload(const std::filesystem::path& file, config& settings) {
  const auto now = settings_from(file);
  if (!now)
    return log_of(log_area::daemon)
      .error("settings not reloaded: {}", describe(now.error()));
  settings.log = now->log;
  set_logging(settings.log);
  if (*now == settings)
    log_of(log_area::daemon).info("settings reloaded");
  else
    log_of(log_area::daemon)
      .warn("settings reloaded; what changed beside log takes effect after a restart");
}

/// What runs by itself, and when: a line a job.
expected<std::vector<scheduled_job>> timetable_of(const config& settings) {
  const auto analysis = parse_cron(settings.analysis.schedule);
  if (!analysis)
    return analysis.error();
  return std::vector{analysis_job(*analysis)};
}

/// Everything that is supervised: the rows of each room.
expected<std::vector<branch>> all_branches(const config& settings,
                                           const home_parts& parts,
                                           const std::shared_ptr<health_board>& board,
                                           const std::vector<scheduled_job>& timetable) {
  auto schedule = home_schedule(parts);
  if (!schedule)
    return schedule.error();
  const auto told =
    notification_branches({parts.store, parts.clock, board}, settings.notify);
  if (!told)
    return told.error();
  auto rows = home_branches(parts);
  rows.insert(rows.end(), told->begin(), told->end());
  rows.push_back(scheduler_row(std::move(*schedule), timetable));
  return rows;
}

/// Everything that the daemon answers over HTTP.
std::vector<route> all_routes(home_system& home, const home_parts& parts,
                              const std::vector<scheduled_job>& timetable) {
  auto& tree = home.tree();
  const auto timer = tree.get<scheduler_actor>(scheduler_branch);
  std::map<std::string, job_carrier_actor> carriers; // by the kind of their jobs
  for (const auto& job : timetable)
    carriers.emplace(job.name, tree.get<job_carrier_actor>(job.name));
  auto routes = admin_routes({&home.system(), carriers.at(analysis_branch), parts.store,
                              parts.clock, parts.clock->now(), tree.board(),
                              doubt_of_clock()});
  const auto add = [&routes](std::vector<route> more) {
    std::move(more.begin(), more.end(), std::back_inserter(routes));
  };
  add(job_routes(home.system(), parts.store, carriers, timer));
  add(schedule_routes(home.system(), timer));
  add(
    outbox_routes(home.system(), parts.store, tree.get<outbox_actor>(outbox_branch)));
  return routes;
}

/// Serves and analyses until it is told to stop.
int serve_home(config settings, const home_parts& parts,
               const std::filesystem::path& config_file) {
  const auto timetable = timetable_of(settings);
  if (!timetable)
    return fail(timetable.error());
  const auto board = std::make_shared<health_board>(parts.clock);
  auto branches = all_branches(settings, parts, board, *timetable);
  if (!branches)
    return fail(branches.error());
  const auto home = home_system::start(board, std::move(*branches));
  if (!home)
    return fail(home.error());
  auto& tree = (*home)->tree();
  auto listening =
    server::start(listen_on(settings), all_routes(**home, parts, *timetable));
  if (!listening)
    return fail(listening.error());
  log_of(log_area::daemon)
    .info("habitd {} serves on http://{}:{}/", version, settings.http.listen,
          (*listening)->port());
  std::optional<watchdog> watch{std::in_place, board, [&store = *parts.store] {
                                  return store.db->is_closed();
                                }};
  sd_notify(0, "READY=1\nSTATUS=serving");
  const auto stopped = wait_for_stop((*home)->system(), tree.supervisors(),
                                     [&] { reload(config_file, settings); });
  sd_notify(0, "STOPPING=1");
  watch.reset();
  const stop_deadline deadline{4s};
  (*listening)->stop();
  tree.stop();
  if (stopped.signal == 0)
    return fail(stopped.gave_up);
  log_of(log_area::daemon).info("stopped by signal {}", stopped.signal);
  return exit_ok;
}

} // namespace

std::string config_reference() {
  return "# Configuration\n\n"
         "One YAML file, given by `habitd run --config FILE`. Every key has a default. "
         "A\n"
         "variable like `HABITD__HTTP__PORT` wins over the key `http.port`; `!secret "
         "name`\n"
         "reads `secrets.yaml` beside the file, `!credential name` what systemd was "
         "given.\n"
         "`habitd config check FILE` says what is wrong, with line and column.\n\n" +
         describe_config();
}

int check_config(const std::filesystem::path& file) {
  const auto settings = settings_from(file);
  if (!settings)
    return fail(settings.error());
  std::fputs(show_config(*settings).c_str(), stdout);
  return exit_ok;
}

int run_daemon(const std::filesystem::path& config_file) {
  const auto settings = settings_from(config_file);
  if (!settings)
    return fail(settings.error());
  set_logging(settings->log);
  if (settings->events.recorder.empty())
    return fail(
      make_error(ec::invalid_input,
                 "no events to learn from: set events.recorder to the path of Home "
                 "Assistant's home-assistant_v2.db, in the config or by "
                 "HABITD__EVENTS__RECORDER"));
  auto calendar = home_calendar::open(settings->home.time_zone);
  if (!calendar)
    return fail(calendar.error());
  storage_options where;
  // Below the directory that systemd gives: a corrupt store is moved aside within it.
  where.directory = settings->storage.directory / "store";
  where.opened_at = system_wall_clock{}.now();
  where.cache_bytes = std::size_t{settings->storage.cache_mb} << 20;
  auto store = home_store::open(where);
  if (!store)
    return fail(store.error());
  if (const auto& moved = (*store)->db->recovered_from(); !moved.empty())
    log_of(log_area::storage)
      .error("the store was corrupt; it is kept at {} and a new one was begun",
             moved.string());
  const auto parts = parts_of(
    *settings, *store, std::make_shared<const home_calendar>(std::move(*calendar)));
  return serve_home(*settings, parts, config_file);
}

} // namespace habitd
