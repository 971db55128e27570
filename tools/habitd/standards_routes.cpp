#include "tools/habitd/standards_routes.hpp"

#include "actors/standards/freshness.hpp"
#include "actors/standards/text_diff.hpp"
#include "http/page.hpp"
#include "storage/standard_records.hpp"
#include "tools/habitd/json_body.hpp"
#include "tools/habitd/route_answers.hpp"

#include <algorithm>

namespace habitd {

namespace {

namespace json = boost::json;

const std::string& id_in(const http_request& request) {
  return request.path_parameters.at("id");
}

/// The metadata of a document as it is shown, without its text.
json::object document_json(const standard& document, const standard_use& use) {
  return {{"id", document.id},
          {"title", document.title},
          {"kind", document.kind},
          {"source", document.source},
          {"version", document.version},
          {"content_hash", document.content_hash},
          {"created", instant_json(document.created)},
          {"last_updated", instant_json(document.last_updated)},
          {"last_accessed", instant_json(use.last_accessed)},
          {"access_count", use.access_count},
          {"auto_update_enabled", document.auto_update_enabled},
          {"freshness_threshold_days", document.freshness_threshold_days > 0
                                         ? json::value(document.freshness_threshold_days)
                                         : json::value{}},
          {"last_attempt", instant_json(document.last_attempt)},
          {"last_success", instant_json(document.last_success)},
          {"failures", document.failures},
          {"last_error", document.last_error.empty() ? json::value{}
                                                     : json::value(document.last_error)}};
}

json::object status_json(const standard_status& status) {
  auto body = document_json(status.document, status.use);
  body["freshness"] = freshness_word(status.state);
  body["age_seconds"] = status.age_seconds;
  body["threshold_days"] = status.threshold_days;
  return body;
}

http_response list_response(const std::vector<standard_status>& all, const page& part) {
  std::vector<std::string> items;
  std::optional<std::string> next;
  for (const auto& status : all) {
    if (!part.after.empty() && status.document.id <= part.after)
      continue;
    if (items.size() == part.limit) {
      next = json::parse(items.back()).at("id").as_string().c_str();
      break;
    }
    items.push_back(json::serialize(status_json(status)));
  }
  auto body = list_body(items, next);
  body.pop_back();
  return ok(body + ",\"standards_count\":" + std::to_string(all.size()) + "}");
}

http_handler list(const standards_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const auto part = parse_page(request.query);
    if (!part)
      return answer(to_problem(part.error()));
    ask_actor<std::vector<standard_status>>(
      *from.system, from.access, list_standards{}, answer,
      [part = *part](const auto& all) { return list_response(all, part); });
  };
}

/// A query parameter that is true or false. @errors ec::invalid_input.
expected<bool> flag_in(const http_request& request, const char* name) {
  const auto found = request.query.find(name);
  if (found == request.query.end())
    return false;
  if (found->second != "true" && found->second != "false")
    return make_error(ec::invalid_input, std::string{name} + " takes true or false");
  return found->second == "true";
}

http_response reading_response(const standard_reading& reading) {
  auto body = document_json(reading.document, reading.use);
  body["freshness"] = freshness_word(reading.state);
  body["stale"] = reading.state != freshness::fresh;
  body["refresh_queued"] = reading.queued;
  body["refreshed"] = reading.refreshed;
  body["refresh_problem"] =
    reading.problem.empty() ? json::value{} : json::value(reading.problem);
  body["content"] = reading.text;
  return ok(body);
}

std::chrono::seconds longest_reading(const standards_sources& from) {
  const bool waits = from.settings.mode == refresh_mode::blocking;
  return std::chrono::seconds{waits ? from.settings.blocking_seconds + 5 : 5};
}

http_handler read(const standards_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const auto force = flag_in(request, "force_refresh");
    const auto skip = flag_in(request, "skip_auto_refresh");
    if (!force || !skip)
      return answer(to_problem(force ? skip.error() : force.error()));
    if (*force && *skip)
      return answer(
        problem(400, "force_refresh and skip_auto_refresh can't both be true"));
    ask_actor<standard_reading>(
      *from.system, from.access,
      read_standard{id_in(request), *force, *skip, request.correlation_id}, answer,
      reading_response, longest_reading(from));
  };
}

json::object entry_json(const refresh_listing& listing) {
  const auto& entry = listing.entry;
  return {{"id", entry.id},
          {"state", listing.running ? "running" : "waiting"},
          {"waiting_for", listing.waiting_for.empty() ? json::value{}
                                                      : json::value(listing.waiting_for)},
          {"trigger", entry.trigger},
          {"queued", instant_json(entry.queued)},
          {"attempts", entry.attempts},
          {"next_attempt", instant_json(entry.next_attempt)},
          {"last_error",
           entry.last_error.empty() ? json::value{} : json::value(entry.last_error)},
          {"demand", listing.demand},
          {"urgency", listing.urgency}};
}

http_handler refresh_status_of(const standards_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const auto show = [from, id = id_in(request), answer](const standard_status& status) {
      ask_actor<refresh_status>(*from.system, from.queue, list_refreshes{}, answer,
                                [status, id](const refresh_status& queue) {
                                  auto body = status_json(status);
                                  body["next_refresh_after"] =
                                    instant_json(status.next_attempt);
                                  body["refresh"] = nullptr;
                                  for (const auto& one : queue.entries)
                                    if (one.entry.id == id)
                                      body["refresh"] = entry_json(one);
                                  return ok(body);
                                });
    };
    from.system->spawn([=](caf::event_based_actor* self) {
      self->request(from.access, std::chrono::seconds{2}, get_standard{id_in(request)})
        .then(show, [=](const error& reason) { answer(to_problem(reason)); });
    });
  };
}

http_handler refresh(const standards_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const auto& id = id_in(request);
    ask_actor<refresh_ticket>(
      *from.system, from.queue,
      queue_refresh{id, "request", true, request.correlation_id}, answer,
      [id](const refresh_ticket& ticket) {
        return ok({{"id", id}, {"queued", ticket.queued}, {"joined", ticket.joined}},
                  202);
      });
  };
}

http_handler change_settings(const standards_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    change_standard change;
    change.id = id_in(request);
    const auto wrong = read_json_body(
      request.body, {{"auto_update_enabled",
                      [&](simdjson::dom::element value) {
                        bool on = false;
                        const bool good = !value.get(on);
                        change.auto_update_enabled = on ? 1 : 0;
                        return good;
                      },
                      "true or false"},
                     {"freshness_threshold_days",
                      [&](simdjson::dom::element value) {
                        std::int64_t days = 0;
                        const bool good = value.is_null() ||
                                          (!value.get(days) && days >= 1 && days <= 3650);
                        change.freshness_threshold_days = static_cast<std::int32_t>(days);
                        return good;
                      },
                      "a whole number from 1 to 3650, or null"}});
    if (wrong)
      return answer(to_problem(wrong));
    ask_actor<standard>(
      *from.system, from.queue, change, answer,
      [](const standard& document) { return ok(document_json(document, {})); });
  };
}

json::object version_json(const standard_version& version, bool is_current) {
  return {{"version", version.version},
          {"current", is_current},
          {"bump", version.bump == version_bump::none
                     ? json::value{}
                     : json::value(bump_word(version.bump))},
          {"changes", json::value_from(version.changes)},
          {"content_hash", version.content_hash},
          {"origin", version.origin},
          {"created", instant_json(version.created)}};
}

/// A document with its versions, latest first.
struct document_versions {
  standard document;
  std::vector<standard_version> versions;

  const standard_version* find(const std::string& version) const {
    const auto found = std::ranges::find(versions, version, &standard_version::version);
    return found == versions.end() ? nullptr : &*found;
  }
};

expected<document_versions> versions_of(const home_store& store, const std::string& id) {
  auto document = store.standards.get(id);
  if (!document)
    return document.error();
  auto versions = store.standard_versions.list(id);
  if (!versions)
    return versions.error();
  std::ranges::reverse(*versions);
  return document_versions{std::move(*document), std::move(*versions)};
}

http_handler list_versions(const standards_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const auto all = versions_of(*from.store, id_in(request));
    if (!all)
      return answer(to_problem(all.error()));
    std::vector<std::string> items;
    for (const auto& version : all->versions)
      items.push_back(json::serialize(
        version_json(version, version.sequence == all->document.current)));
    answer(ok(list_body(items, std::nullopt)));
  };
}

http_handler one_version(const standards_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const auto all = versions_of(*from.store, id_in(request));
    if (!all)
      return answer(to_problem(all.error()));
    const auto* version = all->find(request.path_parameters.at("version"));
    if (!version)
      return answer(problem(404, "no such version"));
    const auto text =
      from.store->standard_versions.text(all->document.id, version->sequence);
    if (!text)
      return answer(to_problem(text.error()));
    auto body = version_json(*version, version->sequence == all->document.current);
    body["content"] = *text;
    answer(ok(body));
  };
}

/// The versions that a diff is asked for: from the one before the current one to it, unless
/// the query says others.
http_handler diff(const standards_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    const auto all = versions_of(*from.store, id_in(request));
    if (!all)
      return answer(to_problem(all.error()));
    const auto* newer = all->find(all->document.version);
    const auto older = std::ranges::find_if(all->versions, [&](const auto& version) {
      return version.sequence < all->document.current;
    });
    std::string names[2] = {older == all->versions.end() ? "" : older->version,
                            newer ? newer->version : ""};
    std::string texts[2];
    for (int side = 0; side < 2; ++side) {
      if (const auto said = request.query.find(side == 0 ? "from" : "to");
          said != request.query.end())
        names[side] = said->second;
      const auto* version = all->find(names[side]);
      if (!version)
        return answer(problem(404, names[side].empty()
                                     ? all->document.id + " has no earlier version"
                                     : "no version " + names[side].substr(0, 40)));
      auto text = from.store->standard_versions.text(all->document.id, version->sequence);
      if (!text)
        return answer(to_problem(text.error()));
      texts[side] = std::move(*text);
    }
    answer(ok({{"id", all->document.id},
               {"from", names[0]},
               {"to", names[1]},
               {"diff", unified_diff(texts[0], texts[1], names[0], names[1])}}));
  };
}

http_handler rollback(const standards_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    roll_back wanted;
    wanted.id = id_in(request);
    const auto wrong =
      request.body.empty()
        ? error{}
        : read_json_body(request.body, {{"version",
                                         [&](simdjson::dom::element value) {
                                           std::string_view text;
                                           const bool good = !value.get(text);
                                           wanted.version = text;
                                           return good && !text.empty();
                                         },
                                         "a version like \"1.2.0\""}});
    if (wrong)
      return answer(to_problem(wrong));
    ask_actor<standard>(
      *from.system, from.queue, wanted, answer,
      [](const standard& document) { return ok(document_json(document, {})); });
  };
}

http_response queue_response(const refresh_status& status) {
  json::array items;
  for (const auto& one : status.entries)
    items.push_back(entry_json(one));
  return ok({{"enabled", status.enabled}, {"items", std::move(items)}});
}

http_handler show_queue(const standards_sources& from) {
  return [from](const http_request&, const respond& answer) {
    ask_actor<refresh_status>(*from.system, from.queue, list_refreshes{}, answer,
                              queue_response);
  };
}

http_handler cancel(const standards_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    ask_actor<refresh_ticket>(*from.system, from.queue, cancel_refresh{id_in(request)},
                              answer, [id = id_in(request)](const refresh_ticket&) {
                                return ok({{"id", id}, {"cancelled", true}});
                              });
  };
}

json::object settings_json(const auto_refresh_config& settings, bool on) {
  return {{"enabled", on},
          {"mode", settings.mode == refresh_mode::blocking ? "blocking" : "background"},
          {"freshness_threshold_days", settings.freshness_threshold_days},
          {"max_concurrent", settings.max_concurrent},
          {"retry_attempts", settings.retry_attempts},
          {"retry_delay_seconds", settings.retry_delay_seconds},
          {"use_deep_research", settings.use_deep_research},
          {"calls_per_day", settings.calls_per_day},
          {"tokens_per_day", settings.tokens_per_day}};
}

http_handler show_settings(const standards_sources& from) {
  return [from](const http_request&, const respond& answer) {
    answer(ok(settings_json(from.settings, from.tally->on())));
  };
}

http_handler turn_switch(const standards_sources& from) {
  return [from](const http_request& request, const respond& answer) {
    switch_refreshes change;
    bool said = false;
    auto wrong = read_json_body(request.body, {{"enabled",
                                                [&](simdjson::dom::element value) {
                                                  said = true;
                                                  return !value.get(change.on);
                                                },
                                                "true or false"}});
    if (!wrong && !said)
      wrong = make_error(ec::invalid_input, "the body needs the field enabled");
    if (wrong)
      return answer(to_problem(wrong));
    ask_actor<refresh_status>(*from.system, from.queue, change, answer,
                              [from](const refresh_status& status) {
                                return ok(settings_json(from.settings, status.enabled));
                              });
  };
}

json::object histogram_json(const age_histogram& ages) {
  json::array buckets;
  for (std::size_t i = 0; i < ages.counts.size(); ++i)
    buckets.push_back(
      json::object{{"up_to_days",
                    i < ages.bounds.size() ? json::value(ages.bounds[i]) : json::value{}},
                   {"documents", ages.counts[i]}});
  return {{"buckets", std::move(buckets)}};
}

http_handler show_metrics(const standards_sources& from) {
  return [from](const http_request&, const respond& answer) {
    const auto ages = ages_of(*from.store, from.clock->now());
    if (!ages)
      return answer(to_problem(ages.error()));
    ask_actor<refresh_status>(
      *from.system, from.queue, list_refreshes{}, answer,
      [from, ages = *ages](const refresh_status& queue) {
        const auto counts = from.tally->counts();
        const auto running =
          std::ranges::count_if(queue.entries, &refresh_listing::running);
        std::uint64_t documents = 0;
        for (const auto count : ages.counts)
          documents += count;
        return ok({{"enabled", queue.enabled},
                   {"standards_count", documents},
                   {"accesses", counts.accesses},
                   {"stale_found", counts.stale_found},
                   {"attempts", counts.attempts},
                   {"successes", counts.successes},
                   {"failures", counts.failures},
                   {"given_up", counts.given_up},
                   {"updates", counts.updates},
                   {"success_rate", counts.success_rate()},
                   {"mean_duration_seconds", counts.mean_seconds()},
                   {"queued", queue.entries.size()},
                   {"running", running},
                   {"ages", histogram_json(ages)}});
      });
  };
}

metric counter(const char* name, const char* help, std::uint64_t value) {
  return {name, help, metric_kind::counter, {{{}, static_cast<double>(value)}}, {}};
}

} // namespace

expected<age_histogram> ages_of(const home_store& store, wall_time now) {
  const auto documents = store.standards.list();
  if (!documents)
    return documents.error();
  age_histogram ages;
  for (const auto& document : *documents) {
    using days = std::chrono::duration<double, std::ratio<86'400>>;
    const auto age = days{age_of(document, now)}.count();
    const auto bucket = std::ranges::lower_bound(ages.bounds, age) - ages.bounds.begin();
    ++ages.counts[static_cast<std::size_t>(bucket)];
    ages.sum += age;
  }
  return ages;
}

std::vector<route> standards_routes(const standards_sources& from) {
  const std::string one = "/api/v1/standards/{id*}";
  return {
    {"GET", "/api/v1/standards", scope::read, list(from)},
    {"GET", one, scope::read, read(from),
     longest_reading(from) + std::chrono::seconds{5}},
    {"GET", one + "/refresh-status", scope::read, refresh_status_of(from)},
    {"POST", one + "/refresh", scope::run, refresh(from)},
    {"PATCH", one + "/auto-refresh-settings", scope::admin, change_settings(from)},
    {"GET", one + "/versions", scope::read, list_versions(from)},
    {"GET", one + "/versions/{version}", scope::read, one_version(from)},
    {"GET", one + "/diff", scope::read, diff(from)},
    {"POST", one + "/rollback", scope::admin, rollback(from)},
    {"GET", "/api/v1/refresh-queue", scope::read, show_queue(from)},
    {"DELETE", "/api/v1/refresh-queue/{id*}", scope::run, cancel(from)},
    {"GET", "/api/v1/auto-refresh-settings", scope::read, show_settings(from)},
    {"PATCH", "/api/v1/auto-refresh-settings", scope::admin, turn_switch(from)},
    {"GET", "/api/v1/metrics/auto-refresh", scope::read, show_metrics(from)},
  };
}

void add_standards_metrics(std::vector<metric>& to, const standards_sources& from) {
  const auto counts = from.tally->counts();
  to.push_back(counter("habitd_standards_accesses_total", "Readings of documents.",
                       counts.accesses));
  to.push_back(counter("habitd_standards_stale_accesses_total",
                       "Readings of documents that were stale.", counts.stale_found));
  to.push_back({"habitd_standards_refresh_attempts_total",
                "Attempts to refresh a document, by how they ended.",
                metric_kind::counter,
                {{{{"result", "success"}}, static_cast<double>(counts.successes)},
                 {{{"result", "failure"}}, static_cast<double>(counts.failures)}},
                {}});
  to.push_back(counter("habitd_standards_updates_total", "New versions of documents.",
                       counts.updates));
  to.push_back({"habitd_standards_refresh_seconds_total",
                "Time that attempts to refresh took, all together.",
                metric_kind::counter,
                {{{}, std::chrono::duration<double>{counts.busy}.count()}},
                {}});
  to.push_back({"habitd_standards_refresh_enabled",
                "1 if documents are refreshed, 0 if that is switched off.",
                metric_kind::gauge,
                {{{}, from.tally->on() ? 1.0 : 0.0}},
                {}});
  if (const auto ages = ages_of(*from.store, from.clock->now())) {
    metric age{"habitd_standards_age_days",
               "Days since a document was last known to be up to date.",
               metric_kind::histogram,
               {},
               {}};
    age.histograms.push_back({{}, ages->bounds, ages->counts, ages->sum});
    to.push_back(std::move(age));
  }
}

} // namespace habitd
