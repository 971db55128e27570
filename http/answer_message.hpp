#pragma once

#include "http/message.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <string>

namespace habitd {

/// The answer as it goes out: problem body, security headers, length. Headers of a handler
/// that would break out of their line, or say where the message ends, are left out.
boost::beast::http::response<boost::beast::http::string_body>
answer_message(http_response&& response, const std::string& correlation_id);

} // namespace habitd
