#pragma once

#include "http/client.hpp"

#include "messages/time.hpp"

#include <map>
#include <string>
#include <vector>

namespace habitd {

/// A file that a topic links to, as it was when last looked at.
struct known_link {
  std::string source{};
  std::string url{};
  std::string page{};
  page_validators validators{};
  wall_time missing_since{}; // zero = it was there
  bool operator==(const known_link&) const = default;
};

/// A topic that was read, as it was then.
struct known_topic {
  std::uint32_t votes = 0; // by the last list that showed it
  wall_time bumped{};      // by the server
  wall_time checked{};     // when it was read, by our clock
  std::uint32_t version = 0;
  wall_time missing_since{}; // zero = it was there
  std::vector<known_link> links{};
  bool operator==(const known_topic&) const = default;
};

/// What is remembered of a forum from one run to the next: the cursor of its source.
struct forum_state {
  wall_time newest{}; // activity seen by the last run that was complete; server's clock
  std::map<std::uint64_t, known_topic> topics{};
  bool operator==(const forum_state&) const = default;
};

/// Printable, about 50 bytes a topic.
std::string to_text(const forum_state& state);

/// @errors ec::corrupt_data. Empty text is the state before the first run.
expected<forum_state> forum_state_from(const std::string& text);

} // namespace habitd
