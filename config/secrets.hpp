#pragma once

#include "messages/error.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace habitd {

inline constexpr std::size_t largest_config = 1 << 20; // bytes of any file read here

/// The content of a file of at most `largest_config` bytes.
/// @errors ec::not_found, ec::unavailable, ec::invalid_input, all with the path.
expected<std::string> read_text_file(const std::filesystem::path& file);

/// The content without the newline at its end. @errors also ec::invalid_input if it is empty.
expected<std::string> read_secret_file(const std::filesystem::path& file);

/// The value of `name` in a file of secrets, as Home Assistant has one.
expected<std::string> read_secret(const std::filesystem::path& file,
                                  const std::string& name);

/// What systemd hands to the service under `name`.
/// @param directory  $CREDENTIALS_DIRECTORY, if it is set.
expected<std::string> read_credential(const std::optional<std::string>& directory,
                                      const std::string& name);

} // namespace habitd
