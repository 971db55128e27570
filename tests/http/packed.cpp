#include "tests/http/packed.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <catch2/catch.hpp>

namespace habitd {

namespace {

la_ssize_t append(archive*, void* to, const void* bytes, std::size_t size) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

} // namespace

std::string gzipped(std::string_view text) {
  std::string packed;
  auto* writer = archive_write_new();
  archive_write_set_format_raw(writer);
  archive_write_add_filter_gzip(writer);
  archive_write_set_options(writer, "gzip:!timestamp"); // the same bytes every time
  archive_write_set_bytes_in_last_block(writer, 1);
  REQUIRE(archive_write_open(writer, &packed, nullptr, append, nullptr) == ARCHIVE_OK);
  auto* entry = archive_entry_new();
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_write_header(writer, entry);
  archive_write_data(writer, text.data(), text.size());
  archive_entry_free(entry);
  archive_write_close(writer);
  archive_write_free(writer);
  return packed;
}

} // namespace habitd
