#include "http/robots.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <charconv>

namespace habitd {

namespace {

constexpr std::size_t most_bytes = 500 << 10;
constexpr std::size_t most_rules = 5'000;
constexpr double longest_delay = 3600; // seconds

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  const auto last = text.find_last_not_of(" \t\r");
  return first == text.npos ? std::string_view{} : text.substr(first, last - first + 1);
}

/// Whether `pattern` matches the beginning of `target`; linear in both, stars included.
bool matches(std::string_view pattern, std::string_view target) {
  const bool to_the_end = pattern.ends_with('$');
  if (to_the_end)
    pattern.remove_suffix(1);
  bool is_first = true;
  for (;;) {
    const auto star = pattern.find('*');
    const auto piece = pattern.substr(0, star);
    const bool is_last = star == pattern.npos;
    if (is_first && !target.starts_with(piece))
      return false;
    if (is_last && to_the_end)
      return is_first ? target == piece : target.ends_with(piece);
    const auto at = is_first ? 0 : target.find(piece);
    if (at == target.npos)
      return false;
    if (is_last)
      return true;
    target.remove_prefix(at + piece.size());
    pattern.remove_prefix(star + 1);
    is_first = false;
  }
}

/// Reads line by line; a group is some user agents, then rules.
struct robots_reader {
  std::string_view robot;
  robots_rules own{};
  robots_rules all{};
  bool own_group = false; // the group at hand names us
  bool all_group = false;
  bool has_own = false;
  bool in_rules = false;

  void line(std::string_view name, std::string_view value);
  void user_agent(std::string_view value);
  void add(std::string_view value, bool allow);
  void delay(std::string_view value);
};

void robots_reader::line(std::string_view name, std::string_view value) {
  if (boost::iequals(name, "user-agent"))
    return user_agent(value);
  const bool allow = boost::iequals(name, "allow");
  if (allow || boost::iequals(name, "disallow")) {
    in_rules = true;
    add(value, allow);
  } else if (boost::iequals(name, "crawl-delay")) {
    in_rules = true;
    delay(value);
  }
}

void robots_reader::user_agent(std::string_view value) {
  if (std::exchange(in_rules, false))
    own_group = all_group = false;
  if (value == "*")
    all_group = true;
  if (boost::iequals(value.substr(0, value.find('/')), robot))
    own_group = has_own = true;
}

void robots_reader::add(std::string_view value, bool allow) {
  for (auto* group : {own_group ? &own : nullptr, all_group ? &all : nullptr})
    if (group && !value.empty() && group->rules.size() < most_rules)
      group->rules.push_back({std::string{value}, allow});
}

void robots_reader::delay(std::string_view value) {
  double seconds = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (read.ec != std::errc{} || !(seconds >= 0))
    return;
  const auto wait = std::chrono::milliseconds{
    static_cast<std::int64_t>(std::min(seconds, longest_delay) * 1000)};
  if (own_group)
    own.delay = wait;
  if (all_group)
    all.delay = wait;
}

} // namespace

robots_rules parse_robots(std::string_view text, std::string_view robot) {
  robots_reader reader{robot};
  text = text.substr(0, most_bytes);
  if (text.starts_with("\xef\xbb\xbf"))
    text.remove_prefix(3);
  while (!text.empty()) {
    const auto end = text.find_first_of("\r\n");
    auto line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    line = line.substr(0, line.find('#'));
    const auto colon = line.find(':');
    if (colon != line.npos)
      reader.line(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  }
  return reader.has_own ? reader.own : reader.all;
}

bool may_fetch(const robots_rules& rules, std::string_view target) {
  std::size_t longest = 0;
  bool allow = true;
  for (const auto& rule : rules.rules) {
    const auto length = rule.pattern.size();
    if (length < longest || (length == longest && (allow || !rule.allow)))
      continue;
    if (matches(rule.pattern, target)) {
      longest = length;
      allow = rule.allow;
    }
  }
  return allow;
}

} // namespace habitd
