#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace habitd {

/// A subcommand of the program: where it is parsed, and what runs it.
struct command {
  const CLI::App* parser = nullptr; // of the program, which outlives it
  std::function<int()> run;         // @returns the exit code
};

} // namespace habitd
