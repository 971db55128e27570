#pragma once

#include "actors/standards/chat.hpp"
#include "actors/standards/provider_worker.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// What a model says of a draft.
struct critique {
  double score = 0; // 0 to 10
  std::vector<std::string> weaknesses{};
};

/// Reads `{"score": 7.5, "weaknesses": ["…"]}`, also with words or a fence around it.
/// @returns  none for anything else, or a score out of range.
std::optional<critique> read_critique(std::string_view answer);

/// The Markdown in an answer: without the fence that models like to put around all of it.
std::string markdown_in(std::string_view answer);

struct research_options {
  bool deep = true; // critique and revise; else the first draft is all
  std::array<double, 3> temperatures{0.8, 0.6, 0.4}; // by round; as many rounds at most
  double good_enough = 8.5;                          // ends the rounds
  double least = 7.0;                                // below, no draft is taken
};

/// Lets a model bring a document up to date: a draft, a critique with a score, a revision,
/// at most three rounds; the draft of the best score wins. One that is no document of its
/// kind has no score. The front matter is not the model's business: it stays as it is.
fetch_document research(ask_chat ask, research_options options);

} // namespace habitd
