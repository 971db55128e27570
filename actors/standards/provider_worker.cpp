#include "actors/standards/provider_worker.hpp"

#include "actors/runtime/failure_handlers.hpp"
#include "messages/log_of.hpp"

namespace habitd {

fetched_text fetch_failed(std::string problem, std::int64_t wait_seconds) {
  fetched_text result;
  result.problem = std::move(problem);
  result.wait_seconds = wait_seconds;
  return result;
}

provider_actor::behavior_type provider_worker(provider_actor::pointer self,
                                              fetch_document fetch) {
  install_failure_handlers(self);
  return {
    [fetch = std::move(fetch)](const fetch_task& task) {
      // An exception must not cost the worker: the document would meet the next one too.
      try {
        return fetch(task);
      } catch (const std::exception& bug) {
        log_of(log_area::standards)
          .error("refresh of {}: {}", task.document.id, bug.what());
        return fetch_failed("unexpected");
      }
    },
  };
}

} // namespace habitd
