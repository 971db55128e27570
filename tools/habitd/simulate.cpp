#include "tools/habitd/simulate.hpp"

#include "tools/habitd/analyze.hpp"
#include "tools/habitd/exit_code.hpp"
#include "tools/simulator/writers.hpp"

#include <fmt/format.h>

namespace habitd {

int simulate(const simulate_request& request) {
  std::error_code failed;
  std::filesystem::create_directories(request.directory, failed);
  if (failed)
    return fail(make_error(ec::unavailable, "make " + request.directory.string(),
                           failed.message()));
  const auto home = simulate_home(request.options);
  if (!home)
    return fail(home.error());
  const auto recorder = request.directory / "home-assistant_v2.db";
  const auto events = request.directory / "events.ndjson";
  const auto truth = request.directory / "truth.json";
  if (!request.recorder_only)
    if (auto problem = write_ndjson(*home, events))
      return fail(problem);
  if (auto problem = write_recorder(*home, recorder))
    return fail(problem);
  if (auto problem = write_truth(home->truth(), truth))
    return fail(problem);
  fmt::print("{} days of {} entities with {} habits, seed {}, in {}\n",
             request.options.days, home->entities().size(), home->truth().planted.size(),
             request.options.seed, request.directory.string());
  return exit_ok;
}

} // namespace habitd
