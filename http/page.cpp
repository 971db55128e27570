#include "http/page.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <charconv>

namespace habitd {

namespace {

constexpr std::size_t longest_cursor = 512; // ours are a key of a store, hex or text

} // namespace

expected<page> parse_page(const std::map<std::string, std::string>& query) {
  page result;
  if (const auto limit = query.find("limit"); limit != query.end()) {
    const auto& text = limit->second;
    const auto* end = text.data() + text.size();
    const auto [stop, status] = std::from_chars(text.data(), end, result.limit);
    if (status != std::errc{} || stop != end || result.limit < 1 || result.limit > 1000)
      return make_error(ec::invalid_input, "limit takes a whole number from 1 to 1000");
  }
  if (const auto after = query.find("after"); after != query.end()) {
    if (after->second.empty() || after->second.size() > longest_cursor)
      return make_error(ec::invalid_input, "after takes the `next` of an earlier answer");
    result.after = after->second;
  }
  return result;
}

std::string list_body(std::span<const std::string> items,
                      const std::optional<std::string>& next) {
  std::string body = R"({"items":[)";
  for (const auto& item : items) {
    if (&item != items.data())
      body += ',';
    body += item;
  }
  body += R"(],"next":)";
  body += next ? boost::json::serialize(boost::json::string{*next}) : "null";
  body += '}';
  return body;
}

} // namespace habitd
