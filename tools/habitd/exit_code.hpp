#pragma once

#include "messages/error.hpp"

namespace habitd {

// Exit codes of every subcommand, by what the caller can do (docs/cli.md).
constexpr int exit_ok = 0;
constexpr int exit_unexpected = 1;  // a bug: report it
constexpr int exit_usage = 2;       // the command line
constexpr int exit_input = 3;       // a file or setting is wrong
constexpr int exit_unavailable = 4; // a disk, port or peer: try again later
constexpr int exit_corrupt = 5;     // stored data
constexpr int exit_partial = 6;     // some of the work failed; the rest was done
constexpr int exit_hung = 7;        // an actor hung: start it again

inline int exit_code_of(const error& err) {
  if (!err)
    return exit_ok;
  switch (code_of(err)) {
  case ec::not_found:
  case ec::invalid_input:
    return exit_input;
  case ec::unavailable:
  case ec::busy:
    return exit_unavailable;
  case ec::corrupt_data:
    return exit_corrupt;
  default:
    return exit_unexpected;
  }
}

} // namespace habitd
