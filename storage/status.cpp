#include "storage/status.hpp"

#include "storage/database.hpp"

#include <string_view>

namespace habitd {

namespace {

bool mentions(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

} // namespace

bool is_damage(const rocksdb::Status& status) {
  const auto text = status.ToString();
  // A file that CURRENT or the manifest names is gone: reported as an IO error.
  const auto file_gone = mentions(text, "No such file or directory");
  if (status.IsCorruption()) // RocksDB also wraps plain IO errors of a file check in it
    return !mentions(text, "IO error") || file_gone;
  return file_gone && (status.IsIOError() || status.IsPathNotFound());
}

bool is_disk_full(const error& reason) {
  return code_of(reason) == ec::unavailable &&
         mentions(describe(reason), "No space left");
}

error to_error(const rocksdb::Status& status, std::string doing) {
  if (status.ok())
    return {};
  const auto code = status.IsNotFound()     ? ec::not_found
                    : status.IsCorruption() ? ec::corrupt_data
                    : status.IsInvalidArgument() || status.IsNotSupported()
                      ? ec::invalid_input
                      : ec::unavailable;
  return make_error(code, std::move(doing), status.ToString());
}

} // namespace habitd
