#pragma once

#include "actors/community/home_registry.hpp"
#include "actors/community/match_home.hpp"
#include "messages/community.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace habitd {

/// What is asked of the corpus; everything that is set must hold.
struct corpus_query {
  std::string text{};   // words, each of which must occur; the last may be cut short
  std::string domain{}; // "light"
  std::string device_class{}; // "motion"
  std::string integration{};  // "zha"
  std::optional<use_case> purpose{};
  double least_quality = 0;
  bool blueprints_only = false;
  bool trending_only = false;
  bool runnable_only = false; // with a home: what it can run
  std::size_t skip = 0;
  std::size_t limit = 20;
};

/// An entry as lists show it.
struct corpus_card {
  std::string_view id, title, author, url; // as long as the index
  float quality = 0;
  float votes_per_day = 0;
  std::uint32_t votes = 0;
  use_case purpose{};
  blueprint_domain domain{};
  bool is_blueprint = false;
  bool trending = false;
  bool importable = false;
  bool risky = false;
  std::uint16_t missing = 0;   // needed inputs this home lacks; with a home only
  std::uint16_t creatable = 0; // helpers to be made first
};

struct corpus_hits {
  std::vector<corpus_card> cards;
  std::size_t total = 0; // without `skip` and `limit`
};

/// How often a name occurs.
struct name_count {
  std::string name;
  std::size_t entries = 0;
};

struct corpus_statistics {
  std::size_t entries = 0;
  std::size_t blueprints = 0;
  std::size_t trending = 0;
  std::size_t importable = 0;
  double mean_quality = 0;
  std::vector<name_count> purposes, domains, device_classes, integrations, sources;
};

/// What one more kind of device would bring.
struct unlocked {
  std::string wants; // "binary_sensor (motion)"
  std::size_t entries = 0;
  double quality = 0;                // sum of theirs
  std::vector<corpus_card> examples; // the best
};

/// The corpus in memory, as one refresh left it and as one home stands to it. Never changes:
/// readers keep what they began with while a newer one takes its place.
class corpus_index {
public:
  /// @param home  empty if it isn't known: nothing is matched then.
  explicit corpus_index(const std::vector<corpus_entry>& entries,
                        const home_registry& home = {});
  corpus_index(corpus_index&&) noexcept = default; // a copy would show texts of another
  corpus_index& operator=(corpus_index&&) noexcept = default;

  corpus_hits search(const corpus_query& query) const;

  /// What can be done with an entity of this kind: entries with an input that asks for it.
  corpus_hits possibilities(const home_entity& kind, std::size_t limit) const;

  /// Kinds of devices by how many entries they alone keep from running.
  std::vector<unlocked> recommendations(std::size_t limit) const;

  const corpus_statistics& statistics() const { return statistics_; }
  std::size_t size() const { return cards_.size(); }
  bool knows_home() const { return knows_home_; }
  std::size_t bytes() const; // that it takes, about

private:
  struct posting {
    std::uint32_t entry;
    std::uint8_t weight;
  };
  using postings = std::span<const posting>;

  void add_words(std::uint32_t entry, std::string_view text, std::uint8_t weight);
  void add_term(std::uint32_t entry, std::string term, std::uint8_t weight);
  void take_in(std::uint32_t number, const corpus_entry& entry,
               const home_registry& home);
  void settle();
  std::string_view keep(std::string_view text);
  postings of_term(const std::string& term) const;
  std::vector<posting> of_prefix(const std::string& prefix) const;
  bool passes(const corpus_card& card, const corpus_query& query) const;

  std::vector<corpus_card> cards_; // the best first
  std::vector<char> texts_;        // of cards; reserved in whole, so that views stay
  std::unordered_map<std::string, std::uint32_t> terms_; // number of each
  std::vector<std::string> sorted_terms_;                // words alone, for prefixes
  std::vector<std::uint32_t> begins_;                    // of each term's postings
  std::vector<posting> postings_;
  struct raw {
    std::uint32_t term;
    posting at;
  };
  std::vector<raw> raw_; // while it is built

  std::vector<blueprint_input> wishes_; // distinct ones, without key and name
  std::unordered_map<std::string, std::uint32_t> wish_numbers_;
  std::vector<std::vector<std::uint32_t>> wished_by_; // entries by wish
  std::vector<std::uint32_t> lacks_;                  // the one wish not met, else none
  corpus_statistics statistics_;
  bool knows_home_ = false;
};

} // namespace habitd
