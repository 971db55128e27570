#include "actors/community/near_duplicates.hpp"

#include "actors/community/shingles.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace habitd {

namespace {

constexpr std::size_t minima = 64;
constexpr std::size_t bands = 16;
constexpr std::size_t rows = minima / bands;
constexpr std::uint32_t none = 0xffff'ffff;
constexpr int most_compared = 64; // per band: what shares that much is boilerplate

using signature = std::array<std::uint32_t, minima>;

std::uint32_t mixed(std::uint32_t h) {
  // Source: the finaliser of A. Appleby's MurmurHash3, 32 bits.
  h = (h ^ (h >> 16)) * 0x85ebca6bU;
  h = (h ^ (h >> 13)) * 0xc2b2ae35U;
  return h ^ (h >> 16);
}

signature signature_of(const std::vector<std::uint32_t>& shingles) {
  signature result;
  result.fill(none);
  for (const auto shingle : shingles) {
    const auto hash = mixed(shingle);
    auto& least = result[hash >> 26];
    least = std::min(least, hash & 0x03ff'ffffU);
  }
  if (shingles.empty())
    return result;
  const auto sparse = result; // an empty minimum is borrowed from one drawn by its number
  for (std::uint32_t i = 0; i < minima; ++i)
    for (std::uint32_t attempt = 1; result[i] == none; ++attempt)
      result[i] = sparse[mixed(i * 0x9e37'79b9U + attempt) >> 26];
  return result;
}

/// Entries that stay, by what they have in one band.
class band_table {
public:
  explicit band_table(std::size_t entries)
      : heads_(std::bit_ceil(std::max<std::size_t>(entries, 16)), none) {}

  template <class Visit>
  void each(std::uint32_t hash, Visit visit) const {
    int seen = 0;
    for (auto at = heads_[hash & (heads_.size() - 1)]; at != none && seen < most_compared;
         at = chain_[at].next)
      if (chain_[at].hash == hash) {
        visit(chain_[at].entry);
        ++seen;
      }
  }

  void add(std::uint32_t hash, std::uint32_t entry) {
    auto& head = heads_[hash & (heads_.size() - 1)];
    chain_.push_back({hash, entry, head});
    head = static_cast<std::uint32_t>(chain_.size() - 1);
  }

private:
  struct link {
    std::uint32_t hash;
    std::uint32_t entry;
    std::uint32_t next;
  };
  std::vector<std::uint32_t> heads_;
  std::vector<link> chain_;
};

std::uint32_t band_hash(const signature& of, std::size_t band) {
  std::uint32_t hash = 0x811c'9dc5U + static_cast<std::uint32_t>(band);
  for (std::size_t i = 0; i < rows; ++i)
    hash = mixed(hash * 31 + of[band * rows + i]);
  return hash;
}

/// No sets of such sizes can share that much.
bool sizes_differ(std::size_t a, std::size_t b, double least) {
  return static_cast<double>(std::min(a, b)) <
         least * static_cast<double>(std::max(a, b));
}

} // namespace

std::vector<std::size_t> absorbers(std::size_t entries,
                                   const shingles_by_position& shingles, double least) {
  std::vector<std::size_t> result(entries);
  std::vector<band_table> tables(bands, band_table{entries});
  std::vector<std::uint32_t> sizes(entries), candidates;
  for (std::size_t i = 0; i < entries; ++i) {
    const auto own = shingles(i);
    const auto of = signature_of(own);
    sizes[i] = static_cast<std::uint32_t>(own.size());
    candidates.clear();
    std::array<std::uint32_t, bands> hashes{};
    for (std::size_t band = 0; band < bands; ++band) {
      hashes[band] = band_hash(of, band);
      tables[band].each(hashes[band], [&](std::uint32_t other) {
        if (!sizes_differ(sizes[other], own.size(), least))
          candidates.push_back(other);
      });
    }
    std::sort(candidates.begin(), candidates.end());
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    const auto found =
      std::find_if(candidates.begin(), candidates.end(), [&](std::uint32_t other) {
        return jaccard(own, shingles(other)) >= least;
      });
    result[i] = found == candidates.end() ? i : *found;
    if (result[i] == i)
      for (std::size_t band = 0; band < bands; ++band)
        tables[band].add(hashes[band], static_cast<std::uint32_t>(i));
  }
  return result;
}

} // namespace habitd
