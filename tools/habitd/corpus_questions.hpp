#pragma once

#include "actors/community/corpus_index.hpp"
#include "storage/corpus_store.hpp"

#include <map>
#include <optional>
#include <string>

namespace habitd {

// Questions about the corpus, as people and programs put them.

std::optional<use_case> use_case_named(const std::string& word);

/// @param since  a date or an instant; empty = from the start.
/// @param operation  "add", "update", "remove", "prune", "restore" or "delete"; empty = all.
/// @errors ec::invalid_input, saying what is taken.
expected<audit_query> read_audit_query(const std::string& since,
                                       const std::string& operation, std::size_t limit);

/// The query of `GET /api/v1/corpus`. @errors ec::invalid_input, naming the parameter.
expected<corpus_query>
read_corpus_query(const std::map<std::string, std::string>& parameters);

/// An entity of the home by its id, else any of the kind that is named: "light", "light.x",
/// "binary_sensor:motion". @errors ec::invalid_input for a name without a domain.
expected<home_entity> kind_of_entity(const home_registry& home, const std::string& name);

} // namespace habitd
