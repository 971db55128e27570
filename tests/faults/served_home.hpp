#pragma once

#include "tests/end_to_end/program.hpp"

#include <boost/json.hpp>

#include <map>

namespace habitd::faults {

/// Writes `<state>.yaml`, for a daemon that keeps its state there, at any port.
/// @returns  its path.
std::string write_config(const std::string& state, const std::string& recorder);

/// The real daemon over a state of its own.
class served_home {
public:
  /// Waits until it serves.
  /// @param before  goes in front of the command.
  explicit served_home(const std::string& config, std::vector<std::string> before = {});

  bool is_up() const { return !url_.empty(); }

  /// The answer's body; empty if none comes within 20 s.
  std::string ask(const std::string& method, const std::string& path) const;

  /// The jobs' records by id; empty if there is no answer.
  std::map<std::string, boost::json::object> jobs() const;

  /// What was found, once the last job has ended well; empty if it doesn't.
  std::string findings() const;

  /// @returns  what was wrong with how it stopped.
  std::string stop();

  std::string log() const { return daemon_.log(); }

private:
  program daemon_;
  std::string url_;
};

} // namespace habitd::faults
