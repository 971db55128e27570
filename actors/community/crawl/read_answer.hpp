#pragma once

#include "actors/community/crawl/crawl_answer.hpp"
#include "actors/community/crawl/forum_settings.hpp"
#include "storage/corpus_staging.hpp"

namespace habitd {

struct read_result {
  crawl_answer answer{};
  std::optional<fetched_topic> topic{}; // with its text, for the corpus
};

/// What a server's answer says to a request, or the failure to get one.
read_result read_answer(const crawl_request& request,
                        const expected<client_response>& response,
                        const forum_settings& settings);

} // namespace habitd
