#include "actors/community/shingles.hpp"

#include "actors/detector/pattern_id.hpp"

#include <algorithm>
#include <array>

namespace habitd {

namespace {

constexpr std::size_t tokens_each = 4;

std::uint64_t mixed(std::uint64_t h) {
  // Source: the finaliser of A. Appleby's MurmurHash3.
  h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdULL;
  h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return h ^ (h >> 33);
}

bool is_prose(std::string_view key) {
  constexpr std::array keys{"name",       "description", "alias", "author",
                            "source_url", "id",          "note",  "icon"};
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

class shingler {
public:
  void add(const yaml_node& node) {
    if (node.is == yaml_node::kind::scalar)
      add_words(node.text);
    for (const auto& [key, value] : node.entries) {
      const bool in_map = node.is == yaml_node::kind::map;
      const bool prose = is_prose(key.text) && value.is == yaml_node::kind::scalar;
      if (in_map && prose)
        continue;
      token(in_map ? stable_hash(key.text) + 1 : 2); // not the same as a word
      add(value);
    }
  }

  std::vector<std::uint32_t> take() {
    if (hashes_.empty() && count_ > 0)
      hashes_.push_back(static_cast<std::uint32_t>(mixed(last_[0] + count_)));
    std::sort(hashes_.begin(), hashes_.end());
    hashes_.erase(std::unique(hashes_.begin(), hashes_.end()), hashes_.end());
    if (hashes_.size() > most_shingles)
      hashes_.resize(most_shingles);
    return std::move(hashes_);
  }

private:
  void add_words(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
      std::size_t end = i + 1;
      if (is_word(text[i]))
        while (end < text.size() && is_word(text[end]))
          ++end;
      else if (text[i] == ' ' || text[i] == '\n' || text[i] == '\t') {
        i = end;
        continue;
      }
      token(stable_hash(text.substr(i, end - i)));
      i = end;
    }
  }

  void token(std::uint64_t hash) {
    last_[count_++ % tokens_each] = hash;
    if (count_ < tokens_each)
      return;
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < tokens_each; ++i)
      all = mixed(all + last_[(count_ + i) % tokens_each]);
    hashes_.push_back(static_cast<std::uint32_t>(all));
  }

  std::array<std::uint64_t, tokens_each> last_{};
  std::size_t count_ = 0;
  std::vector<std::uint32_t> hashes_;
};

std::uint64_t hash_of(const yaml_node& node, int depth) {
  auto hash = mixed(stable_hash(node.text) + static_cast<std::uint64_t>(node.is));
  hash = mixed(hash + stable_hash(node.tag));
  if (node.is == yaml_node::kind::map) {
    std::uint64_t sum = 0; // the order of keys is of no meaning
    for (const auto& [key, value] : node.entries)
      if (depth > 1 || key.text != "source_url")
        sum += mixed(stable_hash(key.text) + mixed(hash_of(value, depth + 1)));
    return mixed(hash + sum);
  }
  for (const auto& [none, value] : node.entries)
    hash = mixed(hash + hash_of(value, depth + 1));
  return hash;
}

} // namespace

std::vector<std::uint32_t> shingles_of(const yaml_node& root) {
  shingler all;
  all.add(root);
  return all.take();
}

double jaccard(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  if (a.empty() && b.empty())
    return 1;
  std::size_t shared = 0;
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    const bool equal = *x == *y;
    const bool x_less = *x < *y;
    shared += equal;
    x += equal || x_less;
    y += equal || !x_less;
  }
  return static_cast<double>(shared) / static_cast<double>(a.size() + b.size() - shared);
}

std::string content_hash(const yaml_node& root) {
  return format_pattern_id(hash_of(root, 0));
}

} // namespace habitd
