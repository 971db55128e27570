#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace habitd {

/// Unpacks a store that an earlier build wrote (tests/golden, see its README) to
/// `directory / "store"`.
/// @returns  false if it could not.
inline bool unpack_golden_store(const std::string& name,
                                const std::filesystem::path& directory) {
  const auto command =
    "tar -xJf '" HABITD_GOLDEN "/" + name + ".tar.xz' -C '" + directory.string() + "'";
  return std::system(command.c_str()) == 0; // NOLINT: a test's own words
}

} // namespace habitd
