#include "tools/habitd/outbox_routes.hpp"

#include "http/page.hpp"
#include "tools/habitd/route_answers.hpp"

#include <charconv>

namespace habitd {

namespace {

namespace json = boost::json;

std::string item_of(const std::string& alert) {
  return alert;
}

std::string item_of(const outbox_entry& entry) {
  return json::serialize(json::object{
    {"id", std::to_string(entry.sequence)},
    {"target", entry.target},
    {"state", entry.dead ? "dead" : "waiting"},
    {"content_type", entry.content_type},
    {"payload_bytes", entry.payload.size()},
    {"correlation_id", entry.correlation_id},
    {"created", instant_json(entry.created)},
    {"attempts", entry.attempts},
    {"next_attempt", entry.dead ? json::value{} : instant_json(entry.next_attempt)},
    {"last_error", entry.last_error},
  });
}

/// A page of what `store.list` gives.
template <class Store>
http_handler list_page(std::shared_ptr<home_store> store, Store home_store::*part) {
  return
    [store = std::move(store), part](const http_request& request, const respond& answer) {
      const auto page = parse_page(request.query);
      if (!page)
        return answer(to_problem(page.error()));
      const auto found = ((*store).*part).list(page->after, page->limit + 1);
      if (!found)
        return answer(to_problem(found.error()));
      std::vector<std::string> items;
      std::optional<std::string> next;
      for (const auto& [key, record] : *found) {
        if (items.size() == page->limit) {
          next = (*found)[page->limit - 1].first;
          break;
        }
        items.push_back(item_of(record));
      }
      answer(ok(list_body(items, next)));
    };
}

std::optional<std::uint64_t> number_in(const std::string& text) {
  std::uint64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc{} || stop != end)
    return std::nullopt;
  return number;
}

http_handler retry_handler(caf::actor_system& system, outbox_actor outbox) {
  return [&system, outbox = std::move(outbox)](const http_request& request,
                                               const respond& answer) {
    const auto& id = request.path_parameters.at("id");
    const auto sequence = number_in(id);
    if (!sequence)
      return answer(problem(404, "no dead letter with the id " + id));
    ask_actor<std::string>(
      system, outbox, retry_dead_letter{*sequence}, answer,
      [sequence](const std::string& target) {
        return ok({{"id", std::to_string(*sequence)}, {"target", target}}, 202);
      });
  };
}

metric by_target(const char* name, const char* help, metric_kind kind,
                 const std::map<std::string, outbox_counts>& counts,
                 std::uint64_t outbox_counts::*field) {
  metric result{name, help, kind, {}, {}};
  for (const auto& [target, count] : counts)
    result.values.push_back({{{"target", target}}, static_cast<double>(count.*field)});
  return result;
}

} // namespace

std::vector<route> outbox_routes(caf::actor_system& system,
                                 std::shared_ptr<home_store> store, outbox_actor outbox) {
  return {
    {"GET", "/api/v1/alerts", scope::read, list_page(store, &home_store::alerts)},
    {"GET", "/api/v1/outbox", scope::read, list_page(store, &home_store::outbox)},
    {"POST", "/api/v1/outbox/{id}/retry", scope::run,
     retry_handler(system, std::move(outbox))},
  };
}

void add_outbox_metrics(std::vector<metric>& to, const home_store& store) {
  if (const auto counts = store.outbox.counts()) {
    to.push_back(by_target("habitd_outbox_waiting", "Entries that wait for their target.",
                           metric_kind::gauge, *counts, &outbox_counts::waiting));
    to.push_back(by_target("habitd_outbox_dead_letters",
                           "Entries that their target will not take.", metric_kind::gauge,
                           *counts, &outbox_counts::dead));
    to.push_back(by_target("habitd_outbox_delivered_total",
                           "Entries that their target has, ever.", metric_kind::counter,
                           *counts, &outbox_counts::delivered));
  }
  if (const auto active = store.alerts.all_active())
    to.push_back({"habitd_alerts_active",
                  "Conditions that somebody should know of.",
                  metric_kind::gauge,
                  {{{}, static_cast<double>(active->size())}},
                  {}});
}

} // namespace habitd
