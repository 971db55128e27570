#include "actors/community/refresh_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace habitd {

namespace {

using namespace std::chrono_literals;

/// What the phases of one run share.
struct refresh_run {
  refresh_parts with;
  std::vector<std::shared_ptr<const fetched_topic>> topics;
  std::size_t next_source = 0;
  std::size_t next_topic = 0;
  std::size_t careful_until = 0; // up to there one topic at a time: one of them fails
  std::shared_ptr<refresh_facts> facts = std::make_shared<refresh_facts>();
  corpus_plan_ptr plan;
  plan_committed committed;
};
using run_ptr = std::shared_ptr<refresh_run>;

fetched_topic without_text(const fetched_topic& topic) {
  auto known = topic;
  known.body = {};
  known.cooked = {};
  return known;
}

job_phase read_phase(const run_ptr& run) {
  job_phase phase;
  phase.name = "read";
  phase.step = [run](const step_report& report) {
    const auto& files = run->with.files;
    if (run->next_source == files.size())
      return report.done();
    report.ask<file_source_read>(
      run->with.reader, 600s, read_file_source{files[run->next_source]},
      [run, report](const file_source_read& read) {
        run->topics.insert(run->topics.end(), read.topics.begin(), read.topics.end());
        run->facts->complete.push_back(read.source);
        report.count("files", read.topics.size());
        ++run->next_source;
        report.more();
      });
  };
  phase.failing = on_failure::set_aside;
  phase.set_aside = [run](const step_report& report, const error& reason) {
    report.note(run->with.files[run->next_source] + ": " + describe(reason));
    ++run->facts->missed;
    ++run->next_source;
    return true;
  };
  return phase;
}

/// The job under which topics are staged: the one that was cut off, if this goes on with it.
const std::string& staged_under(const job_record& job) {
  return job.resumes.empty() ? job.id : job.resumes;
}

/// Takes what a crawl staged.
job_phase take_phase(const run_ptr& run) {
  job_phase phase;
  phase.name = "take";
  phase.step = [run](const step_report& report) {
    const auto& job = staged_under(report.record());
    const auto ends = run->with.store->staging.ends(job);
    if (!ends)
      return report.failed(ends.error());
    const auto unreadable =
      run->with.store->staging.visit_topics(job, [&](fetched_topic&& topic) {
        run->topics.push_back(std::make_shared<const fetched_topic>(std::move(topic)));
        return true;
      });
    if (!unreadable)
      return report.failed(unreadable.error());
    auto& facts = *run->facts;
    facts.missed += *unreadable;
    for (const auto& end : *ends) {
      facts.sightings.insert(facts.sightings.end(), end.sightings.begin(),
                             end.sightings.end());
      facts.gone.insert(facts.gone.end(), end.gone.begin(), end.gone.end());
      facts.cursors.push_back(end.cursor);
      facts.missed += end.missed;
      facts.requests += end.requests;
      facts.bytes += end.bytes;
      for (const auto& [place, why] : end.skipped)
        report.note(place + ": " + why);
    }
    report.done();
  };
  return phase;
}

/// Results of topics that are parsed at the same time; added when all of them are there, so
/// that a step that is taken again adds nothing twice.
struct parse_batch {
  std::vector<topic_parsed_ptr> results;
  std::size_t waiting = 0;
};

void add_results(refresh_run& run, const parse_batch& batch, const step_report& report) {
  for (std::size_t i = 0; i < batch.results.size(); ++i) {
    auto& facts = *run.facts;
    const auto& [entries, failures] = *batch.results[i];
    facts.topics.push_back(without_text(*run.topics[run.next_topic + i]));
    facts.parsed.insert(facts.parsed.end(), entries.begin(), entries.end());
    facts.failures.insert(facts.failures.end(), failures.begin(), failures.end());
    for (const auto& failure : failures)
      report.note(fmt::format("{}:{}:{}: {}", failure.source_id, failure.line,
                              failure.column, failure.reason));
    report.count("topics");
    report.count("parse_failures", failures.size());
  }
  run.next_topic += batch.results.size();
}

job_phase parse_phase(const run_ptr& run) {
  job_phase phase;
  phase.name = "parse";
  phase.step = [run](const step_report& report) {
    const auto left = run->topics.size() - run->next_topic;
    if (left == 0)
      return report.done();
    const auto size = run->next_topic < run->careful_until
                        ? std::size_t{1}
                        : std::min(left, run->with.parsers.size());
    const auto batch = std::make_shared<parse_batch>();
    batch->results.resize(size);
    batch->waiting = size;
    for (std::size_t i = 0; i < size; ++i)
      report.ask<topic_parsed_ptr>(
        run->with.parsers[i], 60s, parse_one_topic{run->topics[run->next_topic + i]},
        [run, report, batch, i](const topic_parsed_ptr& parsed) {
          batch->results[i] = parsed;
          if (--batch->waiting > 0)
            return;
          add_results(*run, *batch, report);
          report.more();
        });
  };
  phase.failing = on_failure::set_aside;
  phase.set_aside = [run](const step_report& report, const error& reason) {
    if (run->next_topic >= run->careful_until && run->with.parsers.size() > 1) {
      run->careful_until = run->next_topic + run->with.parsers.size();
      return true;
    }
    const auto& topic = *run->topics[run->next_topic];
    run->facts->topics.push_back(without_text(topic));
    run->facts->failures.push_back({topic.source, topic.source_id, topic.title, 0, 1, 1,
                                    "the parser failed: " + describe(reason)});
    report.note(topic.source_id + ": " + describe(reason));
    ++run->next_topic;
    return true;
  };
  return phase;
}

job_phase plan_phase(const run_ptr& run) {
  job_phase phase;
  phase.name = "plan";
  phase.step = [run](const step_report& report) {
    report.ask<corpus_plan_ptr>(run->with.pruner, 600s, make_plan{run->facts},
                                [run, report](const corpus_plan_ptr& plan) {
                                  run->plan = plan;
                                  report.done();
                                });
  };
  phase.failing = on_failure::fail_job;
  return phase;
}

job_phase commit_phase(const run_ptr& run) {
  job_phase phase;
  phase.name = "commit";
  phase.step = [run](const step_report& report) {
    const auto& job = report.record();
    report.ask<plan_committed>(
      run->with.pruner, 600s,
      commit_plan{run->plan, job.id, job.correlation, job.started, staged_under(job)},
      [run, report](const plan_committed& committed) {
        const auto& summary = run->plan->summary;
        report.set_count("added", summary.added);
        report.set_count("updated", summary.updated);
        report.set_count("pruned", summary.pruned);
        report.set_count("removed", summary.removed);
        report.set_count("total", summary.total);
        run->committed = committed;
        report.done();
      });
  };
  phase.failing = on_failure::fail_job;
  return phase;
}

job_phase tell_phase(const run_ptr& run) {
  job_phase phase;
  phase.name = "tell";
  phase.step = [run](const step_report& report) {
    report.ask<caches_dropped>(run->with.invalidator, 120s,
                               corpus_changed{run->committed.added},
                               [report](const caches_dropped&) { report.done(); });
  };
  return phase;
}

} // namespace

job_kind refresh_kind(refresh_parts with) {
  job_kind kind;
  kind.name = refresh_job_name;
  kind.group = "corpus"; // a commit never comes into an analysis that concludes
  kind.counts = {"topics", "parse_failures", "added", "updated", "pruned"};
  kind.area = log_area::community;
  kind.phases = [with = std::move(with)](const job_record& begun) {
    const auto run = std::make_shared<refresh_run>();
    run->with = with;
    auto phases = with.crawl ? with.crawl(begun) : std::vector<job_phase>{};
    if (with.crawl)
      phases.push_back(take_phase(run));
    for (auto& phase : {read_phase(run), parse_phase(run), plan_phase(run),
                        commit_phase(run), tell_phase(run)})
      phases.push_back(phase);
    return phases;
  };
  return kind;
}

job_kind clean_up_kind(pruner_actor pruner) {
  job_kind kind;
  kind.name = clean_up_job_name;
  kind.group = "corpus";
  kind.area = log_area::community;
  kind.phases = [pruner = std::move(pruner)](const job_record&) {
    job_phase phase;
    phase.name = "clean_up";
    phase.step = [pruner](const step_report& report) {
      report.ask<corpus_cleaned_up>(pruner, 600s, clean_up_corpus{},
                                    [report](const corpus_cleaned_up& done) {
                                      report.count("entries", done.entries);
                                      report.count("votes", done.votes);
                                      report.done();
                                    });
    };
    return std::vector{phase};
  };
  return kind;
}

} // namespace habitd
