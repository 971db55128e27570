#pragma once

#include "actors/outbox/delivery.hpp"
#include "http/client.hpp"

#include <stop_token>

namespace habitd {

/// Posts the payload of each entry to `url`. Header `Idempotency-Key` is the entry's
/// sequence, by which the receiver knows repeats. 2xx is delivered. Problems name the host
/// only: the rest of such a URL often is a secret.
/// @param stop  ends a request under way within about a second.
deliver_entry webhook(http_client client, std::string url, std::stop_token stop = {});

} // namespace habitd
