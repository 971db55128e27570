#pragma once

#include "storage/database.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace habitd {

/// A directory of its own for one test, gone with it. The store is a folder below it, so
/// that what a store lays down beside itself goes too.
class scratch_directory {
public:
  scratch_directory() {
    auto name = (std::filesystem::temp_directory_path() / "habitd-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~scratch_directory() {
    std::error_code failed;
    std::filesystem::remove_all(path_, failed);
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path store() const { return path_ / "store"; }

  storage_options options() const {
    storage_options options;
    options.directory = store();
    options.sync = false;
    return options;
  }

private:
  std::filesystem::path path_;
};

/// Opens a store that must open, else fails the test with the reason.
inline std::unique_ptr<database> must_open(const storage_options& options) {
  auto db = database::open(options);
  if (!db)
    FAIL(describe(db.error()));
  return std::move(*db);
}

inline std::string text_of(const error& err) {
  return describe(err);
}

} // namespace habitd
