#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace habitd {

struct digest_request {
  std::filesystem::path state_dir;
  std::vector<std::string> without; // detectors by name
};

/// Prints the digest of what a store holds. @returns the exit code.
int print_digest(const digest_request& request);

} // namespace habitd
