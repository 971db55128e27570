#include "config/section_keys.hpp"

#include "config/key_kinds.hpp"

namespace habitd {

namespace {

constexpr auto modes = std::array{"background", "blocking"};

} // namespace

std::vector<config_key> auto_refresh_keys() {
  std::vector<config_key> keys{
    switch_key(
      "auto_refresh.enabled",
      "Whether stale documents are refreshed; false stops all refreshes. Also by the "
      "variable `ENABLE_AUTO_REFRESH_ON_ACCESS`.",
      [](auto& c) -> auto& { return c.auto_refresh.enabled; }),
    number_key(
      "auto_refresh.freshness_threshold_days", "a whole number from 1 to 3650",
      "When a document is stale, unless it says so itself. Also by "
      "`STANDARD_FRESHNESS_THRESHOLD_DAYS`.",
      [](auto& c) -> auto& { return c.auto_refresh.freshness_threshold_days; }, 1U,
      3650U),
    word_key(
      "auto_refresh.mode", "one of background, blocking",
      "Whether the reader of a stale document gets it at once, or waits for its refresh. "
      "Also by `AUTO_REFRESH_MODE`.",
      [](auto& c) -> auto& { return c.auto_refresh.mode; }, modes),
    number_key(
      "auto_refresh.blocking_seconds", "a whole number from 1 to 600",
      "How long a reader waits in blocking mode, at most.",
      [](auto& c) -> auto& { return c.auto_refresh.blocking_seconds; }, 1U, 600U),
    number_key(
      "auto_refresh.max_concurrent", "a whole number from 1 to 10",
      "Refreshes at once. Also by `AUTO_REFRESH_MAX_CONCURRENT`.",
      [](auto& c) -> auto& { return c.auto_refresh.max_concurrent; }, 1U, 10U),
    number_key(
      "auto_refresh.retry_attempts", "a whole number from 0 to 10",
      "Further attempts after one that failed. Also by `AUTO_REFRESH_RETRY_ATTEMPTS`.",
      [](auto& c) -> auto& { return c.auto_refresh.retry_attempts; }, 0U, 10U),
    number_key(
      "auto_refresh.retry_delay_seconds", "a whole number from 1 to 3600",
      "Before the first of them; doubled with each. Also by "
      "`AUTO_REFRESH_RETRY_DELAY_SECONDS`.",
      [](auto& c) -> auto& { return c.auto_refresh.retry_delay_seconds; }, 1U, 3600U),
    switch_key(
      "auto_refresh.use_deep_research",
      "Whether a model's drafts are judged and revised, at most three times; else the "
      "first "
      "is taken. Also by `AUTO_REFRESH_USE_DEEP_RESEARCH`.",
      [](auto& c) -> auto& { return c.auto_refresh.use_deep_research; }),
    number_key(
      "auto_refresh.calls_per_day", "a whole number from 0 to 100000",
      "Attempts of all refreshes together, a day (UTC).",
      [](auto& c) -> auto& { return c.auto_refresh.calls_per_day; }, 0U, 100'000U),
    number_key(
      "auto_refresh.tokens_per_day", "a whole number from 0 to 100000000",
      "Tokens of a model, a day (UTC); the call that goes beyond is the last.",
      [](auto& c) -> auto& { return c.auto_refresh.tokens_per_day; }, 0U, 100'000'000U),
    text_key(
      "auto_refresh.folder", "a path", "Folder of Markdown files that become documents.",
      [](auto& c) -> auto& { return c.auto_refresh.folder; }, any),
    text_key(
      "auto_refresh.research_url", "a URL that begins with http:// or https://",
      "OpenAI-compatible API for documents with the source `research`, like "
      "`http://127.0.0.1:11434/v1`; empty = none.",
      [](auto& c) -> auto& { return c.auto_refresh.research_url; }, is_web_url),
    text_key(
      "auto_refresh.research_model", "a name", "Model that is asked there.",
      [](auto& c) -> auto& { return c.auto_refresh.research_model; }, any),
    text_key(
      "auto_refresh.research_key", "a key", "Key for the API. A secret.",
      [](auto& c) -> auto& { return c.auto_refresh.research_key; }, any),
  };
  constexpr std::array<std::string_view, 7> variables{"ENABLE_AUTO_REFRESH_ON_ACCESS",
                                                      "STANDARD_FRESHNESS_THRESHOLD_DAYS",
                                                      "AUTO_REFRESH_MODE",
                                                      "AUTO_REFRESH_MAX_CONCURRENT",
                                                      "AUTO_REFRESH_RETRY_ATTEMPTS",
                                                      "AUTO_REFRESH_RETRY_DELAY_SECONDS",
                                                      "AUTO_REFRESH_USE_DEEP_RESEARCH"};
  for (auto& key : keys) {
    key.is_secret = key.path == "auto_refresh.research_key";
    for (const auto variable : variables)
      if (key.meaning.find(variable) != key.meaning.npos)
        key.other_variable = variable;
  }
  return keys;
}

} // namespace habitd
