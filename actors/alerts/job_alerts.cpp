#include "actors/alerts/job_alerts.hpp"

#include "storage/records.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

constexpr std::string_view cursor_key = "alerts:jobs"; // in family::meta

expected<std::vector<job_record>> jobs_after(const home_store& store,
                                             std::string_view id) {
  const auto stored = store.jobs.list(id);
  if (!stored)
    return stored.error();
  std::vector<job_record> jobs;
  for (const auto& [key, text] : *stored)
    if (auto job = job_from_json(text)) {
      job->id = key;
      jobs.push_back(std::move(*job));
    }
  return jobs;
}

/// The cursor behind all jobs but the last few.
expected<job_cursor> cursor_before_last(const home_store& store, std::size_t jobs) {
  const auto latest = store.jobs.list_latest({}, jobs + 1);
  if (!latest)
    return latest.error();
  job_cursor cursor;
  if (latest->size() > jobs)
    cursor.up_to = latest->back().first;
  return cursor;
}

expected<job_cursor> kept_cursor(const home_store& store, std::string_view key,
                                 std::size_t at_first) {
  const auto text = store.db->get(family::meta, key);
  if (text)
    return job_cursor_from(*text);
  if (code_of(text.error()) != ec::not_found)
    return text.error();
  return cursor_before_last(store, at_first);
}

raise_alert failed_alert(const job_record& job) {
  return {
    "job_failed", job.kind,
    fmt::format("job {} ended {}: {}", job.id, outcome_word(job.outcome), job.problem)};
}

expected<alert_change> stage_verdict(batch& changes, const alert_book& book,
                                     const job_record& job, wall_time now) {
  if (job.outcome == job_outcome::ok)
    return book.clear(changes, {"job_failed", job.kind}, now);
  return book.raise(changes, failed_alert(job), now);
}

} // namespace

std::string to_text(const job_cursor& cursor) {
  std::string text = cursor.up_to;
  for (const auto& id : cursor.beyond)
    text += '\n' + id;
  return text;
}

job_cursor job_cursor_from(const std::string& text) {
  job_cursor cursor;
  auto end = text.find('\n');
  cursor.up_to = text.substr(0, end);
  while (end != std::string::npos) {
    const auto begin = end + 1;
    end = text.find('\n', begin);
    cursor.beyond.push_back(text.substr(begin, end - begin));
  }
  return cursor;
}

ended_jobs ended_since(const job_cursor& cursor, const std::vector<job_record>& jobs) {
  ended_jobs ended;
  ended.cursor.up_to = cursor.up_to;
  bool contiguous = true;
  for (const auto& job : jobs) {
    contiguous = contiguous && job.outcome != job_outcome::running;
    if (job.outcome == job_outcome::running)
      continue;
    if (contiguous)
      ended.cursor.up_to = job.id;
    else
      ended.cursor.beyond.push_back(job.id);
    const bool known = std::find(cursor.beyond.begin(), cursor.beyond.end(), job.id) !=
                       cursor.beyond.end();
    const bool telling = job.outcome == job_outcome::ok ||
                         job.outcome == job_outcome::partial ||
                         job.outcome == job_outcome::failed;
    if (!known && telling) {
      ended.all.push_back(job);
      ended.last_by_kind[job.kind] = job;
    }
  }
  return ended;
}

expected<ended_jobs> ended_since_kept(const home_store& store, std::string_view key,
                                      std::size_t at_first, job_cursor& before) {
  auto cursor = kept_cursor(store, key, at_first);
  if (!cursor)
    return cursor.error();
  const auto jobs = jobs_after(store, cursor->up_to);
  if (!jobs)
    return jobs.error();
  before = std::move(*cursor);
  return ended_since(before, *jobs);
}

expected<alert_change> stage_job_alerts(batch& changes, const home_store& store,
                                        const alert_book& book, wall_time now) {
  job_cursor before;
  const auto ended = ended_since_kept(store, cursor_key, 1, before); // with the last job
  if (!ended)
    return ended.error();
  if (ended->cursor == before)
    return alert_change::nothing;
  auto result = alert_change::refreshed; // the cursor at least
  for (const auto& [kind, job] : ended->last_by_kind) {
    const auto change = stage_verdict(changes, book, job, now);
    if (!change)
      return change.error();
    result = std::max(result, *change);
  }
  changes.put(family::meta, cursor_key, to_text(ended->cursor));
  return result;
}

expected<alert_change> stage_dead_letter_alerts(batch& changes, const home_store& store,
                                                const alert_book& book, wall_time now) {
  const auto letters = store.outbox.dead_letters();
  const auto active = store.alerts.all_active("dead_letters");
  if (!letters || !active)
    return !letters ? letters.error() : active.error();
  std::map<std::string, std::pair<int, std::string>> by_target; // how many, last problem
  for (const auto& letter : *letters) {
    auto& [count, problem] = by_target[letter.target];
    ++count;
    problem = letter.last_error;
  }
  auto result = alert_change::nothing;
  for (const auto& [target, found] : by_target) {
    const auto text = fmt::format("{} could not be delivered; the last one: {}",
                                  found.first, found.second);
    const bool known = std::any_of(active->begin(), active->end(), [&](const alert& one) {
      return one.subject == target && one.text == text;
    });
    if (known)
      continue;
    const auto change = book.raise(changes, {"dead_letters", target, text}, now);
    if (!change)
      return change.error();
    result = std::max(result, *change);
  }
  for (const auto& one : *active) {
    if (by_target.contains(one.subject))
      continue;
    const auto change = book.clear(changes, {one.code, one.subject}, now);
    if (!change)
      return change.error();
    result = std::max(result, *change);
  }
  return result;
}

} // namespace habitd
