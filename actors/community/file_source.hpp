#pragma once

#include "messages/community.hpp"
#include "messages/error.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace habitd {

using take_topic = std::function<void(fetched_topic topic)>;

/// What a folder or archive may cost.
struct file_limits {
  std::size_t file_bytes = std::size_t{512} * 1024;
  std::size_t files = 100'000;
  std::uintmax_t total_bytes = std::uintmax_t{256} << 20; // unpacked
};

/// Hands over every YAML file of a folder, with what is below it, or of an archive (.tar,
/// .tar.gz, .tar.zst, .zip …), or one file, as a topic each, in the order of their paths or
/// of the archive. Links are not followed. What is over a limit is handed over without its
/// text, for the parser to refuse.
/// @returns  the name of the source, which every topic has.
/// @errors   ec::not_found, ec::unavailable; ec::corrupt_data for a damaged archive and
///           ec::invalid_input for one over a limit as a whole: what came before stands.
expected<std::string> read_files(const std::filesystem::path& from,
                                 const take_topic& take, const file_limits& limits = {});

/// "files-" and a number made of the path.
std::string file_source_name(const std::filesystem::path& from);

} // namespace habitd
