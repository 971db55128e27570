#include "actors/runtime/fault_point.hpp"
#include "actors/runtime/thrown_error.hpp"
#include "tools/habitd/analyze.hpp"
#include "tools/habitd/analyze_command.hpp"
#include "tools/habitd/digest_command.hpp"
#include "tools/habitd/exit_code.hpp"
#include "tools/habitd/exit_on_terminate.hpp"
#include "tools/habitd/jobs_command.hpp"
#include "tools/habitd/log_setup.hpp"
#include "tools/habitd/run_command.hpp"
#include "tools/habitd/serve.hpp"
#include "tools/habitd/simulate_command.hpp"
#include "tools/habitd/standards_command.hpp"
#include "tools/habitd/version.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <malloc.h>

namespace {

using namespace habitd;

int run_command(int argc, char** argv) {
  CLI::App app{"habitd finds the habits of a home and proposes automations."};
  app.require_subcommand(1);
  app.set_version_flag("--version", version);
  bool verbose = false;
  app.add_flag("-v,--verbose", verbose, "Log what happens");
  std::vector<command> commands{add_analyze(app),  add_try(app),    add_simulate(app),
                                add_jobs(app),     add_digest(app), add_run(app),
                                add_standards(app)};
  for (auto& more : add_config(app))
    commands.push_back(std::move(more));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    const auto code = app.exit(wrong);
    return code == 0 ? exit_ok : exit_usage;
  }
  spdlog::set_level(verbose ? spdlog::level::debug : spdlog::level::warn);
  const auto asked =
    std::find_if(commands.begin(), commands.end(),
                 [](const command& one) { return one.parser->parsed(); });
  return asked->run();
}

} // namespace

int main(int argc, char** argv) {
  // One heap for all threads: an arena each costs 20 MB at the peak of a busy day, and the
  // threads here seldom allocate at the same time.
  mallopt(M_ARENA_MAX, 1);
  habitd::exit_on_terminate();
  habitd::block_stop_signals(); // before anything starts threads
  log_to_stderr();
  try {
    if (const char* plan = std::getenv("HABITD_FAULTS")) // for tests; not in any config
      if (const auto wrong = plan_faults(plan))
        return fail(wrong);
    return run_command(argc, argv);
  } catch (...) {
    return fail(error_of(std::current_exception()));
  }
}
