#pragma once

#include "tests/faults/failing_calls.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace habitd::faults {

/// How the calls of a program to its disk fail, which may be changed while it runs, and how
/// many it has made.
class call_plan {
public:
  /// @param below  the directory whose files matter. A file beside it holds the plan.
  explicit call_plan(const std::string& below);
  call_plan(const call_plan&) = delete;
  call_plan& operator=(const call_plan&) = delete;
  ~call_plan();

  failing_calls* operator->() { return shared_; }

  /// What goes in front of the program's command.
  std::vector<std::string> command() const;

private:
  std::string file_;
  failing_calls* shared_ = nullptr;
};

} // namespace habitd::faults
