#pragma once

#include "actors/home/reader.hpp"
#include "actors/runtime/calendar.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// What to read, and what is known about it.
struct source_request {
  std::filesystem::path file; // plain, compressed, or a tar or zip
  std::string format;         // a name of `known_formats`; empty = look at the file
  std::shared_ptr<const home_calendar> calendar; // for times without offset; null = UTC
  std::string resume_cursor;                     // of the last page stored; empty = none
  std::vector<std::string> machine_users;        // user ids whose acts are a program's
  std::string known_names;                       // `read_step::names` as last stored
  std::size_t page_rows = 5000;                  // about; a page ends where a line does
};

/// A way of writing a home's history that habitd reads.
struct source_format {
  std::string_view name;
  std::string_view description; // one line
};

/// All formats, the most usual first.
std::vector<source_format> known_formats();

/// The file's absolute name, under which its cursor is stored wherever habitd was started.
std::filesystem::path source_path(const std::filesystem::path& file);

/// Opens a source; which format it has shows in its content unless the request says.
/// @errors ec::not_found, ec::invalid_input (not a format we know, the wrong tables),
///         ec::corrupt_data, ec::unavailable (locked, no permission); each names the file.
expected<event_source> open_source(const source_request& request);

} // namespace habitd
