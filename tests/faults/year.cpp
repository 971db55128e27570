#include "tests/faults/scenario.hpp"
#include "tests/faults/simulated_year.hpp"

#include <fmt/format.h>

#include <sys/resource.h>

namespace habitd::faults {

namespace {

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// kB a month, of the later months: the first third is left out, since a store fills.
double slope(const std::vector<double>& months) {
  const auto first = months.size() / 3;
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (auto i = first; i < months.size(); ++i) {
    const auto at = static_cast<double>(i);
    n += 1;
    x += at;
    y += months[i];
    xx += at * at;
    xy += at * months[i];
  }
  const auto spread = n * xx - x * x;
  return spread == 0 ? 0 : (n * xy - x * y) / spread;
}

/// A real habitd begins with nothing after each end, so what counts is what it has allocated
/// itself: the difference to the moment it was down.
void print_memory(const std::vector<memory_sample>& months) {
  std::vector<double> resident, allocated, own;
  std::string line;
  for (const auto& month : months) {
    resident.push_back(month.resident);
    allocated.push_back(month.allocated);
    if (month.without > 0)
      own.push_back(month.allocated - month.without);
    line += fmt::format(" {:.0f}", month.resident);
  }
  fmt::print(
    "  resident without the disk in memory, kB each 30 days:{}; slope {:+.1f} kB "
    "a month resident, {:+.1f} allocated",
    line, slope(resident), slope(allocated));
  if (own.size() > 3)
    fmt::print(", {:+.1f} of it by habitd itself", slope(own));
  fmt::print("\n");
}

void print_year(const std::string& name, const year_outcome& year, double cpu) {
  std::string faults;
  for (std::size_t i = 0; i < disturbances; ++i)
    faults += year.count[i] == 0
                ? ""
                : fmt::format(" {} x {},", year.count[i], disturbance_names[i]);
  fmt::print("year: {}: {:.2f} CPU-s, {} jobs, {} steps,{} {} throws, digest {:016x}{}\n",
             name, cpu, year.jobs, year.steps, faults, year.thrown, year.digest,
             year.wrong.empty() ? "" : ", VIOLATED: " + year.wrong);
}

} // namespace

bool year(const repetition& times) {
  const year_home home{1};
  const auto days = static_cast<int>(times.days);
  const auto run = [&](const std::string& name, std::uint64_t seed, bool disturbed) {
    const auto before = cpu_seconds();
    auto result = simulated_year{home, {days, disturbed}, seed}.run();
    print_year(name, result, cpu_seconds() - before);
    if (times.count <= 5)
      print_memory(result.months);
    std::fflush(stdout);
    return result;
  };
  const auto undisturbed = run("undisturbed", times.seed, false);
  if (!undisturbed.wrong.empty())
    return false;
  std::uint64_t violations = 0, faults = 0;
  const auto before = cpu_seconds();
  for (auto seed = times.seed; seed < times.seed + times.count; ++seed) {
    auto result = run(fmt::format("seed {}", seed), seed, true);
    if (const auto differ = difference(undisturbed.found, result.found);
        result.wrong.empty() && !differ.empty()) {
      result.wrong = "ends with other " + differ + " than an undisturbed year";
      fmt::print("year: seed {}: {}\n", seed, result.wrong);
    }
    violations += result.wrong.empty() ? 0 : 1;
    for (const auto number : result.count)
      faults += number;
    faults += result.thrown;
    if (!times.repeat)
      continue;
    const auto again = run(fmt::format("seed {} again", seed), seed, true);
    if (again.digest != result.digest) {
      ++violations;
      fmt::print("year: seed {}: another digest the second time\n", seed);
    }
  }
  fmt::print(
    "year: {} homes, {} days each, {} faults, {:.2f} CPU-s a home, {} violations\n",
    times.count, days, faults,
    (cpu_seconds() - before) / static_cast<double>(times.count), violations);
  return violations == 0;
}

} // namespace habitd::faults
