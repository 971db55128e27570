#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace habitd {

enum class jobs_action { list, show, cancel, run };

struct jobs_request {
  jobs_action action = jobs_action::list;
  std::filesystem::path config_file; // empty = every setting at its default
  std::string url;                   // of the daemon; empty = as the config says
  std::string id;                    // of the job to show or cancel
  std::size_t limit = 20;            // 1 to 1000 jobs
  bool json = false;
};

/// `habitd jobs`: asks a running daemon; to list and show, where none answers, the store of
/// the config. With a URL, nobody but the daemon there is asked.
/// @returns  the exit code.
int jobs(const jobs_request& request);

} // namespace habitd
