#include "measure.hpp"

#include "actors/detector/time_of_day/finding.hpp"
#include "redrawn_lengths.hpp"
#include "tools/simulator/nulls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <limits>
#include <mutex>
#include <set>
#include <thread>

namespace habitd::quality {

namespace {

using make_null = std::vector<home_day> (*)(std::vector<home_day>, const home_calendar&,
                                            std::uint64_t);

struct null_kind {
  const char* name;
  make_null make;
  std::vector<std::string> for_detectors; // those that must be silent on it (E13)
};

const std::vector<null_kind> null_kinds{
  {"N1", rotate_days, {"time_of_day", "co_occurrence"}},
  {"N2", shuffle_days_apart, {"co_occurrence"}},
  {"N4", redraw_days, {"time_of_day"}},
  {"lengths redrawn", redraw_lengths, {"duration"}},
};

struct real_log {
  const char* file; // in the data directory's events/
  const char* zone;
};

constexpr real_log real_logs[] = {{"aras_house_a.raw.tar.zst", "Europe/Istanbul"},
                                  {"home_budapest_a2.raw.tar.zst", "Europe/Budapest"},
                                  {"kasteren_house_a.raw.tar.zst", "Europe/Amsterdam"},
                                  {"mit_subject1.raw.tar.zst", "America/New_York"},
                                  {"ordonez_a.raw.tar.zst", "Europe/Madrid"}};

template <class T>
bool contains(const std::vector<T>& values, const T& value) {
  return std::ranges::find(values, value) != values.end();
}

std::string text_of(const pattern& found) {
  std::string text = found.detector + ":";
  for (std::size_t i = 0; i < found.entities.size(); ++i)
    text +=
      fmt::format(" {} {}", found.entities[i], found.turns[i] == turn::on ? "on" : "off");
  if (const auto clock = clock_finding_of(found))
    text += fmt::format(" at {:02}:{:02}", clock->time / 3600, clock->time / 60 % 60);
  return text + fmt::format(", {} of {}, q {:.2g}", found.support, found.trials, found.q);
}

std::string text_of(const planted_truth& truth) {
  auto text = truth.id + ":";
  for (const auto& entity : truth.entities)
    text += " " + entity;
  for (const auto length : truth.lengths)
    text += fmt::format(" {:.0f} s", length);
  if (truth.kind == truth_kind::duration)
    return text + fmt::format(", sigma {:.2f}", truth.length_sigma);
  if (truth.kind == truth_kind::trigger)
    return text + fmt::format(", probability {:.2f}, lag {:.0f} s", truth.probability,
                              truth.lag_median);
  return text +
         fmt::format(" {} at {:02}:{:02}, sd {:.0f} min, adherence {:.2f}, {} weekdays",
                     truth.turns[0] == turn::on ? "on" : "off", truth.time / 3600,
                     truth.time / 60 % 60, truth.sd_minutes, truth.adherence,
                     truth.weekdays.size());
}

std::string weekdays_text(const planted_truth& truth) {
  if (truth.kind == truth_kind::duration)
    return truth.lengths.size() == 1 ? "one length" : "two lengths";
  return truth.weekdays.size() == 5   ? "workdays"
         : truth.weekdays.size() == 2 ? "weekends"
                                      : "every day";
}

/// Adds what is wrong with a home's publications to the result, and what was found when.
void note_details(detector_result& result, const detector& what, const home_truth& truth,
                  const std::vector<pattern>& patterns, int length) {
  const auto place = fmt::format("home {}, day {}: ", truth.options.seed, length);
  const auto judged = judge(truth, patterns, truth.options.first_date + (length - 1));
  std::map<std::size_t, pattern_status> seen;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const bool published = patterns[i].status == pattern_status::confirmed;
    if (judged[i].says == verdict::wrong && published)
      result.wrong.push_back(place + text_of(patterns[i]));
    if (judged[i].truth && (published || !seen.contains(*judged[i].truth)))
      seen[*judged[i].truth] = patterns[i].status;
  }
  for (std::size_t i = 0; i < truth.planted.size(); ++i) {
    const auto& planted = truth.planted[i];
    if (std::string_view{what.name} != detector_for(planted.kind))
      continue;
    const auto status = seen.find(i);
    const bool found =
      status != seen.end() && status->second == pattern_status::confirmed;
    auto& share = result.by_weekdays[length][weekdays_text(planted)];
    ++share.all;
    share.found += found;
    if (!found)
      result.missed.push_back(place + text_of(planted) +
                              (status == seen.end() ? ", not seen"
                               : status->second == pattern_status::candidate
                                 ? ", a candidate"
                                 : ", retired"));
  }
}

/// Measures homes on several threads; each home's numbers depend on its seed alone, and sums
/// don't depend on the order, so neither does the result.
class bench {
public:
  explicit bench(const bench_options& options) : options_{options} {
    for (const auto& each : all_detectors())
      if (options.only.empty() || contains(options.only, std::string{each.name}))
        detectors_.push_back(each);
  }

  bench_result run();

private:
  simulation_options home_options(std::uint64_t number, int days) const;
  void in_parallel(int count, const std::function<error(int)>& work);
  error measure_home(int number);
  error measure_truth(const detector& what, const simulated_home& home,
                      const cleaned_home& cleaned);
  error measure_null_home(int number);
  error measure_nulls(const cleaned_home& home, std::uint64_t seed,
                      const std::string& suffix);
  void measure_real_logs();

  const bench_options& options_;
  std::vector<detector> detectors_;
  std::mutex mutex_;
  bench_result result_;
};

simulation_options bench::home_options(std::uint64_t number, int days) const {
  simulation_options home;
  home.seed = options_.seed * 1'000'003 + number;
  home.days = days;
  home.first_date = {20'514 + static_cast<int>(number % 300)}; // all seasons
  home.entities = 70;
  home.events_per_day = 2500; // numbers are no habits; enough to be seen all day
  home.habits.workday_share = options_.workday_share;
  home.habits.durations = 3;
  home.habits.programmes = 1;
  home.entities += 4;
  home.distractors.together = options_.together;
  if (options_.wide) {
    home.habits.clock_sd = {2, 20};
    home.habits.clock_adherence = {0.5, 0.95};
    home.habits.trigger_probability = {0.4, 0.95};
    home.habits.weekend_share = 0.15;
  }
  return home;
}

void bench::in_parallel(int count, const std::function<error(int)>& work) {
  std::atomic<int> next = 0;
  const auto loop = [&] {
    for (int number = next++; number < count; number = next++)
      if (const auto err = work(number)) {
        const std::lock_guard lock{mutex_};
        result_.failed.push_back(fmt::format("home {}: {}", number, describe(err)));
      }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < options_.threads; ++i)
    threads.emplace_back(loop);
  for (auto& thread : threads)
    thread.join();
}

error bench::measure_truth(const detector& what, const simulated_home& home,
                           const cleaned_home& cleaned) {
  const auto& truth = home.truth();
  const auto first = truth.options.first_date;
  publication_log log{truth};
  std::map<int, std::vector<pattern>> at;
  if (auto err = replay(what, cleaned, cleaned.days, options_.lengths,
                        [&](local_day last, const std::vector<pattern>& patterns) {
                          log.note(last, patterns);
                          if (contains(options_.lengths, last - first + 1))
                            at[last - first + 1] = patterns;
                        }))
    return err;

  const std::lock_guard lock{mutex_};
  auto& result = result_.detectors[what.name];
  for (const auto& [length, patterns] : at) {
    const auto last = first + (length - 1);
    auto score = score_home(truth, patterns, last, &log)[what.name];
    auto unpublished = std::ranges::count_if(truth.planted, [&](const auto& each) {
      return detector_for(each.kind) == std::string_view{what.name};
    });
    unpublished -= static_cast<std::ptrdiff_t>(score.days_to_publish.size());
    score.days_to_publish.insert(score.days_to_publish.end(),
                                 static_cast<std::size_t>(unpublished),
                                 std::numeric_limits<double>::infinity());
    result.by_length[length] += score;
    note_details(result, what, truth, patterns, length);
  }
  return {};
}

error bench::measure_home(int number) {
  const auto home = simulate_home(
    home_options(static_cast<std::uint64_t>(number), options_.lengths.back()));
  if (!home)
    return home.error();
  const auto cleaned = clean_home(*home);
  if (!cleaned)
    return cleaned.error();
  for (const auto& what : detectors_)
    if (auto err = measure_truth(what, *home, *cleaned))
      return err;
  return {};
}

error bench::measure_nulls(const cleaned_home& home, std::uint64_t seed,
                           const std::string& suffix) {
  for (const auto& kind : null_kinds) {
    std::vector<home_day> days;
    for (const auto& what : detectors_) {
      if (!contains(kind.for_detectors, std::string{what.name}))
        continue;
      if (days.empty())
        days = kind.make(home.days, home.calendar, seed);
      std::set<std::string> published;
      std::vector<std::string> texts;
      if (auto err = replay(what, home, days, {static_cast<int>(days.size())},
                            [&](local_day, const std::vector<pattern>& patterns) {
                              for (const auto& each : patterns)
                                if (each.status == pattern_status::confirmed &&
                                    published.insert(each.id).second)
                                  texts.push_back(text_of(each));
                            }))
        return err;
      const std::lock_guard lock{mutex_};
      auto& result = result_.detectors[what.name];
      auto& score = result.nulls[kind.name + suffix];
      score.published += static_cast<int>(published.size());
      score.months += static_cast<double>(days.size()) / 30;
      for (const auto& text : texts)
        result.wrong.push_back(
          fmt::format("{}{}, seed {}: {}", kind.name, suffix, seed, text));
    }
  }
  return {};
}

error bench::measure_null_home(int number) {
  // Numbers of their own, so that no null is made of a home that was measured.
  const auto options =
    home_options(1'000'000 + static_cast<std::uint64_t>(number), options_.null_days);
  const auto home = simulate_home(options);
  if (!home)
    return home.error();
  const auto cleaned = clean_home(*home);
  if (!cleaned)
    return cleaned.error();
  return measure_nulls(*cleaned, options.seed, "");
}

void bench::measure_real_logs() {
  for (const auto& log : real_logs) {
    const auto file = std::filesystem::path{options_.data} / "events" / log.file;
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) {
      result_.skipped.push_back(fmt::format("{}: no such file", log.file));
      continue;
    }
    const auto home = clean_log(file, log.zone);
    if (!home) {
      result_.failed.push_back(fmt::format("{}: {}", log.file, describe(home.error())));
      continue;
    }
    in_parallel(options_.shuffles, [&](int number) {
      return measure_nulls(*home, options_.seed * 1000 + static_cast<unsigned>(number),
                           " real logs");
    });
  }
}

bench_result bench::run() {
  in_parallel(options_.homes, [&](int number) { return measure_home(number); });
  in_parallel(options_.nulls, [&](int number) { return measure_null_home(number); });
  if (options_.shuffles > 0)
    measure_real_logs();
  for (auto& [name, result] : result_.detectors) {
    std::ranges::sort(result.wrong);
    std::ranges::sort(result.missed);
  }
  return std::move(result_);
}

} // namespace

bench_result measure(const bench_options& options) {
  return bench{options}.run();
}

} // namespace habitd::quality
