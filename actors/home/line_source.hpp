#pragma once

#include "actors/home/archive_input.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace habitd {

/// A line without its end ("\n" or "\r\n"), or another piece. The bytes at `text` are followed by at least 64
/// more that may be read, as simdjson does.
struct text_line {
  std::string_view text;
  std::string_view member;  // file name, for messages and dates in names
  std::uint64_t number = 0; // from 1 in each member
  bool too_long = false;    // over 1 MB: `text` is empty
};

/// One file inside an archive: what a first look says.
struct member_head {
  std::string name;
  std::size_t index = 0; // in the order of the archive
  std::string head;      // its first bytes, at most 16 kB
};

/// A first look at every file inside `file`, in natural order of their names: DAY_2.txt
/// before DAY_10.txt.
expected<std::vector<member_head>> list_members(const std::filesystem::path& file);

/// True if `a` comes before `b` with runs of digits compared as numbers.
bool natural_less(std::string_view a, std::string_view b);

/// Finds where JSON objects begin and end, a character at a time.
struct object_scan {
  enum class found : std::uint8_t { nothing, group, end };

  /// @returns `end` at the last character of an object, `group` where an array of objects
  ///          begins.
  found take(char c);

  int depth = 0; // of brackets, from the object's own
  bool in_string = false;
  bool escaped = false;
};

/// What the pieces of a file are.
enum class piece_kind : std::uint8_t {
  line,
  object, // of JSON, on as many lines as it likes; "[" alone where an array begins
};

/// Lines of some members of a file, in a given order, without holding any of it in memory
/// but a window of about 1 MB.
class line_source {
public:
  /// @param members  indexes as in `member_head`; reading them out of the archive's order
  ///                 costs another pass over it each time the order goes back.
  static expected<line_source> open(const std::filesystem::path& file,
                                    std::vector<std::size_t> members,
                                    piece_kind pieces = piece_kind::line);

  /// The next line, nothing at the end. Its texts live until the next call.
  expected<std::optional<text_line>> next();

  double progress() const { return input_.progress(); }

private:
  line_source(std::filesystem::path file, std::vector<std::size_t> members,
              piece_kind pieces, archive_input input)
      : file_{std::move(file)}, members_{std::move(members)}, pieces_{pieces},
        input_{std::move(input)} {}

  /// Goes to the next wanted member; false after the last.
  expected<bool> next_member();
  error fill();
  expected<std::optional<text_line>> next_line();
  expected<std::optional<text_line>> next_object();

  /// An object that ends in the window, or the mark of a group.
  std::optional<text_line> find_object();
  text_line line(std::size_t length, std::size_t skip);

  std::filesystem::path file_;
  std::vector<std::size_t> members_;
  piece_kind pieces_;
  archive_input input_;
  std::size_t next_wanted_ = 0;
  bool in_member_ = false;
  bool member_ended_ = false; // no more bytes than those in the window
  bool skipping_ = false;     // inside a line that is too long
  std::vector<char> window_;  // [begin_, end_) is unread
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t number_ = 0;
  std::string member_;
  object_scan scan_;
  std::size_t scanned_ = 0; // bytes after `begin_` that `scan_` has seen
};

} // namespace habitd
