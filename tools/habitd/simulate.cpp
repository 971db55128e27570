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
  for (const auto& write : {write_ndjson(*home, events), write_recorder(*home, recorder),
                            write_truth(home->truth(), truth)})
    if (write)
      return fail(write);
  fmt::print("{} days of {} entities with {} habits, seed {}:\n  {}\n  {}\n  {}\n",
             request.options.days, home->entities().size(), home->truth().planted.size(),
             request.options.seed, events.string(), recorder.string(), truth.string());
  return exit_ok;
}

} // namespace habitd
