#pragma once

#include "messages/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace habitd {

/// A web address in its parts, as libcurl reads it: the one reader of URLs for what is asked
/// for, so that a check and the request never differ.
struct url_parts {
  std::string scheme; // "http" or "https"
  std::string host;   // lower-case; numbers in any form as dotted quad; IPv6 in brackets
  std::uint16_t port = 0;
  std::string path; // begins with '/'
  std::string query;
  bool has_user = false; // user or password in front of the host

  bool operator==(const url_parts&) const = default;
};

/// @errors ec::invalid_input for anything but an absolute http or https URL.
expected<url_parts> parse_url(const std::string& url);

/// "https://forum.example:443".
std::string origin_of(const url_parts& parts);

/// What `reference` means on the page `base`. @errors ec::invalid_input.
expected<std::string> resolve_url(const std::string& base, const std::string& reference);

/// "%2F" becomes "/"; what is no escape stays.
std::string percent_decoded(std::string_view text);

/// All but letters, digits and "-._~" as "%XX".
std::string percent_encoded(std::string_view text);

/// The URL without user, password, query and fragment, for people to read; without path too
/// if `with_path` is false. "(not a URL)" for anything else.
std::string public_url(const std::string& url, bool with_path = true);

} // namespace habitd
