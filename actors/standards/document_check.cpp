#include "actors/standards/document_check.hpp"

#include "actors/standards/front_matter.hpp"
#include "actors/standards/text_diff.hpp"
#include "actors/standards/version_bump.hpp"
#include "config/yaml_tree.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <set>

namespace habitd {

namespace {

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' &&
            c != '\r') ||
           c == 0x7f;
  });
}

/// Text of the fenced blocks marked as YAML, and whether the last fence is closed.
struct fenced_blocks {
  std::vector<std::string> yaml;
  bool closed = true;
};

fenced_blocks blocks_of(std::string_view text) {
  fenced_blocks found;
  std::string fence;
  bool is_yaml = false;
  std::size_t indent = 0;
  for (const auto line : lines_of(body_of(text))) {
    const auto at = std::min(line.find_first_not_of(" \t"), line.size());
    const auto inner = line.substr(at);
    const bool marks = inner.starts_with("```") || inner.starts_with("~~~");
    if (marks && fence.empty()) {
      fence = inner.substr(0, 3);
      indent = at;
      const auto word = inner.substr(3);
      is_yaml = word.starts_with("yaml") || word.starts_with("yml");
      if (is_yaml)
        found.yaml.emplace_back();
    } else if (marks && inner.starts_with(fence) &&
               inner.find_first_not_of(std::string_view{"`~ \t"}) == inner.npos) {
      fence.clear();
    } else if (!fence.empty() && is_yaml) {
      (found.yaml.back() += line.substr(std::min(at, indent))) += '\n';
    }
  }
  found.closed = fence.empty();
  return found;
}

std::set<std::string> hosts_in(std::string_view text) {
  std::set<std::string> hosts;
  for (const std::string_view scheme : {"http://", "https://"})
    for (auto at = text.find(scheme); at != text.npos; at = text.find(scheme, at + 1)) {
      const auto from = at + scheme.size();
      const auto end =
        std::min(text.find_first_of(" \t\r\n/?#)>]\"'`", from), text.size());
      auto host = std::string{text.substr(from, end - from)};
      std::ranges::transform(host, host.begin(), [](char c) {
        return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      });
      hosts.insert(std::move(host));
    }
  return hosts;
}

} // namespace

bool is_document_kind(std::string_view kind) {
  return kind == "markdown" || kind == "guide";
}

std::string problem_with(std::string_view text, std::string_view kind) {
  if (text.find_first_not_of(" \t\r\n") == text.npos)
    return "it is empty";
  if (text.size() > largest_document)
    return fmt::format("it has more than {} bytes", largest_document);
  if (!simdjson::validate_utf8(text.data(), text.size()))
    return "it is not UTF-8";
  if (has_control_characters(text))
    return "it has control characters";
  const auto body = body_of(text);
  const auto first =
    body.substr(std::min(body.find_first_not_of(" \t\r\n"), body.size()));
  if (first.starts_with("<!") || first.starts_with("<html") || first.starts_with("<HTML"))
    return "it is HTML, not Markdown";
  if (first.starts_with('{'))
    return "it is JSON, not Markdown";
  const auto front = read_front_matter(text, "front matter");
  if (!front)
    return front.error().context().get_as<std::string>(0);
  if (sections_of(text).size() < 2 && front->title.empty())
    return "it has no heading";
  const auto blocks = blocks_of(text);
  if (!blocks.closed)
    return "a block of code in it is never closed";
  if (kind == "guide")
    for (std::size_t i = 0; i < blocks.yaml.size(); ++i)
      if (const auto tree =
            read_yaml(blocks.yaml[i], fmt::format("block {} of YAML", i + 1));
          !tree)
        return tree.error().context().get_as<std::string>(0);
  return {};
}

std::string problem_with_change(std::string_view before, std::string_view after) {
  if (after.size() < before.size() / 5)
    return fmt::format("it has {} bytes in place of {}", after.size(), before.size());
  return {};
}

std::string unknown_host(std::string_view before, std::string_view after) {
  const auto known = hosts_in(before);
  for (const auto& host : hosts_in(after))
    if (!known.contains(host))
      return host;
  return {};
}

} // namespace habitd
