#include "actors/community/parse_topic.hpp"

#include "actors/community/code_blocks.hpp"
#include "actors/community/judge.hpp"
#include "actors/detector/pattern_id.hpp"

#include <algorithm>

namespace habitd {

namespace {

/// Texts are for lists and searches: a long one is cut, between characters.
std::string cut(std::string text, std::size_t bytes) {
  if (text.size() <= bytes)
    return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80)
    --bytes;
  text.resize(bytes);
  return text;
}

/// What is kept of a text; the whole one is in the YAML.
constexpr std::size_t longest_title = 200;
constexpr std::size_t longest_description = 2'000;

corpus_entry entry_of(const fetched_topic& topic, std::size_t block,
                      read_document& document) {
  corpus_entry entry;
  entry.id = corpus_id(topic.source, topic.source_id, block);
  entry.source = topic.source;
  entry.source_id = topic.source_id;
  entry.block = static_cast<std::uint32_t>(block);
  entry.url = topic.url.empty() ? document.facts.source_url : topic.url;
  entry.title =
    cut(topic.title.empty() ? document.facts.name : topic.title, longest_title);
  entry.author = cut(topic.author.empty() ? document.facts.author : topic.author, 100);
  entry.category = topic.category;
  entry.tags = topic.tags;
  entry.created = topic.created;
  entry.updated = topic.updated;
  entry.version = topic.version;
  entry.voted = topic.voted;
  entry.votes = topic.votes;
  entry.content_hash = document.hash;
  entry.completeness = completeness_of(document.facts);
  entry.complexity = complexity_of(document.facts);
  entry.purpose = use_case_of(document.facts, entry.title, topic.tags);
  entry.facts = std::move(document.facts);
  entry.facts.name = cut(std::move(entry.facts.name), longest_title);
  entry.facts.description = cut(std::move(entry.facts.description), longest_description);
  return entry;
}

/// Home Assistant imports a file by its link as it is, of a post what its importer finds.
bool is_importable(const fetched_topic& topic, const read_document& document) {
  if (!document.facts.is_blueprint || !document.as_posted ||
      !(topic.url.starts_with("https://") || topic.url.starts_with("http://")))
    return false;
  if (topic.form == body_form::yaml)
    return true;
  return importable_from_post(topic.form == body_form::html ? topic.body : topic.cooked);
}

} // namespace

parsed_topic parse_topic(const fetched_topic& topic) {
  parsed_topic result;
  std::size_t number = 0;
  const auto blocks = code_blocks(topic.body, topic.form);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (!looks_like_blueprint(blocks[i].text))
      continue;
    ++result.blocks;
    auto read = read_blueprint(blocks[i].text);
    if (const auto* failed = std::get_if<yaml_failure>(&read)) {
      result.failures.push_back({topic.source, topic.source_id, topic.title, i,
                                 failed->line, failed->column, cut(failed->why, 300)});
      continue;
    }
    for (auto& document : std::get<std::vector<read_document>>(read)) {
      parsed_entry entry;
      const bool importable = is_importable(topic, document);
      entry.yaml = std::move(document.yaml);
      entry.shingles = std::move(document.shingles);
      entry.entry = entry_of(topic, number++, document);
      entry.entry.importable = importable;
      result.entries.push_back(std::move(entry));
    }
  }
  return result;
}

std::string corpus_id(std::string_view source, std::string_view source_id,
                      std::size_t block) {
  std::string text{source};
  text.append(1, '\0').append(source_id).append(1, '\0').append(std::to_string(block));
  return format_pattern_id(stable_hash(text));
}

} // namespace habitd
