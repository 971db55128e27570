#include "tools/habitd/corpus_routes.hpp"

#include "actors/community/corpus_json.hpp"
#include "http/page.hpp"
#include "storage/corpus_records.hpp"
#include "storage/records.hpp"
#include "tools/habitd/corpus_questions.hpp"
#include "tools/habitd/route_answers.hpp"

#include <simdjson.h>

namespace habitd {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

/// What was asked, for the cache of answers.
std::string question(const http_request& request) {
  auto text = request.path;
  for (const auto& [name, value] : request.query)
    text.append(1, '\n').append(name).append(1, '=').append(value);
  return text;
}

/// `limit` of a query, from 1 to 1000.
expected<std::size_t> limit_of(const http_request& request) {
  const auto part = parse_page(request.query);
  if (!part)
    return part.error();
  return part->limit;
}

http_handler search_handler(const corpus_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const auto query = read_corpus_query(request.query);
    if (!query)
      return answer(to_problem(query.error()));
    const auto now = from.view->read();
    answer(ok(now->answers.get(question(request), [&] {
      return to_json(now->index.search(*query), now->index.knows_home());
    })));
  };
}

http_handler entry_handler(const corpus_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const auto entry = from.store->corpus.get(request.path_parameters.at("id"));
    answer(entry ? ok(to_json(*entry)) : to_problem(entry.error()));
  };
}

http_handler yaml_handler(const corpus_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const auto& id = request.path_parameters.at("id");
    const auto yaml = from.store->corpus.yaml(id);
    if (!yaml && code_of(yaml.error()) == ec::not_found)
      return answer(problem(404, "no YAML of a corpus entry with id " + id));
    if (!yaml)
      return answer(to_problem(yaml.error()));
    auto response = ok(*yaml);
    response.content_type = "text/yaml; charset=utf-8";
    answer(std::move(response));
  };
}

http_handler match_handler(const corpus_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const auto entry = from.store->corpus.get(request.path_parameters.at("id"));
    if (!entry)
      return answer(to_problem(entry.error()));
    const auto now = from.view->read();
    if (!now->index.knows_home())
      return answer(problem(409, "the home is not known: set community.registry"));
    answer(ok(to_json(match_home(entry->facts.inputs, now->home), entry->id)));
  };
}

http_handler votes_handler(const corpus_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const auto votes = from.store->corpus.votes_of(request.path_parameters.at("id"));
    if (!votes)
      return answer(to_problem(votes.error()));
    json::array items;
    for (const auto& [day, count] : *votes)
      items.push_back(json::object{{"date", format_date({day})}, {"votes", count}});
    answer(ok({{"items", std::move(items)}}));
  };
}

http_handler statistics_handler(const corpus_sources& from) {
  return [from](const http_request&, const respond& answer) {
    answer(ok(to_json(from.view->read()->index.statistics())));
  };
}

http_handler possibilities_handler(const corpus_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const auto limit = limit_of(request);
    if (!limit)
      return answer(to_problem(limit.error()));
    const auto now = from.view->read();
    const auto kind = kind_of_entity(now->home, request.path_parameters.at("entity"));
    if (!kind)
      return answer(to_problem(kind.error()));
    answer(ok(now->answers.get(question(request), [&] {
      return to_json(now->index.possibilities(*kind, *limit), now->index.knows_home());
    })));
  };
}

http_handler recommendations_handler(const corpus_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const auto limit = limit_of(request);
    if (!limit)
      return answer(to_problem(limit.error()));
    const auto now = from.view->read();
    answer(ok(now->answers.get(question(request), [&] {
      return to_json(now->index.recommendations(*limit), now->index.knows_home());
    })));
  };
}

std::string parameter(const http_request& request, const char* name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string{} : found->second;
}

http_handler audit_handler(const corpus_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const auto limit = limit_of(request);
    if (!limit)
      return answer(to_problem(limit.error()));
    const auto query = read_audit_query(parameter(request, "since"),
                                        parameter(request, "operation"), *limit);
    if (!query)
      return answer(to_problem(query.error()));
    const auto rows = from.store->corpus.audit(*query);
    answer(rows ? ok(audit_json(*rows)) : to_problem(rows.error()));
  };
}

http_handler history_handler(const corpus_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const auto limit = limit_of(request);
    if (!limit)
      return answer(to_problem(limit.error()));
    const auto runs = from.store->corpus.refreshes(*limit);
    if (!runs)
      return answer(to_problem(runs.error()));
    std::vector<std::string> items;
    for (const auto& run : *runs)
      items.push_back(to_json(run));
    answer(ok(list_body(items, std::nullopt)));
  };
}

http_handler deleted_handler(const corpus_sources& from) {
  return [from](const http_request&, const respond& answer) {
    const auto all = from.store->corpus.all_deleted();
    if (!all)
      return answer(to_problem(all.error()));
    std::vector<std::string> items;
    for (const auto& each : *all)
      items.push_back(to_json(each));
    answer(ok(list_body(items, std::nullopt)));
  };
}

http_handler restore_handler(const corpus_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const restore_deleted wanted{request.path_parameters.at("id"),
                                 request.correlation_id};
    from.system->spawn([from, wanted, answer](caf::event_based_actor* self) {
      const auto failed = [answer](const error& reason) { answer(to_problem(reason)); };
      self->request(from.pruner, 5s, wanted)
        .then(
          [self, from, answer, failed](const entry_restored& restored) {
            self->request(from.invalidator, 5s, corpus_changed{})
              .then(
                [answer, restored](const caches_dropped&) { answer(ok(restored.json)); },
                failed);
          },
          failed);
    });
  };
}

/// Another miner of the same home, or an operator's, says what it added.
http_handler miner_handler(const corpus_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    std::uint64_t added = 0;
    if (parser.parse(request.body).get(root) != simdjson::SUCCESS ||
        root["added_count"].get(added) != simdjson::SUCCESS)
      return answer(problem(400, "the body is {\"added_count\": n, \"timestamp\": …}"));
    ask_actor<caches_dropped>(*from.system, from.invalidator, miner_updated{added},
                              answer, [](const caches_dropped&) {
                                return ok({{"status", "acknowledged"}});
                              });
  };
}

http_handler refresh_handler(const corpus_sources& from) {
  return [from](const http_request&, const respond& answer) {
    ask_actor<schedule_entry>(*from.system, from.scheduler,
                              trigger_job{"refresh", "http"}, answer,
                              [](const schedule_entry&) {
                                return ok({{"status", "begun"}}, 202);
                              });
  };
}

http_handler refresh_state_handler(const corpus_sources& from) {
  return [from](const http_request&, const respond& answer) {
    ask_actor<job_status>(*from.system, from.refresh, get_job_status{}, answer,
                          [](const job_status& now) {
                            json::object body{{"running", now.running},
                                              {"phase", now.phase},
                                              {"progress", now.progress},
                                              {"job", nullptr}};
                            if (now.job)
                              body["job"] = json::parse(to_json(*now.job));
                            return ok(body);
                          });
  };
}

metric single(const char* name, const char* help, metric_kind kind, double value) {
  return {name, help, kind, {{{}, value}}, {}};
}

} // namespace

std::vector<route> corpus_routes(const corpus_sources& from) {
  return {
    {"GET", "/api/v1/corpus", scope::read, search_handler(from)},
    {"GET", "/api/v1/corpus/stats", scope::read, statistics_handler(from)},
    {"GET", "/api/v1/corpus/audit", scope::read, audit_handler(from)},
    {"GET", "/corpus/audit", scope::read, audit_handler(from)},
    {"GET", "/api/v1/corpus/history", scope::read, history_handler(from)},
    {"GET", "/api/v1/corpus/deleted", scope::read, deleted_handler(from)},
    {"GET", "/api/v1/corpus/recommendations", scope::read, recommendations_handler(from)},
    {"GET", "/api/v1/corpus/possibilities/{entity}", scope::read,
     possibilities_handler(from)},
    {"GET", "/api/v1/corpus/{id}", scope::read, entry_handler(from)},
    {"GET", "/api/v1/corpus/{id}/yaml", scope::read, yaml_handler(from)},
    {"GET", "/api/v1/corpus/{id}/votes", scope::read, votes_handler(from)},
    {"GET", "/api/v1/corpus/{id}/match", scope::read, match_handler(from)},
    {"POST", "/api/v1/corpus/{id}/restore", scope::run, restore_handler(from)},
    {"POST", "/api/v1/refresh", scope::run, refresh_handler(from)},
    {"GET", "/api/v1/refresh", scope::read, refresh_state_handler(from)},
    {"POST", "/api/webhooks/miner-updated", scope::run, miner_handler(from)},
  };
}

json::object corpus_health(const home_store& store, const corpus_view& view,
                           wall_time now) {
  const auto& of = view.read()->index.statistics();
  json::object health{{"state", "ok"},
                      {"total", of.entries},
                      {"mean_quality", of.mean_quality},
                      {"last_refresh", nullptr},
                      {"days_since_refresh", nullptr}};
  const auto runs = store.corpus.refreshes(50);
  if (!runs) {
    health["state"] = "degraded";
    health["problem"] = describe(runs.error());
    return health;
  }
  for (const auto& run : *runs) {
    if (!run.ok)
      continue;
    const auto days =
      std::chrono::duration<double, std::ratio<86'400>>{now - run.finished}.count();
    health["last_refresh"] = format_utc(run.finished);
    health["days_since_refresh"] = days;
    if (days > 7.5) { // a week, and the jitter of one
      health["state"] = "unhealthy";
      health["problem"] = "no refresh for more than seven days";
    }
    break;
  }
  return health;
}

void add_corpus_metrics(std::vector<metric>& to, const home_store& store,
                        const corpus_view& view) {
  using enum metric_kind;
  const auto& of = view.read()->index.statistics();
  to.push_back(single("habitd_corpus_entries", "Live entries of the community corpus.",
                      gauge, static_cast<double>(of.entries)));
  to.push_back(single("habitd_corpus_mean_quality", "Their mean quality, 0 to 1.", gauge,
                      of.mean_quality));
  const auto caches = view.counts();
  to.push_back(single("habitd_corpus_cache_hits_total",
                      "Questions answered from the cache.", counter,
                      static_cast<double>(caches.hits)));
  to.push_back(single("habitd_corpus_cache_misses_total", "Questions that were not.",
                      counter, static_cast<double>(caches.misses)));
  const auto runs = store.corpus.refreshes(1);
  if (!runs || runs->empty())
    return;
  const auto& last = runs->front();
  const auto add = [&](const char* name, const char* help, double value) {
    to.push_back(single(name, help, gauge, value));
  };
  add("habitd_refresh_ok", "1 if the last refresh was committed.", last.ok ? 1 : 0);
  add("habitd_refresh_duration_seconds", "Duration of the last refresh.",
      std::chrono::duration<double>{last.finished - last.started}.count());
  add("habitd_refresh_timestamp_seconds", "When it ended.",
      std::chrono::duration<double>{last.finished.time_since_epoch()}.count());
  add("habitd_refresh_added", "Entries it added.", static_cast<double>(last.added));
  add("habitd_refresh_updated", "Entries whose text changed.",
      static_cast<double>(last.updated));
  add("habitd_refresh_pruned", "Entries it pruned.", static_cast<double>(last.pruned));
  add("habitd_refresh_missed", "Topics it could not read.",
      static_cast<double>(last.missed));
  add("habitd_refresh_parse_failures", "Texts it could not parse.",
      static_cast<double>(last.parse_failures));
}

} // namespace habitd
