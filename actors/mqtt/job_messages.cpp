#include "actors/mqtt/job_messages.hpp"

#include "actors/alerts/job_alerts.hpp"
#include "messages/analysis_counts.hpp"
#include "storage/json_time.hpp"
#include "storage/records.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace habitd {

namespace {

namespace json = boost::json;

// In family::meta.
constexpr std::string_view jobs_key = "mqtt:jobs";
constexpr std::string_view suggestions_key = "mqtt:suggestions"; // ids that were told

constexpr std::size_t most_events = 10; // of one analysis: the best ones

double seconds_of(std::chrono::milliseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

json::object phases_json(const job_record& job) {
  json::object phases;
  for (const auto& phase : job.phases) {
    json::object went{
      {"ok", phase.ok},
      {"seconds", seconds_of(std::chrono::milliseconds{phase.milliseconds})}};
    if (!phase.problem.empty())
      went["problem"] = phase.problem;
    phases[phase.phase] = std::move(went);
  }
  return phases;
}

error stage(batch& changes, home_store& store, outbox_entry entry) {
  const auto staged = store.outbox.stage(changes, std::move(entry));
  return staged ? error{} : staged.error();
}

outbox_entry entry_for(const std::string& target, std::string subject,
                       const job_record& job, wall_time now) {
  outbox_entry entry;
  entry.target = target;
  entry.subject = std::move(subject);
  entry.correlation_id = job.correlation.empty() ? job.id : job.correlation;
  entry.created = now;
  return entry;
}

/// The suggestions that there are, best first.
expected<std::vector<suggestion>> all_suggestions(const home_store& store) {
  const auto stored = store.suggestions.list();
  if (!stored)
    return stored.error();
  std::vector<suggestion> all;
  for (const auto& [id, text] : *stored)
    if (auto one = suggestion_from_json(text))
      all.push_back(std::move(*one));
  std::stable_sort(all.begin(), all.end(), [](const suggestion& a, const suggestion& b) {
    return a.rank < b.rank;
  });
  return all;
}

/// Stages an event for what was not told yet.
error stage_new_suggestions(batch& changes, home_store& store, const std::string& target,
                            const job_record& job, wall_time now) {
  const auto all = all_suggestions(store);
  if (!all)
    return all.error();
  const auto told_text = store.db->get(family::meta, suggestions_key);
  if (!told_text && code_of(told_text.error()) != ec::not_found)
    return told_text.error();
  const auto told = "\n" + (told_text ? *told_text : std::string{}) + "\n";
  std::string now_told;
  std::size_t events = 0;
  for (const auto& one : *all) {
    now_told += (now_told.empty() ? "" : "\n") + one.id;
    if (told.find("\n" + one.id + "\n") != std::string::npos || ++events > most_events)
      continue;
    auto entry = entry_for(target, "suggestion", job, now);
    entry.payload = new_suggestion(one);
    if (auto failed = stage(changes, store, std::move(entry)))
      return failed;
  }
  changes.put(family::meta, suggestions_key, now_told);
  return {};
}

} // namespace

std::string analysis_complete(const job_record& job) {
  return json::serialize(json::object{
    {"timestamp", instant_json(job.finished)},
    {"patterns_detected", count_of(job, analysis_count::patterns)},
    {"suggestions_generated", count_of(job, analysis_count::suggestions)},
    {"duration_seconds", seconds_of(job.finished - job.started)},
    {"outcome", outcome_word(job.outcome)},
    {"phases", phases_json(job)},
    {"job", job.id},
    {"trigger", job.trigger},
  });
}

std::string new_suggestion(const suggestion& made) {
  return json::serialize(json::object{{"event_type", "new"},
                                      {"id", made.id},
                                      {"title", made.title},
                                      {"reason", made.reason},
                                      {"rank", made.rank}});
}

expected<bool> stage_job_messages(batch& changes, home_store& store,
                                  const std::string& target, wall_time now) {
  job_cursor before;
  const auto ended = ended_since_kept(store, jobs_key, 1, before); // with the last job
  if (!ended)
    return ended.error();
  if (ended->cursor == before)
    return false;
  const job_record* last = nullptr;
  for (const auto& job : ended->all) {
    if (job.kind != "analysis")
      continue;
    last = &job;
    auto entry = entry_for(target, "analysis_complete", job, now);
    entry.payload = analysis_complete(job);
    if (auto failed = stage(changes, store, std::move(entry)))
      return failed;
  }
  if (last)
    if (auto failed = stage_new_suggestions(changes, store, target, *last, now))
      return failed;
  changes.put(family::meta, jobs_key, to_text(ended->cursor));
  return true;
}

} // namespace habitd
