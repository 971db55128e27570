#pragma once

#include "tools/habitd/analyze.hpp"

#include <filesystem>
#include <string>

namespace habitd {

/// `habitd run`: serves, and analyses every day at the set time until SIGTERM or SIGINT.
/// @param config_file  empty = every setting at its default.
/// @returns            the exit code.
int run_daemon(const std::filesystem::path& config_file);

/// `habitd config check`: prints every setting as it would be used, or what is wrong.
int check_config(const std::filesystem::path& file);

/// `habitd config reference`: docs/config.md.
std::string config_reference();

struct try_request {
  analyze_request analyze;
  bool demo = false; // simulate a home instead of reading `analyze.file`
  bool once = false; // end after printing
  int port = 8380;   // 0 = any free one
};

/// `habitd try`: analyses a file or a demo home, prints what it shows and serves it until
/// SIGTERM or SIGINT. Nothing is kept.
int try_home(const try_request& request);

} // namespace habitd
