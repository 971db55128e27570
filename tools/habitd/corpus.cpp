#include "tools/habitd/corpus.hpp"

#include "actors/community/corpus_json.hpp"
#include "actors/community/judge.hpp"
#include "actors/community/refresh.hpp"
#include "actors/runtime/random_uuid.hpp"
#include "actors/runtime/system_clock.hpp"
#include "storage/corpus_records.hpp"
#include "storage/job_ids.hpp"
#include "tools/habitd/analyze.hpp"
#include "tools/habitd/corpus_questions.hpp"
#include "tools/habitd/corpus_text.hpp"
#include "tools/habitd/daemon_client.hpp"
#include "tools/habitd/exit_code.hpp"
#include "tools/habitd/store_of.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace habitd {

namespace {

using content = std::shared_ptr<corpus_view::content>;

int print(bool json, const std::string& as_json, const std::string& as_text) {
  if (json)
    fmt::print("{}\n", as_json);
  else
    fmt::print("{}", as_text);
  return exit_ok;
}

int search(const corpus_request& request, const content& of) {
  corpus_query query;
  query.text = request.text;
  query.domain = request.domain;
  query.device_class = request.device_class;
  query.integration = request.integration;
  query.least_quality = request.least_quality;
  query.blueprints_only = request.blueprints_only;
  query.trending_only = request.trending_only;
  query.runnable_only = request.runnable_only;
  query.limit = request.limit;
  if (!request.purpose.empty()) {
    query.purpose = use_case_named(request.purpose);
    if (!query.purpose)
      return fail(make_error(ec::invalid_input,
                             "use cases are energy, comfort, security, convenience"));
  }
  if (query.runnable_only && !of->index.knows_home())
    return fail(make_error(ec::invalid_input,
                           "this needs the home: give --registry DIR, or set "
                           "community.registry"));
  const auto hits = of->index.search(query);
  return print(request.json, to_json(hits, of->index.knows_home()),
               hits_text(hits, of->index.knows_home()));
}

int possibilities(const corpus_request& request, const content& of) {
  const auto kind = kind_of_entity(of->home, request.text);
  if (!kind)
    return fail(kind.error());
  const auto hits = of->index.possibilities(*kind, request.limit);
  return print(request.json, to_json(hits, of->index.knows_home()),
               hits_text(hits, of->index.knows_home()));
}

int recommend(const corpus_request& request, const content& of) {
  if (!of->index.knows_home())
    return fail(make_error(ec::invalid_input,
                           "this needs the home: give --registry DIR, or set "
                           "community.registry"));
  const auto all = of->index.recommendations(request.limit);
  return print(request.json, to_json(all, true), recommendations_text(all));
}

int show(const corpus_request& request, const home_store& store) {
  const auto entry = store.corpus.get(request.text);
  if (!entry)
    return fail(entry.error());
  if (request.yaml) {
    const auto yaml = store.corpus.yaml(request.text);
    if (!yaml)
      return fail(yaml.error());
    fmt::print("{}", *yaml);
    return exit_ok;
  }
  return print(request.json, to_json(*entry), entry_text(*entry));
}

int match(const corpus_request& request, const home_store& store, const content& of) {
  if (request.text.empty()) {
    auto all = request;
    all.runnable_only = true;
    all.blueprints_only = true;
    return search(all, of);
  }
  if (!of->index.knows_home())
    return fail(make_error(ec::invalid_input,
                           "this needs the home: give --registry DIR, or set "
                           "community.registry"));
  const auto entry = store.corpus.get(request.text);
  if (!entry)
    return fail(entry.error());
  const auto fit = match_home(entry->facts.inputs, of->home);
  return print(request.json, to_json(fit, entry->id), match_text(*entry, fit));
}

int audit(const corpus_request& request, const home_store& store) {
  const auto query = read_audit_query(request.since, request.operation, request.limit);
  if (!query)
    return fail(query.error());
  const auto rows = store.corpus.audit(*query);
  if (!rows)
    return fail(rows.error());
  return print(request.json, audit_json(*rows), audit_text(*rows));
}

int restore_here(const corpus_request& request, const config& settings) {
  const auto store = open_store(settings);
  if (!store)
    return fail(store.error());
  const auto entry =
    restore_entry(**store, request.text, random_uuid(), system_wall_clock{}.now());
  if (!entry)
    return fail(entry.error());
  return print(request.json, to_json(*entry), "restored: " + entry->title + "\n");
}

/// Through the daemon, if one answers.
int restore(const corpus_request& request, const config& settings) {
  auto daemon = daemon_client::make(url_of(settings.http), settings.http.token);
  if (!daemon)
    return fail(daemon.error());
  const auto answer =
    daemon->ask("POST", "/api/v1/corpus/" + path_segment(request.text) + "/restore");
  if (!answer)
    return code_of(answer.error()) == ec::unavailable ? restore_here(request, settings)
                                                      : fail(answer.error());
  const auto body = body_of(*answer, daemon->url());
  if (!body)
    return fail(body.error());
  return print(request.json, *body, "restored\n");
}

int import_file(const corpus_request& request, const config& settings) {
  const auto started = system_wall_clock{}.now();
  refresh_facts facts;
  if (const auto failed = read_export(facts, request.text))
    return fail(failed);
  const auto store = open_store(settings);
  if (!store)
    return fail(store.error());
  auto rules = rules_of(settings.community);
  rules.least_votes = 0; // who exported it chose them
  auto plan = plan_next(**store, std::move(facts), rules, started);
  if (!plan)
    return fail(plan.error());
  const auto job = next_job_id(*(*store)->db, started);
  if (!job)
    return fail(job.error());
  batch changes;
  if (const auto failed =
        stage_plan(changes, **store, *plan,
                   {*job, random_uuid(), started, system_wall_clock{}.now(), {}}))
    return fail(failed);
  if (const auto failed = (*store)->db->write(std::move(changes)))
    return fail(failed);
  return print(request.json, to_json(*plan, {}), plan_text(*plan, {}, false));
}

int ask_store(const corpus_request& request, const config& settings) {
  const auto store = open_store_to_read(settings);
  if (!store)
    return fail(store.error());
  switch (request.action) {
  case corpus_action::show:
    return show(request, **store);
  case corpus_action::audit:
    return audit(request, **store);
  case corpus_action::export_to:
    if (const auto failed = write_export(**store, request.text, request.yaml))
      return fail(failed);
    return exit_ok;
  default:
    break;
  }
  corpus_view view{*store, request.registry.empty() ? settings.community.registry
                                                    : request.registry};
  if (const auto failed = view.refresh())
    return fail(failed);
  const auto of = view.read();
  switch (request.action) {
  case corpus_action::match:
    return match(request, **store, of);
  case corpus_action::stats:
    return print(request.json, to_json(of->index.statistics()),
                 statistics_text(of->index.statistics()));
  case corpus_action::possibilities:
    return possibilities(request, of);
  case corpus_action::recommend:
    return recommend(request, of);
  default:
    return search(request, of);
  }
}

} // namespace

int corpus(const corpus_request& request) {
  const auto settings = settings_of(request.config_file);
  if (!settings)
    return fail(settings.error());
  if (request.action == corpus_action::restore)
    return restore(request, *settings);
  if (request.action == corpus_action::import_from)
    return import_file(request, *settings);
  return ask_store(request, *settings);
}

} // namespace habitd
