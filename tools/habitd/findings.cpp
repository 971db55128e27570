#include "tools/habitd/findings.hpp"

#include "messages/time_text.hpp"
#include "storage/records.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <tuple>

namespace habitd {

namespace {

namespace json = boost::json;

void add(day_counts& sum, const day_counts& day) {
  sum.rows += day.rows;
  sum.kept += day.kept;
  sum.automated += day.automated;
  sum.duplicate += day.duplicate;
  sum.attribute_only += day.attribute_only;
  sum.unavailable += day.unavailable;
  sum.restart += day.restart;
  sum.echo += day.echo;
  sum.periodic += day.periodic;
  sum.not_a_turn += day.not_a_turn;
}

json::value date_or_null(const std::optional<local_day>& day) {
  if (!day)
    return nullptr;
  return json::string{format_date(*day)};
}

json::object input_json(const findings& all) {
  json::array problems;
  for (const auto& problem : all.job.notes)
    problems.emplace_back(problem);
  const auto rows = rows_of(all.job);
  return {
    {"source", all.source},
    {"time_zone", all.time_zone},
    {"first_day", date_or_null(all.first_day)},
    {"last_day", date_or_null(all.last_day)},
    {"days", all.days},
    {"entities", all.entities},
    {"rows",
     all.rows.rows + rows.excluded + rows.too_late + rows.bad + rows.out_of_range},
    {"kept", all.rows.kept},
    {"filters", json::object{{"automated", all.rows.automated},
                             {"duplicate", all.rows.duplicate},
                             {"attribute_only", all.rows.attribute_only},
                             {"unavailable", all.rows.unavailable},
                             {"restart", all.rows.restart},
                             {"echo", all.rows.echo},
                             {"periodic", all.rows.periodic},
                             {"not_a_turn", all.rows.not_a_turn},
                             {"excluded", rows.excluded},
                             {"too_late", rows.too_late},
                             {"bad", rows.bad},
                             {"out_of_range", rows.out_of_range}}},
    {"problems", std::move(problems)},
  };
}

template <class Record>
std::string array_of(const std::vector<Record>& records) {
  std::string text = "[";
  for (const auto& record : records)
    text += (text.size() > 1 ? ",\n    " : "\n    ") + to_json(record);
  return text + (records.empty() ? "]" : "\n  ]");
}

} // namespace

expected<findings> load_findings(const home_store& store) {
  findings all;
  const auto patterns = store.patterns.list();
  const auto suggestions = store.suggestions.list();
  const auto days = store.days.range(local_day{INT32_MIN}, local_day{INT32_MAX});
  if (!patterns || !suggestions || !days)
    return !patterns      ? patterns.error()
           : !suggestions ? suggestions.error()
                          : days.error();
  for (const auto& [id, text] : *patterns) {
    auto record = pattern_from_json(text);
    if (!record)
      return record.error();
    all.patterns.push_back(std::move(*record));
  }
  for (const auto& [id, text] : *suggestions) {
    auto record = suggestion_from_json(text);
    if (!record)
      return record.error();
    all.suggestions.push_back(std::move(*record));
  }
  std::sort(all.patterns.begin(), all.patterns.end(), [](const auto& a, const auto& b) {
    return std::tie(b.detector, a.time, a.entities, a.id) <
           std::tie(a.detector, b.time, b.entities, b.id);
  });
  std::sort(all.suggestions.begin(), all.suggestions.end(),
            [](const auto& a, const auto& b) { return a.rank < b.rank; });
  for (const auto& [day, record] : *days)
    add(all.rows, record.counts);
  if (!days->empty()) {
    all.first_day = days->begin()->first;
    all.last_day = days->rbegin()->first;
    all.days = days->size();
  }
  all.entities = store.entities->size();
  return all;
}

std::string findings_json(const findings& all) {
  const json::object timing{{"cpu_seconds", all.cpu_seconds},
                            {"wall_seconds", all.wall_seconds},
                            {"peak_rss_bytes", all.peak_rss_bytes}};
  return "{\n  \"patterns\": " + array_of(all.patterns) +
         ",\n  \"suggestions\": " + array_of(all.suggestions) +
         ",\n  \"input\": " + json::serialize(input_json(all)) +
         ",\n  \"timing\": " + json::serialize(timing) + "\n}\n";
}

} // namespace habitd
