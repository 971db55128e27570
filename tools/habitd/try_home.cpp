#include "tools/habitd/daemon.hpp"

#include "actors/runtime/system_clock.hpp"
#include "tools/habitd/exit_code.hpp"
#include "tools/habitd/exit_on_signal.hpp"
#include "tools/habitd/file_home.hpp"
#include "tools/habitd/job_routes.hpp"
#include "tools/habitd/scratch_directory.hpp"
#include "tools/habitd/serve.hpp"
#include "tools/simulator/writers.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <unistd.h>

namespace habitd {

namespace {

/// A home of the simulator's, written as the database that Home Assistant would have.
error write_demo(const std::filesystem::path& file) {
  simulation_options options;
  options.days = 42;
  options.entities = 60;
  options.events_per_day = 4'000;
  return write_recorder(options, file);
}

expected<std::unique_ptr<server>> serve(file_home& home, int port) {
  server_options options;
  options.port = static_cast<std::uint16_t>(port);
  const auto clock = std::make_shared<system_wall_clock>();
  auto& system = home.system();
  auto routes = admin_routes({&system.system(), system.analysis(), home.store(), clock,
                              clock->now(), system.board()});
  for (auto& route :
       job_routes(system.system(), home.store(), system.analysis(), scheduler_actor{}))
    routes.push_back(std::move(route));
  return server::start(options, std::move(routes));
}

int keep_serving(file_home& home, int port) {
  auto listening = serve(home, port);
  if (!listening)
    return fail(listening.error());
  fmt::print("Serving on http://127.0.0.1:{}/ until Ctrl-C: try /health, "
             "/api/v1/patterns, /api/v1/suggestions\n",
             (*listening)->port());
  std::fflush(stdout);
  const auto stopped = wait_for_stop(home.system().system(), home.system().supervisors());
  (*listening)->stop();
  return stopped.signal != 0 ? exit_ok : fail(stopped.gave_up);
}

} // namespace

int try_home(const try_request& request) {
  auto scratch = scratch_directory::make();
  if (!scratch)
    return fail(scratch.error());
  std::optional<exit_on_signal> stop{std::in_place, scratch->path()};
  auto wanted = request.analyze;
  if (request.demo) {
    wanted.file = scratch->path() / "demo_home.db";
    if (wanted.time_zone.empty())
      wanted.time_zone = simulation_options{}.time_zone;
    fmt::print("A demo home, simulated: six weeks of 60 entities.\n");
    std::fflush(stdout);
    if (const auto failed = write_demo(wanted.file))
      return fail(failed);
  }
  auto home = file_home::open(wanted, scratch->path() / "state");
  if (!home)
    return fail(home.error());
  const auto all = home->analyze(isatty(STDERR_FILENO) != 0);
  if (!all)
    return fail(all.error());
  const int code = print_findings(*all, wanted.json);
  stop.reset(); // from here on, stopping is orderly
  return request.once || code != exit_ok ? code : keep_serving(*home, request.port);
}

} // namespace habitd
