#include "tools/habitd/jobs.hpp"

#include "actors/runtime/system_clock.hpp"
#include "http/page.hpp"
#include "storage/home_store.hpp"
#include "storage/records.hpp"
#include "tools/habitd/analyze.hpp"
#include "tools/habitd/daemon_client.hpp"
#include "tools/habitd/exit_code.hpp"
#include "tools/habitd/jobs_text.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <cstdio>

namespace habitd {

namespace {

namespace json = boost::json;

/// What the answers of a daemon and of a store have in common: JSON, one text a record.
using job_texts = std::vector<std::string>;

/// The store of a home whose daemon does not answer, to read it.
/// @errors ec::not_found if there is none.
expected<std::shared_ptr<home_store>> open_store_of(const config& settings) {
  storage_options where;
  where.directory = settings.storage.directory / "store";
  std::error_code unreadable;
  if (!std::filesystem::exists(where.directory / "CURRENT", unreadable))
    return make_error(ec::not_found, "no store at " + where.directory.string() +
                                       (unreadable ? ": " + unreadable.message() : ""));
  return home_store::open_to_read(where);
}

/// Every record of a page that a daemon answered with.
expected<job_texts> items_of(const std::string& body, const std::string& url) {
  boost::system::error_code failed;
  const auto page = json::parse(body, failed);
  const auto* object = failed ? nullptr : page.if_object();
  const auto* items = object ? object->if_contains("items") : nullptr;
  if (!items || !items->is_array())
    return make_error(ec::invalid_input, "what answers on " + url + " is not habitd");
  job_texts texts;
  for (const auto& item : items->get_array())
    texts.push_back(json::serialize(item));
  return texts;
}

expected<job_texts> stored_jobs(const home_store& store, const jobs_request& request) {
  job_texts texts;
  if (request.action == jobs_action::show) {
    auto text = store.jobs.get(request.id);
    if (!text)
      return code_of(text.error()) == ec::not_found
               ? make_error(ec::not_found, "no job with id " + request.id)
               : text.error();
    texts.push_back(std::move(*text));
    return texts;
  }
  auto latest = store.jobs.list_latest({}, request.limit);
  if (!latest)
    return latest.error();
  for (auto& [id, text] : *latest)
    texts.push_back(std::move(text));
  return texts;
}

/// The records that are asked for: of the daemon, else of the store.
expected<job_texts> find_jobs(const jobs_request& request, const config& settings,
                              daemon_client& daemon) {
  const bool one = request.action == jobs_action::show;
  const auto answer =
    daemon.ask("GET", one ? "/api/v1/jobs/" + path_segment(request.id)
                          : fmt::format("/api/v1/jobs?limit={}", request.limit));
  if (answer) {
    const auto body = body_of(*answer, daemon.url());
    if (!body)
      return body.error();
    return one ? job_texts{*body} : items_of(*body, daemon.url());
  }
  if (!request.url.empty() || code_of(answer.error()) != ec::unavailable)
    return answer.error();
  fmt::print(stderr, "habitd: none answers on {}, so its store is read\n", daemon.url());
  const auto store = open_store_of(settings);
  if (!store)
    return store.error();
  return stored_jobs(**store, request);
}

int print_jobs(const jobs_request& request, const config& settings,
               daemon_client& daemon) {
  const auto texts = find_jobs(request, settings, daemon);
  if (!texts)
    return fail(texts.error());
  const bool one = request.action == jobs_action::show;
  if (request.json) {
    fmt::print("{}\n", one ? texts->front() : list_body(*texts, std::nullopt));
    return exit_ok;
  }
  const auto calendar = home_calendar::open(settings.home.time_zone);
  if (!calendar)
    return fail(calendar.error());
  std::vector<job_record> records;
  for (const auto& text : *texts) {
    auto record = job_from_json(text);
    if (!record && one)
      return fail(record.error());
    if (record) // of another version, perhaps
      records.push_back(std::move(*record));
  }
  const auto now = system_wall_clock{}.now();
  fmt::print("{}", one ? job_text(records.front(), *calendar, now)
                       : jobs_table(records, *calendar, now));
  return exit_ok;
}

/// Tells the daemon to do something, which it answers with {"job": id}.
int command(const jobs_request& request, daemon_client& daemon) {
  const bool run = request.action == jobs_action::run;
  const auto answer =
    daemon.ask("POST", run ? std::string{"/api/analyze/trigger"}
                           : "/api/v1/jobs/" + path_segment(request.id) + "/cancel");
  if (!answer)
    return fail(code_of(answer.error()) == ec::unavailable
                  ? make_error(ec::unavailable, "no habitd answers on " + daemon.url())
                  : answer.error());
  if (!run && answer->status == 409) // waiting won't help
    return fail(make_error(ec::invalid_input, refusal_text(*answer)));
  const auto body = body_of(*answer, daemon.url());
  if (!body)
    return fail(body.error());
  if (request.json) {
    fmt::print("{}\n", *body);
    return exit_ok;
  }
  boost::system::error_code failed;
  const auto told = json::parse(*body, failed);
  const auto* object = failed ? nullptr : told.if_object();
  const auto* job = object ? object->if_contains("job") : nullptr;
  if (!job || !job->is_string())
    return fail(make_error(ec::invalid_input,
                           "what answers on " + daemon.url() + " is not habitd"));
  fmt::print("job {} {}\n", job->get_string().c_str(),
             run ? "has begun" : "is being cancelled: it ends at its next safe step");
  return exit_ok;
}

} // namespace

int jobs(const jobs_request& request) {
  const auto env = process_environment();
  const auto settings = request.config_file.empty()
                          ? parse_config("", "the defaults", env)
                          : load_config(request.config_file, env);
  if (!settings)
    return fail(settings.error());
  auto daemon = daemon_client::make(
    request.url.empty() ? url_of(settings->http) : request.url, settings->http.token);
  if (!daemon)
    return fail(daemon.error());
  const bool asks =
    request.action == jobs_action::list || request.action == jobs_action::show;
  return asks ? print_jobs(request, *settings, *daemon) : command(request, *daemon);
}

} // namespace habitd
