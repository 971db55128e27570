#include "tools/habitd/digest.hpp"

#include "http/token.hpp"
#include "storage/records.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace habitd {

namespace {

namespace json = boost::json;

void round_figures(json::value& value) {
  if (value.is_double())
    value = fmt::format("{:.9g}", value.get_double() + 0.0); // no minus before a zero
  else if (value.is_array())
    for (auto& part : value.get_array())
      round_figures(part);
  else if (value.is_object())
    for (auto& [key, part] : value.get_object())
      round_figures(part);
}

/// A record as text, with its figures rounded and `left_out` gone.
std::string canonical(const std::string& record, std::string_view left_out = {}) {
  auto value = json::parse(record);
  round_figures(value);
  if (!left_out.empty())
    value.get_object().erase({left_out.data(), left_out.size()});
  return json::serialize(value);
}

std::string hash_of(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  std::string all;
  for (const auto& text : texts)
    all += text + '\n';
  return sha256_hex(all).substr(0, 16);
}

} // namespace

findings_digest digest_of(const findings& all,
                          const std::function<bool(const pattern&)>& counts) {
  std::set<std::string> counted;
  std::vector<std::string> patterns, suggestions;
  for (const auto& found : all.patterns) {
    if (!counts(found))
      continue;
    counted.insert(found.id);
    patterns.push_back(canonical(to_json(found)));
  }
  for (const auto& made : all.suggestions)
    if (counted.contains(made.pattern))
      suggestions.push_back(canonical(to_json(made), "rank"));
  return {hash_of(patterns), hash_of(suggestions), patterns.size(), suggestions.size()};
}

} // namespace habitd
