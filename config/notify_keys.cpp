#include "config/section_keys.hpp"

#include "config/key_kinds.hpp"

namespace habitd {

std::vector<config_key> notify_keys() {
  std::vector<config_key> keys{
    text_key(
      "notify.file", "a path",
      "File that gets a line of JSON for each alert that is raised or cleared.",
      [](auto& c) -> auto& { return c.notify.file; }, any),
    text_key(
      "notify.webhook", "a URL that begins with http:// or https://",
      "Where each alert that is raised or cleared is posted as JSON. Counts as a secret.",
      [](auto& c) -> auto& { return c.notify.webhook; }, is_web_url),
  };
  for (auto& key : keys)
    key.is_secret = key.path == "notify.webhook";
  return keys;
}

} // namespace habitd
