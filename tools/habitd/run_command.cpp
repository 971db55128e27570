#include "tools/habitd/run_command.hpp"

#include "tools/habitd/daemon.hpp"
#include "tools/habitd/exit_code.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace habitd {

command add_run(CLI::App& app) {
  const auto file = std::make_shared<std::filesystem::path>();
  auto* parser = app.add_subcommand("run", "Run as a daemon");
  parser->add_option("--config", *file, "habitd.yaml (default: every default)");
  return {parser, [file] {
            if (spdlog::get_level() == spdlog::level::warn)
              spdlog::set_level(spdlog::level::info);
            return run_daemon(*file);
          }};
}

std::vector<command> add_config(CLI::App& app) {
  const auto file = std::make_shared<std::filesystem::path>();
  auto* config = app.add_subcommand("config", "Look at the configuration");
  config->require_subcommand(1);
  auto* check = config->add_subcommand("check", "Say what is wrong with habitd.yaml");
  check->add_option("file", *file, "habitd.yaml")->required();
  const auto* reference =
    config->add_subcommand("reference", "Print all keys as Markdown");
  return {{check, [file] { return check_config(*file); }},
          {reference, [] {
             fmt::print("{}", config_reference());
             return int{exit_ok};
           }}};
}

} // namespace habitd
