#include "actors/community/code_blocks.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace habitd {

namespace {

/// The references that Discourse writes, and a few that people paste.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> named{{
  {"amp", "&"},
  {"lt", "<"},
  {"gt", ">"},
  {"quot", "\""},
  {"apos", "'"},
  {"nbsp", " "},
  {"hellip", "…"},
  {"ndash", "–"},
  {"mdash", "—"},
  {"lsquo", "‘"},
  {"rsquo", "’"},
  {"deg", "°"},
}};

void append_utf8(std::string& to, std::uint32_t code) {
  const auto byte = [&to](std::uint32_t bits) { to += static_cast<char>(bits & 0xff); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xc0 | (code >> 6));
    byte(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    byte(0xe0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3f));
    byte(0x80 | (code & 0x3f));
  } else {
    byte(0xf0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3f));
    byte(0x80 | ((code >> 6) & 0x3f));
    byte(0x80 | (code & 0x3f));
  }
}

/// Of "#39" or "#x27".
std::optional<std::uint32_t> number_of(std::string_view reference) {
  if (reference.size() < 2 || reference[0] != '#')
    return std::nullopt;
  reference.remove_prefix(1);
  const bool hex = reference[0] == 'x' || reference[0] == 'X';
  if (hex)
    reference.remove_prefix(1);
  std::uint32_t code = 0;
  const auto* const end = reference.data() + reference.size();
  const auto [stop, failed] = std::from_chars(reference.data(), end, code, hex ? 16 : 10);
  const bool is_character =
    code != 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  if (failed != std::errc{} || stop != end || !is_character)
    return std::nullopt;
  return code == 0xa0 ? std::uint32_t{' '} : code;
}

/// Resolves the reference that `rest` begins with. @returns  the bytes it takes; 0: none.
std::size_t append_reference(std::string& to, std::string_view rest) {
  const auto end = rest.substr(0, 12).find(';');
  if (end == std::string_view::npos)
    return 0;
  const auto reference = rest.substr(1, end - 1);
  if (const auto code = number_of(reference)) {
    append_utf8(to, *code);
    return end + 1;
  }
  for (const auto& [name, text] : named)
    if (name == reference) {
      to += text;
      return end + 1;
    }
  return 0;
}

} // namespace

std::string html_to_text(std::string_view html) {
  std::string text;
  text.reserve(html.size());
  for (std::size_t i = 0; i < html.size();) {
    if (html[i] == '<') {
      const auto end = html.find('>', i);
      if (end == std::string_view::npos)
        break;
      const auto tag = html.substr(i + 1, 2);
      if (tag == "br")
        text += '\n';
      i = end + 1;
      continue;
    }
    if (html[i] == '&')
      if (const auto used = append_reference(text, html.substr(i))) {
        i += used;
        continue;
      }
    text += html[i++];
  }
  return text;
}

} // namespace habitd
