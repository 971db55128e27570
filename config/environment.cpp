#include "config/config.hpp"

#include <cstdlib>

namespace habitd {

namespace fs = std::filesystem;

environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>{value} : std::nullopt;
  };
}

fs::path state_directory(const environment& env, bool is_root) {
  if (const auto given = env("STATE_DIRECTORY"); given && !given->empty())
    return given->substr(0, given->find(':')); // systemd lists all of a unit's
  if (is_root)
    return config{}.storage.directory;
  if (const auto state = env("XDG_STATE_HOME"); state && state->starts_with('/'))
    return fs::path{*state} / "habitd";
  if (const auto home = env("HOME"); home && !home->empty())
    return fs::path{*home} / ".local/state/habitd";
  return config{}.storage.directory;
}

} // namespace habitd
