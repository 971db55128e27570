#pragma once

#include "tests/actors/home/sample.hpp"

namespace habitd {

constexpr double noon = 1795348800; // 2026-11-22T12:00:00Z

source_request request_for(const std::filesystem::path& file,
                           std::size_t page_rows = 5000);

/// All rows up to the end for now.
std::vector<plain_row> drain(event_source& source, std::string* cursor = nullptr);

/// Their states in order, and "restart" where there is one.
std::vector<std::string> states_in(const std::vector<plain_row>& rows);

std::string file_content(const std::filesystem::path& file);

} // namespace habitd
