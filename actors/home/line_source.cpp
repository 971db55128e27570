#include "actors/home/line_source.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace habitd {

namespace {

constexpr std::size_t longest_line = 1 << 20;
constexpr std::size_t block_bytes = 256 << 10;
constexpr std::size_t padding = 64;
constexpr std::size_t head_bytes = 16 << 10;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view digits_at(std::string_view text, std::size_t at) {
  auto end = at;
  while (end < text.size() && is_digit(text[end]))
    ++end;
  const auto first = std::min(text.find_first_not_of('0', at), end);
  return text.substr(first, end - first);
}

} // namespace

bool natural_less(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (!is_digit(a[i]) || !is_digit(b[j])) {
      if (a[i] != b[j])
        return a[i] < b[j];
      ++i;
      ++j;
      continue;
    }
    const auto left = digits_at(a, i);
    const auto right = digits_at(b, j);
    if (left.size() != right.size())
      return left.size() < right.size();
    if (left != right)
      return left < right;
    while (i < a.size() && is_digit(a[i]))
      ++i;
    while (j < b.size() && is_digit(b[j]))
      ++j;
  }
  return a.size() - i < b.size() - j;
}

expected<std::vector<member_head>> list_members(const std::filesystem::path& file) {
  auto input = archive_input::open(file);
  if (!input)
    return input.error();
  std::vector<member_head> result;
  while (true) {
    const auto more = input->next_member();
    if (!more)
      return more.error();
    if (!*more)
      break;
    member_head found{input->member(), input->member_index(),
                      std::string(head_bytes, '\0')};
    const auto got = input->read(found.head);
    if (!got)
      return got.error();
    found.head.resize(*got);
    result.push_back(std::move(found));
  }
  std::ranges::stable_sort(result, [](const member_head& a, const member_head& b) {
    return natural_less(a.name, b.name);
  });
  return result;
}

expected<line_source> line_source::open(const std::filesystem::path& file,
                                        std::vector<std::size_t> members,
                                        piece_kind pieces) {
  auto input = archive_input::open(file);
  if (!input)
    return input.error();
  line_source result{file, std::move(members), pieces, std::move(*input)};
  result.window_.resize(longest_line + block_bytes + padding);
  return result;
}

expected<bool> line_source::next_member() {
  if (next_wanted_ == members_.size())
    return false;
  const auto wanted = members_[next_wanted_];
  const bool behind = next_wanted_ > 0 && wanted <= members_[next_wanted_ - 1];
  if (behind) {
    auto again = archive_input::open(file_);
    if (!again)
      return again.error();
    input_ = std::move(*again);
  }
  do {
    const auto more = input_.next_member();
    if (!more)
      return more.error();
    if (!*more)
      return make_error(ec::corrupt_data,
                        file_.string() + ": changed while it was being read");
  } while (input_.member_index() != wanted);
  ++next_wanted_;
  in_member_ = true;
  member_ended_ = skipping_ = false;
  scan_ = {};
  scanned_ = 0;
  begin_ = end_ = 0;
  number_ = 0;
  member_ = input_.member();
  return true;
}

error line_source::fill() {
  if (begin_ > 0) {
    std::memmove(window_.data(), window_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const auto room = std::min(block_bytes, window_.size() - padding - end_);
  const auto got = input_.read({window_.data() + end_, room});
  if (!got)
    return got.error();
  end_ += *got;
  member_ended_ = *got == 0;
  return {};
}

text_line line_source::line(std::size_t length, std::size_t skip) {
  std::string_view text{window_.data() + begin_, length};
  begin_ += length + skip;
  ++number_;
  if (text.ends_with('\r'))
    text.remove_suffix(1);
  if (number_ == 1 && text.starts_with("\xEF\xBB\xBF"))
    text.remove_prefix(3); // the byte order mark some programs put in front
  const bool too_long = std::exchange(skipping_, false) || length > longest_line;
  return {too_long ? std::string_view{} : text, member_, number_, too_long};
}

object_scan::found object_scan::take(char c) {
  if (in_string) {
    in_string = escaped || c != '"';
    escaped = !escaped && c == '\\';
    return found::nothing;
  }
  if (depth == 0) {
    depth = c == '{';
    return c == '[' ? found::group : found::nothing;
  }
  in_string = c == '"';
  if (c == '{' || c == '[')
    ++depth;
  else if ((c == '}' || c == ']') && --depth == 0)
    return found::end;
  return found::nothing;
}

expected<std::optional<text_line>> line_source::next() {
  return pieces_ == piece_kind::line ? next_line() : next_object();
}

std::optional<text_line> line_source::find_object() {
  while (begin_ + scanned_ < end_) {
    const auto what = scan_.take(window_[begin_ + scanned_++]);
    if (what == object_scan::found::end)
      return line(std::exchange(scanned_, 0), 0);
    if (scan_.depth > 0)
      continue;
    begin_ += std::exchange(scanned_, 0); // what stands between objects
    if (what == object_scan::found::group)
      return text_line{"[", member_, ++number_, false};
  }
  return std::nullopt;
}

expected<std::optional<text_line>> line_source::next_object() {
  while (true) {
    if (!in_member_) {
      const auto more = next_member();
      if (!more)
        return more.error();
      if (!*more)
        return std::optional<text_line>{};
    }
    if (const auto object = find_object())
      return object;
    if (member_ended_) {
      in_member_ = false;
      if (begin_ < end_ || skipping_) // cut off
        return line(end_ - begin_, 0);
      continue;
    }
    if (end_ - begin_ > longest_line) {
      skipping_ = true;
      begin_ = end_;
      scanned_ = 0;
    }
    if (auto err = fill())
      return err;
  }
}

expected<std::optional<text_line>> line_source::next_line() {
  std::size_t searched = 0;
  while (true) {
    if (!in_member_) {
      const auto more = next_member();
      if (!more)
        return more.error();
      if (!*more)
        return std::optional<text_line>{};
    }
    const char* const from = window_.data() + begin_ + searched;
    const auto* const end =
      static_cast<const char*>(std::memchr(from, '\n', end_ - begin_ - searched));
    if (end)
      return line(static_cast<std::size_t>(end - (window_.data() + begin_)), 1);
    if (member_ended_) {
      in_member_ = false;
      if (begin_ < end_ || skipping_)
        return line(end_ - begin_, 0);
      searched = 0;
      continue;
    }
    if (end_ - begin_ > longest_line) {
      skipping_ = true;
      begin_ = end_;
    }
    searched = end_ - begin_;
    if (auto err = fill())
      return err;
  }
}

} // namespace habitd
