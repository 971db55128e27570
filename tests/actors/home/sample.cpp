#include "tests/actors/home/sample.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <catch2/catch.hpp>
#include <stdlib.h>

#include <fstream>

namespace habitd {

scratch_folder::scratch_folder() {
  auto pattern = (std::filesystem::temp_directory_path() / "habitd-test-XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
}

scratch_folder::~scratch_folder() {
  std::error_code ignored; // nothing depends on it
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path scratch_folder::write(const std::string& name,
                                            std::string_view content) const {
  const auto file = path_ / name;
  std::ofstream{file, std::ios::binary} << content;
  return file;
}

std::vector<plain_row> rows_of(const read_step& step) {
  std::vector<plain_row> result;
  const auto& texts = step.page.texts;
  for (const auto& row : step.page.rows) {
    plain_row plain{.at = format_utc(row.at),
                    .entity = texts[row.entity],
                    .state = texts[row.state],
                    .old_state = {},
                    .before = row.before,
                    .kind = row.kind,
                    .by = row.by,
                    .act = row.act,
                    .ms = row.at.time_since_epoch().count()};
    if (row.before == previous::known)
      plain.old_state = texts[row.old_state];
    result.push_back(std::move(plain));
  }
  return result;
}

std::shared_ptr<const home_calendar> berlin() {
  static const auto calendar =
    std::make_shared<const home_calendar>(*home_calendar::open("Europe/Berlin"));
  return calendar;
}

expected<whole_source> read_all(source_request request) {
  if (!request.calendar)
    request.calendar = berlin();
  auto source = open_source(request);
  if (!source)
    return source.error();
  whole_source result;
  result.description = source->description;
  while (true) {
    auto step = source->next();
    if (!step)
      return step.error();
    ++result.pages;
    result.ordinals.push_back(step->ordinal);
    for (auto& row : rows_of(*step))
      result.rows.push_back(std::move(row));
    result.last_cursor = step->position.cursor;
    CHECK(step->progress >= 0);
    CHECK(step->progress <= 1);
    result.progress = step->progress;
    if (step->at_end)
      break;
  }
  result.problems = source->problems();
  return result;
}

expected<whole_source> read_all(const std::filesystem::path& file,
                                const std::string& format) {
  source_request request;
  request.file = file;
  request.format = format;
  return read_all(request);
}

std::string failure_of(const expected<whole_source>& read) {
  return read ? "" : describe(read.error());
}

std::vector<std::string> states_of(const whole_source& source, std::string_view entity) {
  std::vector<std::string> result;
  for (const auto& row : source.rows)
    if (row.entity == entity)
      result.push_back(row.at + " " + row.state);
  return result;
}

namespace {

void add_filter(archive* out, const std::filesystem::path& file) {
  if (file.extension() == ".gz")
    archive_write_add_filter_gzip(out);
  else if (file.extension() == ".zst")
    archive_write_add_filter_zstd(out);
}

void add_member(archive* out, const std::string& name, std::string_view content) {
  auto* const entry = archive_entry_new();
  archive_entry_set_pathname(entry, name.c_str());
  archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  REQUIRE(archive_write_header(out, entry) == ARCHIVE_OK);
  archive_write_data(out, content.data(), content.size());
  archive_entry_free(entry);
}

} // namespace

std::filesystem::path
write_archive(const std::filesystem::path& file,
              const std::vector<std::pair<std::string, std::string>>& members) {
  auto* const out = archive_write_new();
  if (file.extension() == ".zip")
    archive_write_set_format_zip(out);
  else
    archive_write_set_format_ustar(out);
  add_filter(out, file);
  REQUIRE(archive_write_open_filename(out, file.c_str()) == ARCHIVE_OK);
  for (const auto& [name, content] : members)
    add_member(out, name, content);
  archive_write_free(out);
  return file;
}

std::filesystem::path write_compressed(const std::filesystem::path& file,
                                       std::string_view content) {
  auto* const out = archive_write_new();
  archive_write_set_format_raw(out);
  add_filter(out, file);
  REQUIRE(archive_write_open_filename(out, file.c_str()) == ARCHIVE_OK);
  add_member(out, "content", content);
  archive_write_free(out);
  return file;
}

std::optional<std::filesystem::path> shared_file(const std::string& name) {
  const auto file = std::filesystem::path{HABITD_SHARED_DATA} / name;
  if (std::filesystem::exists(file))
    return file;
  WARN("skipped: " << file << " is not there");
  return std::nullopt;
}

} // namespace habitd
