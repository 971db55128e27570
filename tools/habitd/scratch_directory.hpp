#pragma once

#include "messages/error.hpp"

#include <filesystem>

namespace habitd {

/// A directory of its own that is gone when the object is.
class scratch_directory {
public:
  /// Below $TMPDIR, else /tmp.
  static expected<scratch_directory> make();
  scratch_directory(scratch_directory&& other) noexcept;
  scratch_directory& operator=(scratch_directory&&) = delete;
  ~scratch_directory();

  const std::filesystem::path& path() const { return path_; }

private:
  explicit scratch_directory(std::filesystem::path path) : path_{std::move(path)} {}
  std::filesystem::path path_;
};

} // namespace habitd
