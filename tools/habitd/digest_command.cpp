#include "tools/habitd/digest_command.hpp"

#include "tools/habitd/print_digest.hpp"

#include <CLI/CLI.hpp>

namespace habitd {

command add_digest(CLI::App& app) {
  const auto kept = std::make_shared<digest_request>();
  auto& request = *kept;
  auto* parser = app.add_subcommand("digest", "Print a digest of what was found");
  parser->add_option("--state", request.state_dir, "Directory of the store")->required();
  parser->add_option("--without", request.without, "Detectors to leave out")
    ->delimiter(',');
  return {parser, [kept] { return print_digest(*kept); }};
}

} // namespace habitd
