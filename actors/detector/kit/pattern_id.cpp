#include "actors/detector/kit/pattern_id.hpp"

namespace habitd {

std::uint64_t stable_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3u;
  }
  return hash;
}

std::uint64_t free_pattern_id(const std::string& text,
                              const std::function<bool(std::uint64_t)>& taken) {
  auto id = stable_hash(text);
  for (int attempt = 2; taken(id); ++attempt)
    id = stable_hash(text + '#' + std::to_string(attempt));
  return id;
}

std::string format_pattern_id(std::uint64_t id) {
  std::string text(16, '0');
  for (std::size_t i = text.size(); i > 0; --i, id >>= 4)
    text[i - 1] = "0123456789abcdef"[id & 15];
  return text;
}

} // namespace habitd
