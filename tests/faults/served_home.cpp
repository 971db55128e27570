#include "tests/faults/served_home.hpp"

#include <fmt/format.h>

#include <csignal>
#include <functional>
#include <thread>

namespace habitd::faults {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

/// Asks until `is_so` answers true; false if it doesn't within half a minute.
bool comes(const std::function<bool()>& is_so) {
  for (const auto until = steady::now() + 30s; steady::now() < until;
       std::this_thread::sleep_for(20ms))
    if (is_so())
      return true;
  return false;
}

std::vector<std::string> run_command(const std::string& config,
                                     std::vector<std::string> before) {
  for (const auto& word : {habitd_path(), std::string{"run"}, std::string{"--config"}})
    before.push_back(word);
  before.push_back(config);
  return before;
}

} // namespace

std::string write_config(const std::string& state, const std::string& recorder) {
  auto config = state + ".yaml";
  write_file(config, "events:\n  recorder: " + recorder +
                       "\nhome:\n  time_zone: Europe/Berlin\nstorage:\n  directory: " +
                       state + "\nhttp:\n  port: 0\n");
  return config;
}

served_home::served_home(const std::string& config, std::vector<std::string> before)
    : daemon_{run_command(config, std::move(before))} {
  comes([this] {
    const auto log = daemon_.log();
    const auto at = log.find("http://");
    const auto end = log.find_first_of("\n\"", at);
    if (at == std::string::npos || end == std::string::npos)
      return false;
    url_ = log.substr(at, end - at);
    return true;
  });
}

std::string served_home::ask(const std::string& method, const std::string& path) const {
  return run_program({"/usr/bin/curl", "-s", "-m", "20", "-X", method, url_ + path}).out;
}

std::map<std::string, json::object> served_home::jobs() const {
  std::map<std::string, json::object> result;
  boost::system::error_code failed;
  const auto answer = json::parse(ask("GET", "api/v1/jobs?limit=1000"), failed);
  if (!failed && answer.is_object() && answer.as_object().contains("items"))
    for (const auto& job : answer.at("items").as_array())
      result[job.at("id").as_string().c_str()] = job.as_object();
  return result;
}

std::string served_home::findings() const {
  const bool ended = comes([this] {
    const auto all = jobs();
    return !all.empty() && all.rbegin()->second.at("outcome") == "ok";
  });
  return ended ? ask("GET", "api/v1/patterns?limit=1000") +
                   ask("GET", "api/v1/suggestions?limit=1000")
               : std::string{};
}

std::string served_home::stop() {
  const auto asked = steady::now();
  daemon_.signal(SIGTERM);
  const auto ended = daemon_.wait();
  const auto took = std::chrono::duration<double>{steady::now() - asked}.count();
  if (ended.exit_code != 0 || took > 5)
    return fmt::format("a stop took {:.1f} s and ended with {}: {}", took,
                       ended.exit_code, ended.err);
  return {};
}

} // namespace habitd::faults
