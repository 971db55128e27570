#include "actors/analysis/phases.hpp"

namespace habitd {

job_phase read_phase(const analysis_run_ptr& run) {
  job_phase phase;
  phase.name = "read";
  phase.step = [run](step_report report) {
    report.ask<page_stored>(run->with.workers.events, step_timeout, read_page{},
                            [report](const page_stored& page) {
                              for (const auto& [name, field] : analysis_count::rows)
                                report.count(name, page.counts.*field);
                              report.progress(page.progress);
                              for (const auto& problem : page.problems)
                                report.note(problem);
                              page.at_end ? report.done() : report.more();
                            });
  };
  return phase;
}

} // namespace habitd
