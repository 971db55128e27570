#include "actors/community/clean_text.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>

namespace habitd {

namespace {

constexpr std::string_view no_break_blank = "\xc2\xa0";
constexpr std::array<std::string_view, 4> double_quotes{"“", "”", "„", "‟"};
constexpr std::array<std::string_view, 4> single_quotes{"‘", "’", "‚", "‛"};

/// Of the quote that `text` begins with: what it stands for; 0 if there is none.
template <class Quotes>
bool begins_with(std::string_view text, const Quotes& quotes) {
  return std::any_of(quotes.begin(), quotes.end(),
                     [&](std::string_view quote) { return text.starts_with(quote); });
}

std::string with_blanks(std::string_view line) {
  std::string indent;
  while (!line.empty()) {
    if (line.starts_with(no_break_blank)) {
      indent += ' ';
      line.remove_prefix(no_break_blank.size());
    } else if (line[0] == '\t' || line[0] == ' ') {
      indent += line[0] == '\t' ? "  " : " ";
      line.remove_prefix(1);
    } else {
      break;
    }
  }
  return indent.append(line);
}

/// A value within typographic quotes gets plain ones. Each of these quotes has three bytes.
std::string with_plain_quotes(const std::string& line) {
  constexpr std::size_t width = 3;
  auto begin = line.find(": ");
  begin = begin == std::string::npos ? line.find_first_not_of(" ") : begin + 2;
  begin = std::min(line.find_first_not_of(" -", begin), line.size());
  const std::string_view value{line.data() + begin, line.size() - begin};
  const bool is_double = begins_with(value, double_quotes);
  if (value.size() < 2 * width || (!is_double && !begins_with(value, single_quotes)))
    return line;
  auto end = value.find_last_not_of(" ,]");
  end = end == std::string_view::npos ? 0 : end + 1;
  if (end < 2 * width || (!begins_with(value.substr(end - width), double_quotes) &&
                          !begins_with(value.substr(end - width), single_quotes)))
    return line;
  std::string inner{value.substr(width, end - 2 * width)};
  const std::string quote = inner.find('"') == std::string::npos ? "\"" : "'";
  return line.substr(0, begin) + quote + inner + quote + std::string{value.substr(end)};
}

} // namespace

std::string plain_lines(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf"))
    text.remove_prefix(3);
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r')
      result += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n')
      result += '\n';
  }
  return result;
}

std::optional<bad_byte> find_bad_byte(std::string_view text) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    return bad_byte{1, 1, "UTF-16, where UTF-8 is taken"};
  const auto place = [&](std::size_t at, const char* why) {
    const auto before = text.substr(0, at);
    const auto line_begin = before.rfind('\n');
    return bad_byte{
      static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1,
      line_begin == std::string_view::npos ? at + 1 : at - line_begin, why};
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
      return place(i, "a control character");
  }
  if (simdjson::validate_utf8(text.data(), text.size()))
    return std::nullopt;
  std::size_t good = 0,
              bad = text.size(); // the longest prefix that is valid, by bisection
  while (bad - good > 1) {
    const auto middle = good + (bad - good) / 2;
    // A prefix may end within a character: up to three bytes are forgiven.
    bool valid = false;
    for (std::size_t less = 0; less < 4 && less <= middle && !valid; ++less)
      valid = simdjson::validate_utf8(text.data(), middle - less);
    (valid ? good : bad) = middle;
  }
  while (good > 0 && !simdjson::validate_utf8(text.data(), good))
    --good; // what was forgiven: three times at most
  return place(good, "not UTF-8");
}

std::string repaired(const std::string& text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    result += with_plain_quotes(with_blanks(std::string_view{text}.substr(at, end - at)));
    result += '\n';
    at = end + 1;
  }
  return result;
}

} // namespace habitd
