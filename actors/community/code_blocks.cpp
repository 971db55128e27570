#include "actors/community/code_blocks.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace habitd {

namespace {

std::string lower(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// The next line of `rest`, which is moved behind it.
std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

/// What begins a fence: its character, how often it comes, and what stands before it.
struct fence {
  char mark = '`';
  std::size_t length = 0;
  std::string_view before; // blanks, or the marks of a quote
  std::string language;
};

std::optional<fence> opening_fence(std::string_view line) {
  const auto begin = line.find_first_not_of(" \t>");
  if (begin == std::string_view::npos || (line[begin] != '`' && line[begin] != '~'))
    return std::nullopt;
  fence found{line[begin], 0, line.substr(0, begin), {}};
  auto end = line.find_first_not_of(found.mark, begin);
  end = std::min(end, line.size());
  found.length = end - begin;
  const auto info = trimmed(line.substr(end));
  if (found.length < 3 || info.find('`') != std::string_view::npos)
    return std::nullopt;
  found.language = lower(info.substr(0, info.find_first_of(" \t,{")));
  return found;
}

bool closes(std::string_view line, const fence& open) {
  const auto text =
    trimmed(line.substr(std::min(line.size(), line.find_first_not_of(" \t>"))));
  return text.size() >= open.length &&
         text.find_first_not_of(open.mark) == std::string_view::npos;
}

/// A line of code without what stands before the fence too.
std::string_view inside(std::string_view line, std::string_view before) {
  const bool quoted = before.find('>') != std::string_view::npos;
  std::size_t i = 0;
  while (i < line.size() && i < before.size() &&
         (line[i] == ' ' || line[i] == '\t' || (quoted && line[i] == '>')))
    ++i;
  return line.substr(i);
}

code_block take_fenced(std::string_view& rest, const fence& open) {
  code_block block{{}, open.language};
  while (!rest.empty()) {
    const auto line = take_line(rest);
    if (closes(line, open))
      break;
    block.text += inside(line, open.before);
    block.text += '\n';
  }
  return block;
}

/// What is between `[code]`, or `[code=yaml]`, and `[/code]`; `line` holds the former.
code_block take_bbcode(std::string_view& rest, std::string_view line, std::size_t tag) {
  code_block block;
  const auto end_of_tag = line.find(']', tag);
  const auto name = line.substr(tag + 5, end_of_tag - tag - 5);
  if (name.starts_with("="))
    block.language = lower(trimmed(name.substr(1)));
  auto text = line.substr(end_of_tag + 1);
  while (true) {
    const auto end = lower(text).find("[/code]");
    if (end != std::string::npos) {
      block.text += text.substr(0, end);
      return block;
    }
    if (!trimmed(text).empty() || !block.text.empty()) {
      block.text += text;
      block.text += '\n';
    }
    if (rest.empty())
      return block;
    text = take_line(rest);
  }
}

bool is_indented(std::string_view line) {
  return line.starts_with("    ") || line.starts_with("\t");
}

/// Indented lines, with blank ones between them.
code_block take_indented(std::string_view& rest, std::string_view line) {
  code_block block{{}, {}, true};
  std::string blank_lines;
  while (true) {
    if (trimmed(line).empty()) {
      blank_lines += '\n';
    } else {
      block.text += blank_lines;
      blank_lines.clear();
      block.text += line.substr(line[0] == '\t' ? 1 : 4);
      block.text += '\n';
    }
    auto next = rest;
    const auto following = take_line(next);
    if (rest.empty() || (!is_indented(following) && !trimmed(following).empty()))
      return block;
    rest = next;
    line = following;
  }
}

std::vector<code_block> in_markdown(std::string_view rest) {
  std::vector<code_block> blocks;
  bool after_blank = true; // text goes on over an indented line
  while (!rest.empty() && blocks.size() < most_code_blocks) {
    const auto line = take_line(rest);
    if (const auto open = opening_fence(line)) {
      blocks.push_back(take_fenced(rest, *open));
      after_blank = true;
      continue;
    }
    if (const auto tag = lower(line.substr(0, 200)).find("[code");
        tag != std::string::npos && line.find(']', tag) != std::string_view::npos) {
      blocks.push_back(take_bbcode(rest, line, tag));
      after_blank = true;
      continue;
    }
    const bool blank = trimmed(line).empty();
    if (!blank && after_blank && is_indented(line)) {
      blocks.push_back(take_indented(rest, line));
      continue;
    }
    after_blank = blank;
  }
  return blocks;
}

/// The language in `class="lang-yaml hljs"`; of other classes the first.
std::string language_in(std::string_view tag) {
  const auto attribute = tag.find("class=\"");
  if (attribute == std::string_view::npos)
    return {};
  auto classes = tag.substr(attribute + 7);
  classes = classes.substr(0, classes.find('"'));
  const auto lang = classes.find("lang-");
  auto name = classes.substr(lang == std::string_view::npos ? 0 : lang + 5);
  return lower(name.substr(0, name.find(' ')));
}

std::vector<code_block> in_html(std::string_view html) {
  std::vector<code_block> blocks;
  for (std::size_t at = 0; blocks.size() < most_code_blocks;) {
    const auto pre = html.find("<pre", at);
    if (pre == std::string_view::npos)
      break;
    const auto code = html.find("<code", pre);
    const auto end_of_pre = std::min(html.find("</pre>", pre), html.size());
    if (code == std::string_view::npos || code > end_of_pre) {
      at = end_of_pre + (end_of_pre < html.size() ? 1 : 0);
      if (at >= html.size())
        break;
      continue;
    }
    const auto begin = html.find('>', code);
    if (begin == std::string_view::npos)
      break;
    const auto end = std::min({html.find("</code>", begin), end_of_pre, html.size()});
    blocks.push_back({html_to_text(html.substr(begin + 1, end - begin - 1)),
                      language_in(html.substr(code, begin - code))});
    at = end;
  }
  return blocks;
}

} // namespace

std::vector<code_block> code_blocks(std::string_view body, body_form form) {
  switch (form) {
  case body_form::markdown:
    return in_markdown(body);
  case body_form::html:
    return in_html(body);
  case body_form::yaml:
    break;
  }
  return {{std::string{body}, "yaml"}};
}

bool importable_from_post(std::string_view cooked) {
  constexpr std::string_view opening = "<code class=\"lang-";
  constexpr std::string_view closing = "</code>";
  const auto first = cooked.find(opening);
  if (first == std::string_view::npos)
    return false;
  const auto language = cooked.substr(first + opening.size());
  if (!language.starts_with("yaml\">") && !language.starts_with("auto\">"))
    return false;
  const auto end = cooked.find(closing, first);
  return end != std::string_view::npos && end == cooked.rfind(closing) &&
         cooked.substr(first, end - first).find("blueprint:") != std::string_view::npos;
}

} // namespace habitd
