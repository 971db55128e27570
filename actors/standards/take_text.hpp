#pragma once

#include "messages/refresh.hpp"
#include "storage/home_store.hpp"

#include <string_view>

namespace habitd {

/// What is to be done with a text that a source has given.
struct text_verdict {
  enum class kind : std::uint8_t {
    taken,   // as a new version
    same,    // nothing new: the current text, or one that somebody went back from
    refused, // `problem` says why
  };
  kind what = kind::same;
  standard_version version{}; // the new one, if taken
  std::string problem{};
};

/// @param versions  of the document, all of them.
/// @param current   text of the current version.
text_verdict judge_text(const standard& document,
                        const std::vector<standard_version>& versions,
                        std::string_view current, const fetched_text& fetched,
                        wall_time now);

/// Makes `version` the current one of `document`, in the record and in `changes`. Of more
/// than a hundred versions the oldest go.
void stage_version(const home_store& store, batch& changes, standard& document,
                   const std::vector<standard_version>& versions,
                   const standard_version& version, std::string_view text);

/// The first version of a new document.
standard_version first_version(std::string_view text, std::string origin, wall_time now);

} // namespace habitd
