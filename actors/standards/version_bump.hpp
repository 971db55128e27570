#pragma once

#include "messages/standard.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// A part of a Markdown text, from one heading to the next.
struct text_section {
  std::string
    anchor; // as pages link to it: "time-trigger"; empty before the first heading
  std::string title;
  std::vector<std::string> lines; // the heading's own included
  std::vector<std::string> code;  // lines within fenced blocks
};

/// The sections of a text without its front matter. Two of the same heading get the
/// anchors "name" and "name-1". Lines are without blanks at their end.
std::vector<text_section> sections_of(std::string_view text);

struct text_change {
  version_bump bump = version_bump::none;
  std::vector<std::string> log; // a line each, forty at most
};

/// What became of a text:
/// - major: an anchor is gone that others may link to, or more than half of all lines are;
/// - minor: there is a new section, or the code of one is another: something new to use;
/// - patch: any other change;
/// - none: the same but for line ends and blanks at the end of lines.
text_change change_of(std::string_view before, std::string_view after);

/// "1.4.2" and a minor change make "1.5.0". Anything that is no version counts as "1.0.0".
std::string next_version(std::string_view version, version_bump bump);

} // namespace habitd
