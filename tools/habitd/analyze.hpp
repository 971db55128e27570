#pragma once

#include "messages/error.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace habitd {

struct analyze_request {
  std::filesystem::path file;
  std::string format; // empty = look at the file
  std::string time_zone;
  int days = 0;                    // only the last so many days of the file; 0 = all
  std::filesystem::path state_dir; // empty = a temporary one
  std::vector<std::string> machine_users;
  std::vector<std::string> include;
  std::vector<std::string> exclude;
  bool json = false;
  bool quiet = false; // no progress on a terminal
};

struct findings;

/// Prints an error.
/// @returns  its exit code.
int fail(const error& reason);

/// Prints what an analysis found.
/// @returns  the exit code that says how the analysis ended.
int print_findings(const findings& all, bool json);

/// `habitd analyze`: reads a file, prints what it shows.
/// @returns  the exit code.
int analyze(const analyze_request& request);

} // namespace habitd
