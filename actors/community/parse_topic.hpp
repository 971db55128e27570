#pragma once

#include "config/yaml_tree.hpp"
#include "messages/community.hpp"

#include <string>
#include <variant>
#include <vector>

namespace habitd {

/// What one document may cost: real blueprints reach 428 kB. Aliases are taken, for real
/// ones use them, and counted with all they stand for.
constexpr yaml_limits blueprint_limits{std::size_t{512} * 1024, 100, 100'000, true};

/// What one blueprint or automation says, and the text it was read from.
struct read_document {
  blueprint_facts facts;
  std::string yaml; // of an automation in a list its lines alone
  std::string hash; // `content_hash`
  std::vector<std::uint32_t> shingles;
  bool as_posted = true; // false: tabs, quotes or blanks had to be repaired
};

/// Reads a document that is, or holds, a blueprint or automations.
std::variant<std::vector<read_document>, yaml_failure>
read_blueprint(std::string_view text);

/// Whether a text means to be a blueprint or automation, well written or not.
bool looks_like_blueprint(std::string_view text);

struct parsed_topic {
  std::vector<parsed_entry> entries; // not yet judged by votes and age
  std::vector<parse_failure> failures;
  std::size_t blocks = 0; // that meant to be a blueprint or automation
};

/// Reads every blueprint and automation of a topic. Never fails as a whole.
parsed_topic parse_topic(const fetched_topic& topic);

/// The id of the `block`-th entry of a topic.
std::string corpus_id(std::string_view source, std::string_view source_id,
                      std::size_t block);

} // namespace habitd
