#pragma once

#include "tools/simulator/simulate.hpp"

#include <filesystem>
#include <string>

namespace habitd {

/// Writes the home's history as newline-delimited JSON: events as Home Assistant's WebSocket
/// API hands them out (`state_changed` with both states and the context,
/// `automation_triggered`, `homeassistant_start`, `_started`, `_stop`). A small share of lines
/// comes twice or late, as the options say. Replaces the file.
/// @errors ec::unavailable with the path if it can't be written.
error write_ndjson(const simulated_home& home, const std::filesystem::path& path);

/// Writes the home's history as a recorder database of Home Assistant, schema 53.
/// @errors ec::invalid_input if the file exists; ec::unavailable with the path and SQLite's
///         words if it can't be written.
error write_recorder(const simulated_home& home, const std::filesystem::path& path);

/// Writes what is true of the home, as JSON. Replaces the file.
/// @errors ec::unavailable with the path if it can't be written.
error write_truth(const home_truth& truth, const std::filesystem::path& path);

/// As above, from options; the options' own errors come first.
error write_ndjson(const simulation_options& options, const std::filesystem::path& path);
error write_recorder(const simulation_options& options,
                     const std::filesystem::path& path);
error write_truth(const simulation_options& options, const std::filesystem::path& path);

/// What an automation_triggered event says, as JSON.
/// @param automation  position in the plan's automations.
std::string automation_data(const simulated_home& home, entity_index automation);

/// The one user of a simulated home.
context_id user_of(const simulation_options& options);

} // namespace habitd
