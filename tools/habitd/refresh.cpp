#include "tools/habitd/corpus.hpp"

#include "actors/community/corpus_json.hpp"
#include "actors/community/refresh.hpp"
#include "actors/runtime/random_uuid.hpp"
#include "actors/runtime/system_clock.hpp"
#include "config/config.hpp"
#include "storage/job_ids.hpp"
#include "tools/habitd/analyze.hpp"
#include "tools/habitd/corpus_text.hpp"
#include "tools/habitd/daemon_client.hpp"
#include "tools/habitd/exit_code.hpp"
#include "tools/habitd/scratch_directory.hpp"
#include "tools/habitd/store_of.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <unistd.h>

namespace habitd {

namespace {

/// Midnight, UTC, of a date; zero for none.
expected<wall_time> since_of(const std::string& date) {
  if (date.empty())
    return wall_time{};
  const auto day = parse_date(date);
  if (!day)
    return day.error();
  return wall_time{std::chrono::days{day->number}};
}

expected<refresh_facts> gather(const std::vector<std::string>& from, wall_time since,
                               bool quiet) {
  refresh_facts facts;
  const bool shows = !quiet && isatty(STDERR_FILENO) != 0;
  for (const auto& path : from) {
    const auto tell = [&](std::size_t topics) {
      if (shows && topics % 50 == 0)
        fmt::print(stderr, "\r{} files read", topics);
    };
    if (auto failed = gather_files(facts, path, since, tell))
      return failed;
  }
  if (shows)
    fmt::print(stderr, "\r\x1b[K");
  return facts;
}

/// A dry run leaves no trace: where there is no store yet, it plans for an empty one that goes
/// with `scratch`.
expected<std::shared_ptr<home_store>>
store_for(const refresh_request& request, config settings,
          std::optional<scratch_directory>& scratch) {
  if (!request.dry_run)
    return open_store(settings);
  auto store = open_store_to_read(settings);
  if (store || code_of(store.error()) != ec::not_found)
    return store;
  auto made = scratch_directory::make();
  if (!made)
    return made.error();
  scratch.emplace(std::move(*made));
  settings.storage.directory = scratch->path();
  return open_store(settings);
}

/// Commits what was planned.
error commit(home_store& store, const corpus_plan& plan, wall_time started) {
  const system_wall_clock clock;
  const auto job = next_job_id(*store.db, clock.now());
  if (!job)
    return job.error();
  batch changes;
  if (auto failed =
        stage_plan(changes, store, plan, {*job, random_uuid(), started, clock.now(), {}}))
    return failed;
  return store.db->write(std::move(changes));
}

void print_plan(const refresh_request& request, const corpus_plan& plan,
                const std::vector<parse_failure>& failures) {
  if (request.json)
    fmt::print("{}\n", to_json(plan, failures));
  else
    fmt::print("{}", plan_text(plan, failures, request.dry_run));
}

int refresh_store(const refresh_request& request, const config& settings,
                  const std::vector<std::string>& from) {
  const auto since = since_of(request.since);
  if (!since)
    return fail(since.error());
  const auto started = system_wall_clock{}.now();
  auto facts = gather(from, *since, request.quiet);
  if (!facts)
    return fail(facts.error());
  std::optional<scratch_directory> scratch;
  const auto store = store_for(request, settings, scratch);
  if (!store)
    return fail(store.error());
  const auto failures = facts->failures;
  auto plan =
    plan_next(**store, std::move(*facts), rules_of(settings.community), started);
  if (!plan)
    return fail(plan.error());
  if (!request.dry_run)
    if (const auto failed = commit(**store, *plan, started))
      return fail(failed);
  print_plan(request, *plan, failures);
  return exit_ok;
}

/// Begins a refresh in a running daemon. @returns  nothing if none answers.
std::optional<int> refresh_by_daemon(const refresh_request& request,
                                     const config& settings) {
  auto daemon = daemon_client::make(url_of(settings.http), settings.http.token);
  if (!daemon)
    return fail(daemon.error());
  const auto answer = daemon->ask("POST", "/api/v1/refresh");
  if (!answer)
    return code_of(answer.error()) == ec::unavailable
             ? std::nullopt
             : std::optional{fail(answer.error())};
  const auto body = body_of(*answer, daemon->url());
  if (!body)
    return fail(body.error());
  if (request.json)
    fmt::print("{}\n", *body);
  else
    fmt::print("a refresh has begun: `habitd jobs` shows how it goes\n");
  return exit_ok;
}

} // namespace

int refresh(const refresh_request& request) {
  const auto settings = settings_of(request.config_file);
  if (!settings)
    return fail(settings.error());
  if (request.from.empty() && request.since.empty() && !request.dry_run)
    if (const auto done = refresh_by_daemon(request, *settings))
      return *done;
  auto from = request.from;
  if (from.empty())
    from = settings->community.files;
  if (from.empty())
    return fail(make_error(ec::invalid_input,
                           "nothing to read: name a folder or archive, or set "
                           "community.files"));
  return refresh_store(request, *settings, from);
}

} // namespace habitd
