#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace habitd {

/// Which forum is read, and how much of it.
struct forum_settings {
  std::string url = "https://community.home-assistant.io"; // without '/' at its end
  std::uint64_t category = 53;
  std::string slug = "blueprints-exchange";
  std::uint32_t least_likes = 100;  // of a topic that is new; 0 takes all
  std::uint32_t topics_a_run = 500; // new ones, and as many changed ones

  /// Hosts that import links may lead to.
  std::vector<std::string> link_hosts{"gist.github.com", "gist.githubusercontent.com",
                                      "github.com", "raw.githubusercontent.com"};
};

} // namespace habitd
