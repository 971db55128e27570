#pragma once

#include <filesystem>
#include <string>

namespace habitd {

enum class standards_action {
  list,
  show,
  refresh,
  history,
  diff,
  rollback,
  queue,
  settings
};

struct standards_request {
  standards_action action = standards_action::list;
  std::filesystem::path config_file; // empty = every setting at its default
  std::string url;                   // of the daemon; empty = as the config says
  std::string id;
  std::string version;     // to go back to; empty = the one before
  std::string from, to;    // versions; empty = the last change
  std::string auto_update; // "on", "off"; of a document
  int threshold_days = -1; // of a document; 0 = as all
  std::string turn;        // "on", "off": the switch of all
  bool json = false;
};

/// `habitd standards`: asks a running daemon. @returns the exit code.
int standards(const standards_request& request);

} // namespace habitd
