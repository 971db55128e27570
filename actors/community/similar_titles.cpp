#include "actors/community/similar_titles.hpp"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cstdint>
#include <vector>

namespace habitd {

namespace {

constexpr std::size_t longest = 200;

/// The edits that make `a` into `b`; more than `most` once they are.
std::size_t edits(std::string_view a, std::string_view b, std::size_t most) {
  if (a.size() > b.size())
    std::swap(a, b);
  std::vector<std::size_t> row(a.size() + 1);
  for (std::size_t i = 0; i < row.size(); ++i)
    row[i] = i;
  for (std::size_t j = 1; j <= b.size(); ++j) {
    auto diagonal = row[0];
    row[0] = j;
    auto least = row[0];
    for (std::size_t i = 1; i <= a.size(); ++i) {
      const auto replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[i];
      row[i] = std::min({row[i] + 1, row[i - 1] + 1, replaced});
      least = std::min(least, row[i]);
    }
    if (least > most)
      return most + 1;
  }
  return row.back();
}

/// Which letters and digits occur: one edit changes two bits at most.
std::uint64_t letters(std::string_view text) {
  std::uint64_t bits = 0;
  for (const char c : text)
    bits |= std::uint64_t{1} << (static_cast<unsigned char>(c) & 63);
  return bits;
}

/// Whether UTF-8 that begins with this byte is mostly letters. Not so: punctuation of Latin-1
/// (c2), arrows, dashes and dingbats (e2), forms and marks (ef), emoji (f0 and up).
bool begins_letter(unsigned char byte) {
  return byte > 0xc2 && byte < 0xef && byte != 0xe2;
}

} // namespace

std::string plain_title(std::string_view title) {
  std::string plain;
  int brackets = 0;
  bool is_letter = false; // of the character beyond ASCII that `c` belongs to
  for (const char c : title.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    brackets += (c == '[') - (c == ']' && brackets > 0);
    if (brackets > 0 || c == ']')
      continue;
    if (byte >= 0xc0)
      is_letter = begins_letter(byte);
    if (byte < 0x80 ? std::isalnum(byte) != 0 : is_letter)
      plain += byte < 0x80 ? static_cast<char>(std::tolower(byte)) : c;
    else if (!plain.empty() && plain.back() != ' ' && byte < 0x80)
      plain += ' ';
  }
  while (!plain.empty() && plain.back() == ' ')
    plain.pop_back();
  return plain;
}

double title_similarity(std::string_view a, std::string_view b) {
  const auto length = std::max(a.size(), b.size());
  if (length == 0)
    return 1;
  return 1 - static_cast<double>(edits(a, b, length)) / static_cast<double>(length);
}

bool are_similar(std::string_view a, std::string_view b, double least) {
  const auto length = std::max(a.size(), b.size());
  const auto shorter = std::min(a.size(), b.size());
  const auto most = static_cast<std::size_t>((1 - least) * static_cast<double>(length));
  if (length - shorter > most ||
      static_cast<std::size_t>(std::popcount(letters(a) ^ letters(b))) > 2 * most)
    return false;
  const auto made = edits(a, b, most);
  return made <= most &&
         1 - static_cast<double>(made) / static_cast<double>(length) > least;
}

} // namespace habitd
