// Measures how well detectors find planted habits, and how often they see habits where there
// are none; compares with the bars that a release has to meet.

#include "measure.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace habitd::quality {

namespace {

/// What a release has to reach (detectors.md E13).
struct bars {
  const char* detector;
  double recall;          // at 30 days
  double precision;       // at every length
  double null_per_month;  // at most
  double days_to_publish; // median, at most
};

constexpr bars all_bars[] = {{"time_of_day", 0.95, 0.97, 0.05, 21},
                             {"co_occurrence", 0.95, 0.97, 0.05, 14},
                             {"duration", 0.85, 0.95, 0.02, 21}};

constexpr int bar_length = 30; // days

/// Prints measured values beside their bars, and remembers if one was missed.
class report {
public:
  explicit report(bool with_bars) : with_bars_{with_bars} {}

  void at_least(const std::string& what, double value, double bar) {
    line(what, value, ">=", bar, value >= bar);
  }
  void at_most(const std::string& what, double value, double bar) {
    line(what, value, "<=", bar, value <= bar);
  }
  void plain(const std::string& what, double value) {
    fmt::print("  {:<44} {:>8.3f}\n", what, value);
  }
  bool missed() const { return missed_; }

private:
  void line(const std::string& what, double value, const char* side, double bar,
            bool met) {
    if (!with_bars_)
      return plain(what, value);
    fmt::print("  {:<44} {:>8.3f}  {} {:<6.3g} {}\n", what, value, side, bar,
               met ? "met" : "MISSED");
    missed_ = missed_ || !met;
  }

  bool with_bars_;
  bool missed_ = false;
};

/// Of n sure publications a share of 5 % may be wrong, give or take two standard errors.
double calibration_bar(int sure) {
  return 0.05 + 2 * std::sqrt(0.05 * 0.95 / std::max(sure, 1));
}

void print_length(report& out, int length, const detector_score& score, const bars& bar) {
  const auto at = fmt::format(" at {} days", length);
  if (length == bar_length)
    out.at_least("recall" + at, score.recall(), bar.recall);
  else
    out.plain("recall" + at, score.recall());
  out.at_least("precision" + at, score.precision(), bar.precision);
  out.plain("F1" + at, score.f1());
  fmt::print("  {:<44} {} right, {} wrong, {} missed, {} neutral\n", "", score.right,
             score.wrong, score.missed, score.neutral);
}

void print_weekdays(report& out, int length,
                    const std::map<std::string, found_share>& shares) {
  if (shares.size() > 1)
    for (const auto& [weekdays, share] : shares)
      out.plain(fmt::format("recall at {} days, {} ({})", length, weekdays, share.all),
                share.found / static_cast<double>(share.all));
}

void print_detector(report& out, const bars& bar, const detector_result& result) {
  fmt::print("{}\n", bar.detector);
  for (const auto& [length, score] : result.by_length) {
    print_length(out, length, score, bar);
    if (const auto shares = result.by_weekdays.find(length);
        shares != result.by_weekdays.end())
      print_weekdays(out, length, shares->second);
  }
  if (!result.by_length.empty()) {
    const auto& longest = result.by_length.rbegin()->second;
    out.at_most("days to first publication, median",
                quantile(longest.days_to_publish, 0.5), bar.days_to_publish);
    out.plain("days to first publication, p90", quantile(longest.days_to_publish, 0.9));
    if (!longest.centre_errors.empty())
      out.plain("centre error, median, minutes", quantile(longest.centre_errors, 0.5));
    const auto wrong =
      longest.sure_wrong / static_cast<double>(std::max(longest.sure, 1));
    out.at_most("wrong among q <= 0.05", wrong, calibration_bar(longest.sure));
  }
  for (const auto& [name, score] : result.nulls) {
    out.at_most(fmt::format("{}: published per home-month", name), score.per_month(),
                bar.null_per_month);
    fmt::print("  {:<44} {} in {:.0f} home-months\n", "", score.published, score.months);
  }
  fmt::print("\n");
}

void print_texts(const char* kind, const std::vector<std::string>& texts,
                 std::size_t shown) {
  for (std::size_t i = 0; i < std::min(texts.size(), shown); ++i)
    fmt::print("  {}: {}\n", kind, texts[i]);
}

int print(const bench_options& options, const bench_result& result, std::size_t shown) {
  report out{!options.wide};
  for (const auto& bar : all_bars)
    if (const auto found = result.detectors.find(bar.detector);
        found != result.detectors.end()) {
      print_detector(out, bar, found->second);
      print_texts("wrong", found->second.wrong, shown);
      print_texts("missed", found->second.missed, shown);
    }
  for (const auto& text : result.skipped)
    fmt::print("skipped: {}\n", text);
  for (const auto& text : result.failed)
    fmt::print("FAILED: {}\n", text);
  return out.missed() || !result.failed.empty() ? 1 : 0;
}

int run(int argc, char** argv) {
  bench_options options;
  options.data = HABITD_SHARED_DATA;
  std::size_t shown = 0;
  CLI::App app{"Measures detectors on simulated homes with known habits and on homes "
               "without; exit code 1 if a bar is missed"};
  app.add_option("--homes", options.homes, "homes with habits");
  app.add_option("--days", options.lengths, "lengths of history to score at")
    ->delimiter(',');
  app.add_option("--nulls", options.nulls, "homes without habits, of each kind");
  app.add_option("--null-days", options.null_days, "length of their history");
  app.add_option("--shuffles", options.shuffles, "of each real log, of each kind");
  app.add_option("--seed", options.seed, "another seed gives other homes");
  app.add_option("--only", options.only, "detectors by name")->delimiter(',');
  app.add_option("--threads", options.threads, "homes measured at the same time");
  app.add_option("--data", options.data, "directory of real logs");
  app.add_option("--show", shown, "list so many wrong and missed patterns");
  app.add_option("--workday-share", options.workday_share,
                 "of clock habits: Monday to Friday only");
  app.add_option("--together", options.together,
                 "share of noise that happens all over the home at once");
  app.add_flag("--wide", options.wide, "habits of the whole range, without bars");
  CLI11_PARSE(app, argc, argv);
  std::ranges::sort(options.lengths);
  if (options.lengths.empty() || options.lengths.front() < 1 || options.threads < 1)
    return app.exit(CLI::ValidationError{"--days and --threads must be positive"});
  return print(options, measure(options), shown);
}

} // namespace

} // namespace habitd::quality

int main(int argc, char** argv) {
  return habitd::quality::run(argc, argv);
}
