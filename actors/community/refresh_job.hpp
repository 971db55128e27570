#pragma once

#include "actors/job/job_kind.hpp"
#include "messages/corpus_work.hpp"
#include "storage/home_store.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace habitd {

/// What a refresh works with.
struct refresh_parts {
  std::shared_ptr<home_store> store;
  std::vector<std::string> files; // sources, beside what is crawled
  file_reader_actor reader;
  std::vector<parser_actor> parsers; // at least one
  pruner_actor pruner;
  cache_invalidator_actor invalidator;

  /// Phases before all others, that stage topics under the id of the job; none: no crawl.
  std::function<std::vector<job_phase>(const job_record& begun)> crawl{};
};

/// The job that brings the corpus up to date: read, parse, plan, commit, tell. Until the
/// commit nothing of it is to be seen, and a job that is cut off begins anew, but for what
/// its crawl staged.
job_kind refresh_kind(refresh_parts with);

/// The job that ends what may not be restored any more.
job_kind clean_up_kind(pruner_actor pruner);

constexpr std::string_view refresh_job_name = "refresh";
constexpr std::string_view clean_up_job_name = "corpus_clean_up";

} // namespace habitd
