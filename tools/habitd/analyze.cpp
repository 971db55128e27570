#include "tools/habitd/analyze.hpp"

#include "tools/habitd/exit_code.hpp"
#include "tools/habitd/exit_on_signal.hpp"
#include "tools/habitd/file_home.hpp"
#include "tools/habitd/scratch_directory.hpp"
#include "tools/habitd/usage.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <unistd.h>

namespace habitd {

namespace {

expected<findings> analyze_in(const analyze_request& request,
                              const std::filesystem::path& directory) {
  auto home = file_home::open(request, directory);
  if (!home)
    return home.error();
  return home->analyze(!request.quiet && !request.json && isatty(STDERR_FILENO) != 0);
}

} // namespace

int fail(const error& reason) {
  fmt::print(stderr, "habitd: {}\n", describe(reason));
  return exit_code_of(reason);
}

int print_findings(const findings& all, bool json) {
  if (json)
    fmt::print("{}", findings_json(all));
  else
    fmt::print("{}", findings_text(all, isatty(STDOUT_FILENO) != 0));
  std::fflush(stdout);
  if (all.job.outcome == job_outcome::ok)
    return exit_ok;
  fmt::print(stderr, "habitd: {}\n", all.job.problem);
  return exit_partial;
}

int analyze(const analyze_request& request) {
  const usage_meter meter;
  std::optional<scratch_directory> scratch;
  if (request.state_dir.empty()) {
    auto made = scratch_directory::make();
    if (!made)
      return fail(made.error());
    scratch.emplace(std::move(*made));
  }
  const exit_on_signal stop{scratch ? scratch->path() : std::filesystem::path{}};
  auto all = analyze_in(request, scratch ? scratch->path() : request.state_dir);
  if (!all)
    return fail(all.error());
  meter.read(*all);
  return print_findings(*all, request.json);
}

} // namespace habitd
