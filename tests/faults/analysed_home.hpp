#pragma once

#include "tests/end_to_end/program.hpp"

namespace habitd::faults {

/// What an analysis says of the home, not how long it took; empty if it failed.
std::string findings(const program_result& ended);

/// A home on disk, two weeks of which were analysed by the real program, with a compaction of
/// the store due at the next start. Its log holds a third week only, as a recorder that was
/// purged: what is found of the first two comes from the store.
class analysed_home {
public:
  analysed_home();

  /// False if the undisturbed run fails.
  bool is_usable() const { return !expected_.empty(); }

  /// A copy of the store, as it is before the third week.
  std::string new_store(const std::string& name) const;

  /// Analyses the third week.
  /// @param before  goes in front of the command.
  std::vector<std::string> analyze(const std::string& store,
                                   std::vector<std::string> before = {}) const;

  bool has_expected(const program_result& ended) const {
    return findings(ended) == expected_;
  }

  /// Runs undisturbed after a run that was disturbed, and removes the store. If that ended
  /// well, the log meanwhile lost all but its last hours: the rest must be stored.
  /// @returns  what was violated; empty if nothing.
  std::string wrong_afterwards(const std::string& store,
                               const program_result& disturbed) const;

  const std::filesystem::path& directory() const { return dir_.path(); }

private:
  std::vector<std::string> analyze_file(const std::string& events,
                                        const std::string& store) const;

  test_directory dir_;
  std::string expected_;
};

} // namespace habitd::faults
