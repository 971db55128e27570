#include "actors/standards/version_bump.hpp"

#include "actors/standards/front_matter.hpp"
#include "actors/standards/text_diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace habitd {

namespace {

constexpr std::size_t longest_log = 40;

/// How GitHub and Jekyll make an anchor of a heading: lower case, blanks as hyphens, and of
/// the rest only letters, digits, hyphens and underscores; bytes beyond ASCII stay.
std::string anchor_of(std::string_view title) {
  std::string anchor;
  for (const char c : title) {
    const auto byte = static_cast<unsigned char>(c);
    if ('A' <= c && c <= 'Z')
      anchor += static_cast<char>(c - 'A' + 'a');
    else if (c == ' ')
      anchor += '-';
    else if (byte >= 0x80 || ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') ||
             c == '-' || c == '_')
      anchor += c;
  }
  return anchor;
}

std::string_view trimmed_end(std::string_view line) {
  const auto last = line.find_last_not_of(" \t\r");
  return line.substr(0, last == line.npos ? 0 : last + 1);
}

/// The title of a line like "## Title ##"; empty for any other line.
std::string_view heading_in(std::string_view line) {
  const auto level = line.find_first_not_of('#');
  if (level == 0 || level == line.npos || level > 6 || line[level] != ' ')
    return {};
  auto title = line.substr(line.find_first_not_of(' ', level));
  const auto end = title.find_last_not_of('#');
  if (end != title.npos && end + 1 < title.size() && title[end] == ' ')
    title = trimmed_end(title.substr(0, end));
  return title;
}

/// Of all lines, in order, as strings that `diff_lines` can look at.
std::vector<std::string_view> views_of(const std::vector<std::string>& lines) {
  return {lines.begin(), lines.end()};
}

const text_section* find(const std::vector<text_section>& sections,
                         const std::string& anchor) {
  const auto found = std::ranges::find(sections, anchor, &text_section::anchor);
  return found == sections.end() ? nullptr : &*found;
}

std::string name_of(const text_section& section) {
  return section.anchor.empty() ? "the text before the first heading"
                                : "section \"" + section.title + "\"";
}

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} line{} {}", count, count == 1 ? "" : "s", what);
}

std::size_t line_count(const std::vector<text_section>& sections) {
  std::size_t count = 0;
  for (const auto& section : sections)
    count += section.lines.size();
  return count;
}

} // namespace

std::vector<text_section> sections_of(std::string_view text) {
  std::vector<text_section> sections(1);
  std::map<std::string, int> seen;
  std::string fence; // that is open
  for (const auto raw : lines_of(body_of(text))) {
    const auto line = trimmed_end(raw);
    const auto indent = std::min(line.find_first_not_of(" \t"), line.size());
    const auto inner = line.substr(indent);
    const bool marks = inner.starts_with("```") || inner.starts_with("~~~");
    if (marks && fence.empty()) {
      fence = inner.substr(0, 3);
    } else if (marks && inner.starts_with(fence) && heading_in(inner).empty() &&
               inner.find_first_not_of(fence[0]) == inner.npos) {
      fence.clear();
    } else if (!fence.empty()) {
      sections.back().code.emplace_back(line);
    } else if (const auto title = heading_in(line); !title.empty()) {
      auto anchor = anchor_of(title);
      if (const auto again = seen[anchor]++; again > 0)
        anchor += fmt::format("-{}", again);
      sections.push_back({std::move(anchor), std::string{title}, {}, {}});
    }
    sections.back().lines.emplace_back(line);
  }
  return sections;
}

text_change change_of(std::string_view before, std::string_view after) {
  const auto old_sections = sections_of(before);
  const auto new_sections = sections_of(after);
  text_change change;
  const auto raise = [&change](version_bump to) {
    change.bump = std::max(change.bump, to);
  };
  std::size_t removed_lines = 0;
  for (const auto& section : old_sections)
    if (!find(new_sections, section.anchor)) {
      raise(version_bump::major);
      removed_lines += section.lines.size();
      change.log.push_back("removed " + name_of(section));
    }
  for (const auto& section : new_sections) {
    const auto* old = find(old_sections, section.anchor);
    if (!old) {
      raise(version_bump::minor);
      change.log.push_back("added " + name_of(section));
      continue;
    }
    if (section.lines == old->lines)
      continue;
    const auto counts =
      count_changes(diff_lines(views_of(old->lines), views_of(section.lines)));
    removed_lines += counts.removed;
    const bool code = section.code != old->code;
    raise(code ? version_bump::minor : version_bump::patch);
    change.log.push_back(fmt::format(
      "changed {}: {}, {}{}", name_of(section), counted(counts.added, "added"),
      counted(counts.removed, "removed"), code ? "; its code is another" : ""));
  }
  if (2 * removed_lines > line_count(old_sections)) {
    raise(version_bump::major);
    change.log.insert(change.log.begin(), "more than half of the lines are gone");
  }
  if (change.bump == version_bump::none && front_of(before) != front_of(after)) {
    raise(version_bump::patch);
    change.log.emplace_back("changed the front matter");
  }
  if (change.bump == version_bump::none &&
      !std::ranges::equal(old_sections, new_sections, {}, &text_section::anchor,
                          &text_section::anchor)) {
    raise(version_bump::patch);
    change.log.emplace_back("changed the order of sections");
  }
  if (change.log.size() > longest_log) {
    const auto more = change.log.size() - longest_log + 1;
    change.log.resize(longest_log - 1);
    change.log.push_back(fmt::format("and {} more changes", more));
  }
  return change;
}

std::string next_version(std::string_view version, version_bump bump) {
  std::array<std::uint32_t, 3> parts{1, 0, 0};
  std::array<std::uint32_t, 3> read{};
  const auto* at = version.data();
  const auto* end = at + version.size();
  bool good = true;
  for (std::size_t i = 0; i < read.size() && good; ++i) {
    good = i == 0 || (at != end && *at++ == '.');
    const auto [stop, failed] = std::from_chars(at, end, read[i]);
    good = good && failed == std::errc{};
    at = stop;
  }
  if (good && at == end)
    parts = read;
  if (bump == version_bump::major)
    parts = {parts[0] + 1, 0, 0};
  else if (bump == version_bump::minor)
    parts = {parts[0], parts[1] + 1, 0};
  else if (bump == version_bump::patch)
    ++parts[2];
  return fmt::format("{}.{}.{}", parts[0], parts[1], parts[2]);
}

} // namespace habitd
