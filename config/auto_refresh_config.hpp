#pragma once

#include "messages/standard.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace habitd {

/// How documents are kept fresh.
struct auto_refresh_config {
  bool enabled = true; // the kill switch
  std::uint32_t freshness_threshold_days = 30;
  refresh_mode mode = refresh_mode::background;
  std::uint32_t blocking_seconds = 60; // that a reader waits in blocking mode, at most
  std::uint32_t max_concurrent = 3;
  std::uint32_t retry_attempts = 2;       // further ones, after the first has failed
  std::uint32_t retry_delay_seconds = 60; // before the first of them; then doubled
  bool use_deep_research = true;          // critique and revise; else one draft

  std::uint32_t calls_per_day = 200;      // of all providers
  std::uint32_t tokens_per_day = 200'000; // of the research provider

  std::filesystem::path folder; // of documents; empty = none
  std::string research_url;     // of an OpenAI-compatible API; empty = no research
  std::string research_model;
  std::string research_key; // a secret; empty = none is sent
  bool operator==(const auto_refresh_config&) const = default;
};

} // namespace habitd
