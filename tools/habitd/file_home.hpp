#pragma once

#include "tools/habitd/analyze.hpp"
#include "tools/habitd/findings.hpp"
#include "tools/habitd/home_system.hpp"

namespace habitd {

/// A home that is known from one file, with the actors that analyse it.
class file_home {
public:
  /// @param directory  for the store; a store of an earlier, even interrupted, analysis of
  ///                   the same file is gone on with.
  static expected<file_home> open(const analyze_request& request,
                                  const std::filesystem::path& directory);

  /// Runs one analysis and waits for it.
  /// @param bar  draw progress on standard error.
  expected<findings> analyze(bool bar);

  home_system& system() { return *system_; }
  const std::shared_ptr<home_store>& store() const { return store_; }

private:
  file_home() = default;

  std::string description_;
  std::string time_zone_;
  std::shared_ptr<home_store> store_;
  std::unique_ptr<home_system> system_; // uses the store: goes first
};

} // namespace habitd
