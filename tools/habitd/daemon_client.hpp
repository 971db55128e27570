#pragma once

#include "config/config.hpp"
#include "http/client.hpp"

#include <string>

namespace habitd {

/// Where a daemon with these settings answers, from this machine: "http://127.0.0.1:8380".
std::string url_of(const http_config& settings);

/// Text as one segment of a path, percent-encoded.
std::string path_segment(const std::string& text);

/// The words of a refusal: the `detail` of a problem (RFC 9457) without the kind of error in
/// front, else the status.
std::string refusal_text(const client_response& answer);

/// What an answer of habitd says.
/// @param url  of the daemon, for messages.
/// @returns    the body of a good answer.
/// @errors     for a refusal its own words: ec::not_found for 404, ec::busy for 409,
///             ec::unavailable for 429 and 503, ec::invalid_input for a token that it does
///             not know or that may not do this, ec::unexpected for anything else.
expected<std::string> body_of(const client_response& answer, const std::string& url);

/// Asks a running daemon.
class daemon_client {
public:
  /// @param url    without a path.
  /// @param token  empty = none.
  static expected<daemon_client> make(std::string url, const std::string& token);

  /// @param path  begins with "/".
  /// @param body  JSON; empty = none.
  /// @errors ec::unavailable if nobody answers; ec::invalid_input for a URL that is none.
  expected<client_response> ask(const std::string& method, const std::string& path,
                                const std::string& body = {});

  const std::string& url() const { return url_; }

private:
  daemon_client(std::string url, const std::string& token, http_client client);

  std::string url_;
  std::string token_;
  http_client client_;
};

} // namespace habitd
