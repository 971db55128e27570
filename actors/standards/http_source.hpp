#pragma once

#include "actors/standards/provider_worker.hpp"
#include "http/client.hpp"

namespace habitd {

/// What a document's source may take: a page of a megabyte, within half a minute.
client_limits http_source_limits();

/// What an answer of a source means.
fetched_text text_of_answer(const client_response& answer);

/// Gets documents whose source is a URL, and asks only for what is newer than what is
/// stored. Each call opens a connection of its own, so that several threads may call it.
/// @param user_agent  "habitd/0.1.0".
fetch_document http_source(std::string user_agent,
                           client_limits limits = http_source_limits());

} // namespace habitd
