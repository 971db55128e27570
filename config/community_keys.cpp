#include "config/section_keys.hpp"

#include "config/key_kinds.hpp"

#include <algorithm>

namespace habitd {

namespace {

bool is_slug(const std::string& text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") ==
           std::string::npos;
}

std::vector<config_key> source_keys() {
  auto files = list_key(
    "community.files", "a path",
    "Folders, archives (.tar.gz, .tar.zst, .zip) and files of blueprints, read beside "
    "the forum.",
    [](auto& c) -> auto& { return c.community.files; }, not_empty);
  return {
    cron_key(
      "community.schedule",
      "When the community corpus is refreshed, in the home's time zone.",
      [](auto& c) -> auto& { return c.community.schedule; }),
    number_key(
      "community.jitter_minutes", "a whole number from 0 to 20",
      "How much later than that at most, by an amount that differs between homes, so "
      "that not all of them call the forum at once.",
      [](auto& c) -> auto& { return c.community.jitter_minutes; }, 0U, 20U),
    files,
    switch_key(
      "community.forum", "Whether the forum is read.",
      [](auto& c) -> auto& { return c.community.forum; }),
    text_key(
      "community.url", "a URL that begins with http:// or https://",
      "The forum, a Discourse site.", [](auto& c) -> auto& { return c.community.url; },
      is_web_url),
    number_key(
      "community.category_id", "a whole number from 1 to 1000000",
      "The forum's category of blueprints.",
      [](auto& c) -> auto& { return c.community.category_id; }, 1U, 1'000'000U),
    text_key(
      "community.category_slug", "letters, digits and dashes",
      "The category's name in addresses.",
      [](auto& c) -> auto& { return c.community.category_slug; }, is_slug),
    number_key(
      "community.topics_per_run", "a whole number from 1 to 10000",
      "Topics that one refresh reads at most.",
      [](auto& c) -> auto& { return c.community.topics_per_run; }, 1U, 10'000U),
  };
}

std::vector<config_key> rule_keys() {
  return {
    number_key(
      "community.least_votes", "a whole number from 0 to 1000000",
      "Likes that a new topic needs; 0 takes all.",
      [](auto& c) -> auto& { return c.community.least_votes; }, 0U, 1'000'000U),
    number_key(
      "community.least_quality", "a whole number from 0 to 100",
      "Quality in percent below which an entry is pruned.",
      [](auto& c) -> auto& { return c.community.least_quality; }, 0U, 100U),
    number_key(
      "community.old_days", "a whole number from 1 to 36500",
      "Age in days from which an entry needs `old_votes`.",
      [](auto& c) -> auto& { return c.community.old_days; }, 1U, 36'500U),
    number_key(
      "community.old_votes", "a whole number from 0 to 1000000",
      "Likes that keep an old entry.",
      [](auto& c) -> auto& { return c.community.old_votes; }, 0U, 1'000'000U),
    number_key(
      "community.title_similarity", "a whole number from 50 to 100",
      "Percent of a title that two entries with the same devices may share at most.",
      [](auto& c) -> auto& { return c.community.title_similarity; }, 50U, 100U),
    number_key(
      "community.shared_structure", "a whole number from 50 to 100",
      "Percent of its text, names left out, that makes an entry a copy of another.",
      [](auto& c) -> auto& { return c.community.shared_structure; }, 50U, 100U),
    number_key(
      "community.most_entries", "a whole number from 1 to 100000",
      "Entries that are kept, the best ones.",
      [](auto& c) -> auto& { return c.community.most_entries; }, 1U, 100'000U),
    text_key(
      "community.registry", "a path",
      "Folder of Home Assistant's registries, `.storage`, to tell which blueprints this "
      "home can run; it is only read.",
      [](auto& c) -> auto& { return c.community.registry; }, any),
    text_key(
      "community.webhook", "a URL that begins with http:// or https://",
      "Where the outcome of each refresh is posted as JSON. Counts as a secret.",
      [](auto& c) -> auto& { return c.community.webhook; }, is_web_url),
  };
}

} // namespace

std::vector<config_key> community_keys() {
  auto keys = source_keys();
  auto rules = rule_keys();
  std::move(rules.begin(), rules.end(), std::back_inserter(keys));
  for (auto& key : keys)
    key.is_secret = key.path == "community.webhook";
  return keys;
}

} // namespace habitd
