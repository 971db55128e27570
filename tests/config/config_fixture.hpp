#pragma once

#include "config/config.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <map>

namespace habitd {

/// An environment of just these variables.
inline environment only(std::map<std::string, std::string> variables) {
  return [variables =
            std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  };
}

inline config must_parse(std::string_view yaml, const environment& env = only({})) {
  auto settings = parse_config(yaml, "habitd.yaml", env);
  if (!settings)
    FAIL(describe(settings.error()));
  return *settings;
}

/// A directory with small files, gone with the test.
class config_directory {
public:
  config_directory() {
    std::string name = std::filesystem::temp_directory_path() / "habitd-config-XXXXXX";
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~config_directory() {
    std::error_code failed;
    std::filesystem::remove_all(path, failed);
  }
  config_directory(const config_directory&) = delete;
  config_directory& operator=(const config_directory&) = delete;

  std::filesystem::path put(const char* name, std::string_view text) const {
    std::ofstream{path / name} << text;
    using enum std::filesystem::perms;
    std::filesystem::permissions(path / name, owner_read | owner_write);
    return path / name;
  }

  std::filesystem::path path;
};

} // namespace habitd
