#pragma once

#include "actors/home/open_source.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// A folder of the test's own, gone at its end.
class scratch_folder {
public:
  scratch_folder();
  scratch_folder(const scratch_folder&) = delete;
  ~scratch_folder();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, std::string_view content) const;

private:
  std::filesystem::path path_;
};

/// A row with its texts, for comparing.
struct plain_row {
  std::string at; // "2026-11-22T06:05:00.123Z"
  std::string entity;
  std::string state;
  std::optional<std::string> old_state; // nothing unless known
  previous before = previous::unspecified;
  row_kind kind = row_kind::change;
  cause by = cause::unknown;
  std::uint64_t act = 0;
  std::int64_t ms = 0;
  bool operator==(const plain_row&) const = default;
};

/// A source read to its end.
struct whole_source {
  std::vector<plain_row> rows;
  read_problems problems;
  std::string description;
  std::string last_cursor;
  std::vector<std::uint64_t> ordinals; // of the pages
  std::size_t pages = 0;
  double progress = 0;
};

std::vector<plain_row> rows_of(const read_step& step);

/// @param calendar  of Berlin unless the request has one.
expected<whole_source> read_all(source_request request);
expected<whole_source> read_all(const std::filesystem::path& file,
                                const std::string& format = {});

/// The failure's text, "" if there was none.
std::string failure_of(const expected<whole_source>& read);

std::shared_ptr<const home_calendar> berlin();

/// "on" and "off" of an entity in order, as "time state", for short expectations.
std::vector<std::string> states_of(const whole_source& source, std::string_view entity);

/// An archive with the given members, in that order; the format and the compression follow
/// from the name: .tar, .tar.gz, .tar.zst, .zip.
std::filesystem::path
write_archive(const std::filesystem::path& file,
              const std::vector<std::pair<std::string, std::string>>& members);

/// `content` compressed as the name says: .gz or .zst.
std::filesystem::path write_compressed(const std::filesystem::path& file,
                                       std::string_view content);

/// A file of the real input beside the checkout; nothing, and a warning, if it is absent.
std::optional<std::filesystem::path> shared_file(const std::string& name);

} // namespace habitd
