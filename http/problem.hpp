#pragma once

#include "http/message.hpp"
#include "messages/error.hpp"

#include <string>

namespace habitd {

/// An answer that says what went wrong. `detail` is for the caller's eyes.
http_response problem(int status, std::string detail);

/// The answer to a failed question: 404, 400, 503, 409, or 500 for our own faults, whose
/// text goes to the log only: it may name files or quote a library.
http_response to_problem(const error& err);

/// The body of a problem (RFC 9457), application/problem+json.
/// @param correlation_id  a UUID; becomes `instance`, so that a report finds its log lines.
std::string render_problem(int status, const std::string& detail,
                           const std::string& correlation_id);

} // namespace habitd
