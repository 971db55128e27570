#pragma once

#include "actors/home/archive_input.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace habitd {

/// A line without its end ("\n" or "\r\n"). The bytes at `text` are followed by at least 64
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

/// Lines of some members of a file, in a given order, without holding any of it in memory
/// but a window of about 1 MB.
class line_source {
public:
  /// @param members  indexes as in `member_head`; reading them out of the archive's order
  ///                 costs another pass over it each time the order goes back.
  static expected<line_source> open(const std::filesystem::path& file,
                                    std::vector<std::size_t> members);

  /// The next line, nothing at the end. Its texts live until the next call.
  expected<std::optional<text_line>> next();

  double progress() const { return input_.progress(); }

private:
  line_source(std::filesystem::path file, std::vector<std::size_t> members,
              archive_input input)
      : file_{std::move(file)}, members_{std::move(members)}, input_{std::move(input)} {}

  /// Goes to the next wanted member; false after the last.
  expected<bool> next_member();
  error fill();
  text_line line(std::size_t length, std::size_t skip);

  std::filesystem::path file_;
  std::vector<std::size_t> members_;
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
};

} // namespace habitd
