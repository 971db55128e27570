#include "actors/community/commit_plan.hpp"

#include "actors/community/judge.hpp"
#include "messages/time_text.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

const std::string committed_key = "corpus-commit";

std::string cursor_name(const std::string& source) {
  return "corpus:" + source;
}

void stage_change(batch& changes, const corpus_store& corpus,
                  const planned_change& change, wall_time now) {
  const auto& entry = change.after.entry;
  switch (change.why.operation) {
  case corpus_operation::add:
  case corpus_operation::update:
  case corpus_operation::restore:
    corpus.put(changes, entry);
    if (!change.after.yaml.empty()) // of an exported file there may be none
      corpus.put_text(changes, change.after);
    corpus.erase_deleted(changes, entry.id);
    break;
  case corpus_operation::remove:
  case corpus_operation::prune:
    corpus.erase(changes, entry.id);
    corpus.put_deleted(changes, {entry, now, change.why.rule, change.why.reason});
    break;
  }
}

error stage_news(batch& changes, home_store& store, const corpus_plan& plan,
                 const commit_context& by) {
  const auto payload = boost::json::serialize(boost::json::object{
    {"added_count", plan.summary.added}, {"timestamp", format_utc(by.now)}});
  for (const auto& target : by.told) {
    outbox_entry news;
    news.target = target;
    news.payload = payload;
    news.correlation_id = by.correlation;
    news.created = by.now;
    if (auto staged = store.outbox.stage(changes, std::move(news)); !staged)
      return staged.error();
  }
  return {};
}

} // namespace

error stage_plan(batch& changes, home_store& store, const corpus_plan& plan,
                 const commit_context& by) {
  std::vector<audit_row> rows;
  for (const auto& change : plan.changes) {
    stage_change(changes, store.corpus, change, by.now);
    rows.push_back(change.why);
    rows.back().at = by.now;
    rows.back().correlation = by.correlation;
  }
  for (const auto& entry : plan.rescored)
    store.corpus.put(changes, entry);
  for (const auto& [id, votes] : plan.votes)
    store.corpus.put_votes(changes, id, votes);
  for (const auto& topic : plan.topics)
    store.corpus.put_topic(changes, topic);
  for (const auto& cursor : plan.cursors)
    store.set_cursor(changes, cursor_name(cursor.source), cursor.cursor);
  store.set_cursor(changes, committed_key, by.job);
  auto summary = plan.summary;
  summary.job = by.job;
  summary.started = by.started;
  summary.finished = by.now;
  summary.ok = true;
  store.corpus.put_refresh(changes, summary);
  if (auto failed = store.corpus.append_audit(changes, rows))
    return failed;
  return stage_news(changes, store, plan, by);
}

bool is_committed(const home_store& store, const std::string& job) {
  const auto last = store.cursor(committed_key);
  return last && !job.empty() && *last == job;
}

expected<std::string> corpus_cursor(const home_store& store, const std::string& source) {
  return store.cursor(cursor_name(source));
}

expected<corpus_entry> restore_entry(home_store& store, const std::string& id,
                                     const std::string& correlation, wall_time now) {
  auto deleted = store.corpus.get_deleted(id);
  if (!deleted)
    return deleted.error();
  auto entry = std::move(deleted->entry);
  const auto before = entry.quality;
  if (!deleted->rule.empty() && std::find(entry.exempt.begin(), entry.exempt.end(),
                                          deleted->rule) == entry.exempt.end())
    entry.exempt.push_back(deleted->rule);
  entry.quality =
    quality_of(entry.votes, entry.completeness, days_between(entry.created, now));
  entry.changed = now;
  batch changes;
  store.corpus.put(changes, entry);
  store.corpus.erase_deleted(changes, id);
  audit_row row;
  row.at = now;
  row.operation = corpus_operation::restore;
  row.id = id;
  row.source = entry.source;
  row.source_id = entry.source_id;
  row.title = entry.title;
  row.quality_before = before;
  row.quality_after = entry.quality;
  row.rule = deleted->rule;
  row.reason = "restored; it was taken: " + deleted->reason;
  row.correlation = correlation;
  if (auto failed = store.corpus.append_audit(changes, {row}))
    return failed;
  if (auto failed = store.db->write(std::move(changes)))
    return failed;
  return entry;
}

expected<cleanup_counts> stage_cleanup(batch& changes, const home_store& store,
                                       wall_time now) {
  using std::chrono::days;
  cleanup_counts counts;
  const auto deleted = store.corpus.all_deleted();
  if (!deleted)
    return deleted.error();
  for (const auto& [entry, at, rule, reason] : *deleted) {
    if (now - at <= days{days_restorable})
      continue;
    store.corpus.erase_deleted(changes, entry.id);
    store.corpus.erase_text(changes, entry.id);
    store.corpus.erase_votes(changes, entry.id);
    ++counts.entries;
  }
  const auto oldest = std::chrono::floor<days>(now - days{vote_days}).time_since_epoch();
  counts.votes =
    store.corpus.drop_votes_before(changes, static_cast<std::int32_t>(oldest.count()));
  store.corpus.drop_audit_before(changes, now - days{audit_days});
  return counts;
}

expected<std::size_t> failures_in_a_row(const home_store& store) {
  const auto latest = store.corpus.refreshes(20);
  if (!latest)
    return latest.error();
  const auto good = std::find_if(latest->begin(), latest->end(),
                                 [](const refresh_summary& each) { return each.ok; });
  return static_cast<std::size_t>(good - latest->begin());
}

error record_failure(home_store& store, refresh_summary summary) {
  summary.ok = false;
  batch changes;
  store.corpus.put_refresh(changes, summary);
  return store.db->write(std::move(changes));
}

} // namespace habitd
