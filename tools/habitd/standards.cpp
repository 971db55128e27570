#include "tools/habitd/standards.hpp"

#include "tools/habitd/analyze.hpp"
#include "tools/habitd/daemon_client.hpp"
#include "tools/habitd/exit_code.hpp"
#include "tools/habitd/standards_text.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <functional>

namespace habitd {

namespace {

namespace json = boost::json;

/// A question to the daemon, and how its answer is shown.
struct question {
  std::string method = "GET";
  std::string path;
  std::string body{};
  std::function<expected<std::string>(std::string_view)> text = fields_text;
};

std::string query_of(const standards_request& request) {
  std::string query;
  for (const auto& [name, value] :
       {std::pair{"from", &request.from}, std::pair{"to", &request.to}})
    if (!value->empty())
      query +=
        fmt::format("{}{}={}", query.empty() ? "?" : "&", name, path_segment(*value));
  return query;
}

question settings_question(const standards_request& request, const std::string& one) {
  if (request.id.empty()) {
    const std::string path = "/api/v1/auto-refresh-settings";
    return request.turn.empty()
             ? question{"GET", path}
             : question{"PATCH", path,
                        json::serialize(json::object{{"enabled", request.turn == "on"}})};
  }
  json::object change;
  if (!request.auto_update.empty())
    change["auto_update_enabled"] = request.auto_update == "on";
  if (request.threshold_days >= 0)
    change["freshness_threshold_days"] =
      request.threshold_days > 0 ? json::value(request.threshold_days) : json::value{};
  return change.empty()
           ? question{"GET", one + "/refresh-status"}
           : question{"PATCH", one + "/auto-refresh-settings", json::serialize(change)};
}

question question_of(const standards_request& request) {
  const std::string all = "/api/v1/standards";
  const auto one = all + "/" + path_segment(request.id);
  switch (request.action) {
  case standards_action::list:
    return {"GET", all + "?limit=1000", {}, standards_table};
  case standards_action::show:
    return {
      "GET", one, {}, [](std::string_view body) { return field_text(body, "content"); }};
  case standards_action::refresh:
    return {"POST", one + "/refresh"};
  case standards_action::history:
    return {"GET", one + "/versions", {}, history_text};
  case standards_action::diff:
    return {"GET", one + "/diff" + query_of(request), {}, [](std::string_view body) {
              return field_text(body, "diff");
            }};
  case standards_action::rollback:
    return {"POST", one + "/rollback",
            request.version.empty()
              ? std::string{}
              : json::serialize(json::object{{"version", request.version}})};
  case standards_action::queue:
    return {"GET", "/api/v1/refresh-queue", {}, refresh_queue_text};
  case standards_action::settings:
    return settings_question(request, one);
  }
  return {};
}

} // namespace

int standards(const standards_request& request) {
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
  const auto asked = question_of(request);
  const auto answer = daemon->ask(asked.method, asked.path, asked.body);
  if (!answer)
    return fail(code_of(answer.error()) == ec::unavailable
                  ? make_error(ec::unavailable, "no habitd answers on " + daemon->url())
                  : answer.error());
  const auto body = body_of(*answer, daemon->url());
  if (!body)
    return fail(body.error());
  if (request.json) {
    fmt::print("{}\n", *body);
    return exit_ok;
  }
  const auto text = asked.text(*body);
  if (!text)
    return fail(text.error());
  fmt::print("{}", *text);
  return exit_ok;
}

} // namespace habitd
