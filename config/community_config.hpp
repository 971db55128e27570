#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace habitd {

/// Where the community corpus comes from, and what is kept of it.
struct community_config {
  std::string schedule = "0 2 * * 0"; // a cron expression, home time
  std::uint32_t jitter_minutes = 20;  // at most, the same for one installation
  std::vector<std::string> files;     // folders, archives and files of YAML
  bool forum = true;                  // read the forum too
  std::string url = "https://community.home-assistant.io";
  std::uint32_t category_id = 53;
  std::string category_slug = "blueprints-exchange";
  std::uint32_t least_votes = 100; // of a new topic; 0 takes all
  std::uint32_t topics_per_run = 500;
  std::uint32_t least_quality = 40; // percent
  std::uint32_t old_days = 730;
  std::uint32_t old_votes = 100;       // an old entry with fewer goes
  std::uint32_t title_similarity = 90; // percent; more makes a duplicate
  std::uint32_t shared_structure = 90; // percent; that much makes a duplicate
  std::uint32_t most_entries = 3'000;
  std::filesystem::path
    registry;          // Home Assistant's ".storage"; empty = nothing is matched
  std::string webhook; // told after each refresh; a secret; empty = none
  bool operator==(const community_config&) const = default;
};

} // namespace habitd
