#include "actors/community/corpus_index.hpp"

#include "actors/community/judge.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <numeric>

namespace habitd {

namespace {

constexpr std::uint32_t no_wish = 0xffff'ffff;
constexpr std::size_t most_words = 300; // of one text

/// Calls `visit` with each word of a text, in lower case.
template <class Visit>
void each_word(std::string_view text, Visit visit) {
  std::string word;
  std::size_t words = 0;
  const auto end_word = [&] {
    if (!word.empty() && word.size() <= 40 && words++ < most_words)
      visit(word);
    word.clear();
  };
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || byte >= 0x80)
      word += static_cast<char>(std::tolower(byte));
    else
      end_word();
  }
  end_word();
}

/// Distinguishes facets from words, which never hold a colon.
std::string facet(const char* kind, std::string_view name) {
  return std::string{kind} + ":" + std::string{name};
}

bool asks_of_home(const blueprint_input& input) {
  return input.selector == "entity" || input.selector == "target" ||
         input.selector == "device" || input.selector == "area" ||
         input.selector == "floor" || input.selector == "config_entry";
}

/// The same for inputs that ask for the same.
std::string wish_key(const blueprint_input& input) {
  std::string key = input.selector;
  const auto add = [&key](const std::vector<std::string>& list) {
    for (const auto& each : list)
      key.append(1, ',').append(each);
    key += ';';
  };
  for (const auto& wish : input.entities) {
    key.append("|e").append(wish.integration);
    add(wish.domains);
    add(wish.device_classes);
    add(wish.features);
  }
  for (const auto& wish : input.devices)
    add({"|d", wish.integration, wish.manufacturer, wish.model, wish.model_id});
  return key;
}

std::vector<name_count> most_first(const std::map<std::string, std::size_t>& counts,
                                   std::size_t limit) {
  std::vector<name_count> sorted;
  for (const auto& [name, entries] : counts)
    sorted.push_back({name, entries});
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.entries > b.entries; });
  if (sorted.size() > limit)
    sorted.resize(limit);
  return sorted;
}

corpus_statistics count_entries(const std::vector<corpus_entry>& entries) {
  corpus_statistics result;
  std::map<std::string, std::size_t> purposes, domains, classes, integrations, sources;
  for (const auto& entry : entries) {
    ++result.entries;
    result.blueprints += entry.facts.is_blueprint;
    result.trending += entry.trending;
    result.importable += entry.importable;
    result.mean_quality += entry.quality;
    ++purposes[std::string{use_case_word(entry.purpose)}];
    ++sources[entry.source];
    for (const auto& name : entry.facts.domains)
      ++domains[name];
    for (const auto& name : entry.facts.device_classes)
      ++classes[name];
    for (const auto& name : entry.facts.integrations)
      ++integrations[name];
  }
  if (result.entries > 0)
    result.mean_quality /= static_cast<double>(result.entries);
  constexpr std::size_t most = 20;
  result.purposes = most_first(purposes, most);
  result.domains = most_first(domains, most);
  result.device_classes = most_first(classes, most);
  result.integrations = most_first(integrations, most);
  result.sources = most_first(sources, most);
  return result;
}

} // namespace

corpus_index::corpus_index(const std::vector<corpus_entry>& entries,
                           const home_registry& home)
    : statistics_{count_entries(entries)}, knows_home_{!home.is_empty()} {
  std::vector<std::uint32_t> order(entries.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tuple{-entries[a].quality, std::string_view{entries[a].id}} <
           std::tuple{-entries[b].quality, std::string_view{entries[b].id}};
  });
  std::size_t bytes = 0;
  for (const auto& entry : entries)
    bytes +=
      entry.id.size() + entry.title.size() + entry.author.size() + entry.url.size();
  texts_.reserve(bytes);
  cards_.reserve(entries.size());
  lacks_.assign(entries.size(), no_wish);
  for (std::uint32_t number = 0; number < order.size(); ++number)
    take_in(number, entries[order[number]], home);
  settle();
}

std::string_view corpus_index::keep(std::string_view text) {
  const auto at = texts_.size();
  texts_.insert(texts_.end(), text.begin(), text.end());
  return {texts_.data() + at, text.size()};
}

void corpus_index::take_in(std::uint32_t number, const corpus_entry& entry,
                           const home_registry& home) {
  corpus_card card;
  card.id = keep(entry.id);
  card.title = keep(entry.title);
  card.author = keep(entry.author);
  card.url = keep(entry.url);
  card.quality = static_cast<float>(entry.quality);
  card.votes_per_day = static_cast<float>(entry.votes_per_day);
  card.votes = entry.votes;
  card.purpose = entry.purpose;
  card.domain = entry.facts.domain;
  card.is_blueprint = entry.facts.is_blueprint;
  card.trending = entry.trending;
  card.importable = entry.importable;
  card.risky = !entry.facts.risks.empty();
  add_words(number, entry.title, 6);
  add_words(number, entry.facts.name, 4);
  add_words(number, entry.facts.description, 1);
  add_words(number, entry.author, 2);
  for (const auto& tag : entry.tags)
    add_words(number, tag, 3);
  for (const auto& name : entry.facts.domains)
    add_words(number, name, 2), add_term(number, facet("d", name), 1);
  for (const auto& name : entry.facts.device_classes)
    add_words(number, name, 2), add_term(number, facet("c", name), 1);
  for (const auto& name : entry.facts.integrations)
    add_words(number, name, 3), add_term(number, facet("i", name), 1);
  add_term(number, facet("u", use_case_word(entry.purpose)), 1);
  for (const auto& input : entry.facts.inputs) {
    if (!asks_of_home(input))
      continue;
    auto key = wish_key(input);
    const auto [known, is_new] =
      wish_numbers_.emplace(std::move(key), static_cast<std::uint32_t>(wishes_.size()));
    if (is_new) {
      auto wish = input;
      wish.required = wish.always_visible = true;
      wish.key = wish.name = wish.section = wish.default_value = {};
      wishes_.push_back(std::move(wish));
      wished_by_.emplace_back();
    }
    auto& by = wished_by_[known->second];
    if (by.empty() || by.back() != number)
      by.push_back(number);
  }
  if (!home.is_empty()) {
    const auto match = match_home(entry.facts.inputs, home);
    card.missing = static_cast<std::uint16_t>(std::min<std::size_t>(match.missing, 999));
    card.creatable =
      static_cast<std::uint16_t>(std::min<std::size_t>(match.creatable, 999));
    // Two inputs that want the same kind of device lack one kind.
    for (std::size_t i = 0; i < match.inputs.size(); ++i)
      if (match.inputs[i].is_needed && match.inputs[i].fit == input_fit::missing) {
        const auto wish = wish_numbers_.at(wish_key(entry.facts.inputs[i]));
        if (lacks_[number] != no_wish && lacks_[number] != wish) {
          lacks_[number] = no_wish;
          break;
        }
        lacks_[number] = wish;
      }
  }
  cards_.push_back(card);
}

void corpus_index::add_words(std::uint32_t entry, std::string_view text,
                             std::uint8_t weight) {
  each_word(text, [&](const std::string& word) { add_term(entry, word, weight); });
}

void corpus_index::add_term(std::uint32_t entry, std::string term, std::uint8_t weight) {
  const auto number =
    terms_.emplace(std::move(term), static_cast<std::uint32_t>(terms_.size()))
      .first->second;
  raw_.push_back({number, {entry, weight}});
}

/// Postings by term and entry, the weights of one entry added up.
void corpus_index::settle() {
  std::sort(raw_.begin(), raw_.end(), [](const raw& a, const raw& b) {
    return std::pair{a.term, a.at.entry} < std::pair{b.term, b.at.entry};
  });
  begins_.assign(terms_.size() + 1, 0);
  postings_.reserve(raw_.size());
  for (std::size_t i = 0; i < raw_.size();) {
    const auto [term, first] = raw_[i];
    unsigned weight = 0;
    for (; i < raw_.size() && raw_[i].term == term && raw_[i].at.entry == first.entry;
         ++i)
      weight += raw_[i].at.weight;
    postings_.push_back({first.entry, static_cast<std::uint8_t>(std::min(weight, 255U))});
    begins_[term + 1] = static_cast<std::uint32_t>(postings_.size());
  }
  for (std::size_t i = 1; i < begins_.size(); ++i)
    begins_[i] = std::max(begins_[i], begins_[i - 1]);
  std::vector<raw>{}.swap(raw_);
  postings_.shrink_to_fit();
  for (const auto& [term, number] : terms_)
    if (term.find(':') == std::string::npos)
      sorted_terms_.push_back(term);
  std::sort(sorted_terms_.begin(), sorted_terms_.end());
}

corpus_index::postings corpus_index::of_term(const std::string& term) const {
  const auto found = terms_.find(term);
  if (found == terms_.end())
    return {};
  return {postings_.data() + begins_[found->second],
          postings_.data() + begins_[found->second + 1]};
}

/// Of all words that begin so; the first hundred of them.
std::vector<corpus_index::posting>
corpus_index::of_prefix(const std::string& prefix) const {
  std::vector<posting> all;
  auto word = std::lower_bound(sorted_terms_.begin(), sorted_terms_.end(), prefix);
  for (int words = 0;
       word != sorted_terms_.end() && word->starts_with(prefix) && words < 100;
       ++word, ++words) {
    const auto part = of_term(*word);
    const auto middle = static_cast<std::ptrdiff_t>(all.size());
    all.insert(all.end(), part.begin(), part.end());
    std::inplace_merge(
      all.begin(), all.begin() + middle, all.end(),
      [](const posting& a, const posting& b) { return a.entry < b.entry; });
  }
  const auto same = [](const posting& a, const posting& b) { return a.entry == b.entry; };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  return all;
}

bool corpus_index::passes(const corpus_card& card, const corpus_query& query) const {
  return card.quality >= static_cast<float>(query.least_quality) &&
         (!query.blueprints_only || card.is_blueprint) &&
         (!query.trending_only || card.trending) &&
         (!query.runnable_only || (knows_home_ && card.missing == 0));
}

corpus_hits corpus_index::search(const corpus_query& query) const {
  std::vector<postings> lists;
  std::vector<posting> of_last_word; // may be cut short, as somebody types
  std::vector<std::string> words;
  each_word(query.text, [&](const std::string& word) { words.push_back(word); });
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    lists.push_back(of_term(words[i]));
  if (!words.empty()) {
    of_last_word = of_prefix(words.back());
    lists.emplace_back(of_last_word);
  }
  const auto scored = lists.size();
  if (!query.domain.empty())
    lists.push_back(of_term(facet("d", query.domain)));
  if (!query.device_class.empty())
    lists.push_back(of_term(facet("c", query.device_class)));
  if (!query.integration.empty())
    lists.push_back(of_term(facet("i", query.integration)));
  if (query.purpose)
    lists.push_back(of_term(facet("u", use_case_word(*query.purpose))));

  struct hit {
    float score;
    std::uint32_t entry;
  };
  std::vector<hit> hits;
  const auto by_length =
    std::min_element(lists.begin(), lists.end(),
                     [](postings a, postings b) { return a.size() < b.size(); });
  const auto consider = [&](std::uint32_t entry) {
    float relevance = 1;
    for (std::size_t i = 0; i < lists.size(); ++i) {
      const auto at = std::lower_bound(
        lists[i].begin(), lists[i].end(), entry,
        [](const posting& a, std::uint32_t number) { return a.entry < number; });
      if (at == lists[i].end() || at->entry != entry)
        return;
      if (i < scored) {
        const auto rarity = std::log(1 + static_cast<float>(cards_.size()) /
                                           static_cast<float>(lists[i].size()));
        // As in BM25, more of the same word counts less and less.
        relevance +=
          rarity * static_cast<float>(at->weight) / (static_cast<float>(at->weight) + 4);
      }
    }
    if (passes(cards_[entry], query))
      hits.push_back(
        {scored > 0 ? relevance * (0.5F + cards_[entry].quality) : 0, entry});
  };
  if (lists.empty())
    for (std::uint32_t i = 0; i < cards_.size(); ++i)
      consider(i);
  else
    for (const auto& each : *by_length)
      consider(each.entry);

  corpus_hits result;
  result.total = hits.size();
  const auto end = std::min(hits.size(), query.skip + query.limit);
  std::partial_sort(hits.begin(), hits.begin() + static_cast<std::ptrdiff_t>(end),
                    hits.end(), [](const hit& a, const hit& b) {
                      return a.score != b.score ? a.score > b.score : a.entry < b.entry;
                    });
  for (auto i = query.skip; i < end; ++i)
    result.cards.push_back(cards_[hits[i].entry]);
  return result;
}

corpus_hits corpus_index::possibilities(const home_entity& kind,
                                        std::size_t limit) const {
  home_registry home;
  home.entities.push_back(kind);
  home_device device;
  device.integrations.push_back(kind.integration);
  home.devices.push_back(device);
  home.entities.front().device = 0;
  std::vector<std::uint32_t> entries;
  for (std::size_t i = 0; i < wishes_.size(); ++i) {
    const bool is_about_it = !wishes_[i].entities.empty() || !wishes_[i].devices.empty();
    if (is_about_it && fits(home, home.entities.front(), wishes_[i]))
      entries.insert(entries.end(), wished_by_[i].begin(), wished_by_[i].end());
  }
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  corpus_hits hits;
  hits.total = entries.size();
  for (std::size_t i = 0; i < std::min(limit, entries.size()); ++i)
    hits.cards.push_back(cards_[entries[i]]);
  return hits;
}

std::vector<unlocked> corpus_index::recommendations(std::size_t limit) const {
  std::map<std::string, unlocked> by_wish;
  constexpr std::size_t examples = 3;
  for (std::uint32_t i = 0; i < cards_.size(); ++i)
    if (lacks_[i] != no_wish) {
      auto words = wish_words(wishes_[lacks_[i]]);
      auto& at = by_wish[words];
      at.wants = std::move(words);
      ++at.entries;
      at.quality += static_cast<double>(cards_[i].quality);
      if (at.examples.size() < examples)
        at.examples.push_back(cards_[i]);
    }
  std::vector<unlocked> sorted;
  for (auto& [words, each] : by_wish)
    sorted.push_back(std::move(each));
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.quality > b.quality; });
  if (sorted.size() > limit)
    sorted.resize(limit);
  return sorted;
}

std::size_t corpus_index::bytes() const {
  std::size_t terms = 0;
  for (const auto& term : sorted_terms_)
    terms += 2 * (sizeof(std::string) + (term.size() > 15 ? term.size() : 0)) + 24;
  std::size_t wished = 0;
  for (const auto& by : wished_by_)
    wished += by.capacity() * sizeof(std::uint32_t);
  return cards_.capacity() * sizeof(corpus_card) + texts_.capacity() + terms +
         begins_.capacity() * sizeof(std::uint32_t) +
         postings_.capacity() * sizeof(posting) + wished +
         wishes_.capacity() * sizeof(blueprint_input) * 2;
}

} // namespace habitd
