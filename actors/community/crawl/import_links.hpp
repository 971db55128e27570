#pragma once

#include "messages/community.hpp"
#include "messages/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// A blueprint outside of the forum that a post links to.
struct import_link {
  std::string source{}; // "gist" or "github"; else the host, with '-' for dots
  std::string url{};    // where its text is: what is fetched, and its id
  std::string page{};   // as written, for people and Home Assistant
  bool operator==(const import_link&) const = default;
};

struct found_links {
  std::vector<import_link> links{};
  std::vector<std::string> refused{}; // "127.0.0.1: not on the list of hosts"
};

/// Where the text behind a link is: of a page of GitHub or a gist its raw form, else the URL
/// itself, without query and fragment.
/// @errors ec::invalid_input, with the reason, if it may not be asked for.
expected<import_link> resolve_import_link(std::string_view written,
                                          const std::vector<std::string>& hosts);

/// Links by which a topic offers blueprints: of import buttons (`blueprint_url=…`, whichever
/// host), and plain links to YAML files and gists on `hosts`. Each once, at most 20; those
/// to `forum` itself don't count.
found_links find_import_links(const fetched_topic& topic, const std::string& forum,
                              const std::vector<std::string>& hosts);

} // namespace habitd
