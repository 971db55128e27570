#pragma once

#include "messages/error.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

struct archive;

namespace habitd {

/// A file as the stream of its contents: plain, compressed (gzip, zstd, xz, bzip2), or the
/// members of a tar or zip, one after the other.
class archive_input {
public:
  /// @errors ec::not_found or ec::invalid_input naming the file: missing, a directory, empty.
  static expected<archive_input> open(const std::filesystem::path& file);

  /// The archive that is the current member of another, as backups of Home Assistant are.
  static expected<archive_input> open_inside(archive_input outer);

  archive_input(archive_input&&) noexcept;
  archive_input& operator=(archive_input&&) noexcept;
  ~archive_input();

  /// Goes to the next file inside; false after the last. A plain file is its own one member.
  expected<bool> next_member();

  /// "DAY_1.txt", without folders; of a plain file its own name less ".gz" and the like.
  const std::string& member() const { return member_; }

  /// Position of the member, from 0, folders and links not counted.
  std::size_t member_index() const { return next_index_ - 1; }

  /// Fills `into` from the current member.
  /// @returns bytes read, 0 at its end.
  /// @errors  ec::corrupt_data: the compressed data is damaged or cut off.
  expected<std::size_t> read(std::span<char> into);

  /// Share of the file's bytes consumed, 0 … 1.
  double progress() const;

private:
  struct closer {
    void operator()(archive* input) const;
  };
  archive_input() = default;
  error failure(ec code) const;

  struct below;
  std::shared_ptr<below> below_; // what `input_` reads; null: the file
  std::unique_ptr<archive, closer> input_;
  std::filesystem::path file_;
  std::string member_;
  std::size_t next_index_ = 0;
  std::uintmax_t file_bytes_ = 0;
};

/// A file that lasts as long as this object.
class temporary_file {
public:
  explicit temporary_file(std::filesystem::path path) : path_{std::move(path)} {}
  temporary_file(temporary_file&& other) noexcept : path_{std::move(other.path_)} {
    other.path_.clear();
  }
  temporary_file& operator=(temporary_file&&) = delete;
  ~temporary_file();

  const std::filesystem::path& path() const { return path_; }

  /// The same name with an ending, removed with this one's.
  std::filesystem::path beside(const char* ending) const {
    auto name = path_;
    return name += ending;
  }

  /// Removes the names. Who has the file open keeps it, and a process that is killed leaves
  /// nothing behind.
  void remove_name();

private:
  std::filesystem::path path_;
};

/// Copies the rest of the current member to a new file in the system's temporary folder.
/// @errors ec::unavailable: no space, no permission; as `archive_input::read` too.
expected<temporary_file> unpack_member(archive_input& input);

/// The database called `name` among the rest of the members, with its log if there is one;
/// nothing if there is no such member.
expected<std::optional<temporary_file>> unpack_database(archive_input& input,
                                                        const std::string& name);

} // namespace habitd
