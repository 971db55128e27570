#include "tools/habitd/simulate_command.hpp"

#include "messages/time_text.hpp"
#include "tools/habitd/analyze.hpp"
#include "tools/habitd/simulate.hpp"

#include <CLI/CLI.hpp>

namespace habitd {

command add_simulate(CLI::App& app) {
  struct asked {
    simulate_request request;
    std::string first;
  };
  const auto kept = std::make_shared<asked>();
  auto& [request, first] = *kept;
  auto* parser = app.add_subcommand("simulate", "Write a home with known habits");
  auto& options = request.options;
  parser->add_option("directory", request.directory, "Where to write")->required();
  parser->add_option("--seed", options.seed, "Same seed, same home");
  parser->add_option("--days", options.days, "How many")->check(CLI::Range(1, 3'650));
  parser->add_option("--first-date", first, "First day, like 2026-03-02");
  parser->add_option("--time-zone", options.time_zone, "IANA zone of the home");
  parser->add_option("--entities", options.entities, "How many");
  parser->add_option("--events-per-day", options.events_per_day,
                     "Rows of numeric sensors, all together");
  parser->add_option("--clock-habits", options.habits.clock, "Things done at a time");
  parser->add_option("--triggers", options.habits.triggers,
                     "Things done after another thing");
  parser->add_option("--noise-entities", options.distractors.noise,
                     "Things done at random, morning and evening");
  parser->add_option("--noise-per-day", options.distractors.noise_per_day.high,
                     "How often each of them is done, at most");
  parser->add_flag("--recorder-only", request.recorder_only, "Write no events.ndjson");
  return {parser, [kept] {
            if (!kept->first.empty()) {
              const auto date = parse_date(kept->first);
              if (!date)
                return fail(date.error());
              kept->request.options.first_date = *date;
            }
            return simulate(kept->request);
          }};
}

} // namespace habitd
