#include "actors/home/delimited.hpp"

#include <algorithm>

namespace habitd {

bool delimited_line::split(std::string_view line, char delimiter) {
  fields_.clear();
  unquoted_.clear();
  // Views into `unquoted_` must not move: reserve for the most it can hold.
  if (line.find('"') != std::string_view::npos)
    unquoted_.reserve(static_cast<std::size_t>(std::ranges::count(line, '"')) / 2);
  std::size_t at = 0;
  while (true) {
    if (at >= line.size() || line[at] != '"') {
      const auto end = std::min(line.find(delimiter, at), line.size());
      fields_.push_back(line.substr(at, end - at));
      at = end;
    } else {
      const auto begin = ++at;
      bool doubled = false;
      while (true) {
        at = line.find('"', at);
        if (at == std::string_view::npos)
          return false;
        if (at + 1 >= line.size() || line[at + 1] != '"')
          break;
        doubled = true;
        at += 2;
      }
      auto field = line.substr(begin, at - begin);
      if (doubled) {
        std::string plain;
        for (std::size_t i = 0; i < field.size(); ++i) {
          plain += field[i];
          if (field[i] == '"')
            ++i;
        }
        field = unquoted_.emplace_back(std::move(plain));
      }
      fields_.push_back(field);
      at = std::min(line.find(delimiter, at), line.size());
    }
    if (at >= line.size())
      return true;
    ++at;
  }
}

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::vector<std::string> header_names(std::string_view line, char delimiter) {
  delimited_line fields;
  std::vector<std::string> names;
  if (!fields.split(line, delimiter))
    return names;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    auto& name = names.emplace_back(trim(fields[i]));
    std::ranges::transform(name, name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    });
  }
  return names;
}

} // namespace habitd
