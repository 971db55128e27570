#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace habitd {

/// `habitd refresh`.
struct refresh_request {
  std::filesystem::path config_file; // empty = every setting at its default
  std::vector<std::string> from; // folders, archives, files; empty = as the config says
  std::string since;             // a date; empty = all
  bool dry_run = false;
  bool json = false;
  bool quiet = false;
};

/// Brings the corpus up to date: through a running daemon, else in the store itself. A dry
/// run reads the store beside a daemon.
/// @returns  the exit code.
int refresh(const refresh_request& request);

enum class corpus_action {
  search,
  show,
  match,
  stats,
  audit,
  restore,
  export_to,
  import_from,
  possibilities,
  recommend,
};

/// `habitd corpus …`.
struct corpus_request {
  corpus_action action = corpus_action::search;
  std::filesystem::path config_file;
  std::filesystem::path registry; // of Home Assistant; empty = as the config says
  std::string text;               // of a search; else an id, entity or file
  std::string domain, device_class, integration, purpose;
  double least_quality = 0;
  bool blueprints_only = false;
  bool trending_only = false;
  bool runnable_only = false;
  bool yaml = false;     // show it; or export it too
  std::string since;     // of the audit log, a date
  std::string operation; // likewise
  std::size_t limit = 20;
  bool json = false;
};

/// Reads the store, beside a running daemon too; only to restore or import a daemon is asked,
/// or must not run.
/// @returns  the exit code.
int corpus(const corpus_request& request);

} // namespace habitd
