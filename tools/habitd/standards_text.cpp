#include "tools/habitd/standards_text.hpp"

#include <fmt/format.h>
#include <simdjson.h>

namespace habitd {

namespace {

using element = simdjson::dom::element;

error not_habitd() {
  return make_error(ec::invalid_input, "what answers is not habitd");
}

/// A field as people read it: "-" for null or nothing.
std::string shown(element of, std::string_view field) {
  element value;
  if (of.at_key(field).get(value) || value.is_null())
    return "-";
  std::string_view text;
  if (!value.get(text))
    return std::string{text};
  return simdjson::minify(value);
}

/// "2026-03-01" of an instant.
std::string date_of(element of, std::string_view field) {
  return shown(of, field).substr(0, 10);
}

/// Calls `line` with each item of a list.
template <class Line>
expected<std::string> lines_of_items(std::string_view text, std::string header,
                                     Line line) {
  simdjson::dom::parser parser;
  simdjson::dom::array items;
  if (parser.parse(text.data(), text.size())["items"].get(items))
    return not_habitd();
  for (const auto item : items)
    header += line(item);
  return header;
}

} // namespace

expected<std::string> standards_table(std::string_view list) {
  return lines_of_items(list,
                        fmt::format("{:<36} {:<9} {:<14} {:<10} {:>8}\n", "ID", "VERSION",
                                    "FRESHNESS", "UPDATED", "READ"),
                        [](element item) {
                          return fmt::format(
                            "{:<36} {:<9} {:<14} {:<10} {:>8}\n", shown(item, "id"),
                            shown(item, "version"), shown(item, "freshness"),
                            date_of(item, "last_updated"), shown(item, "access_count"));
                        });
}

expected<std::string> history_text(std::string_view versions) {
  return lines_of_items(versions, {}, [](element item) {
    auto text =
      fmt::format("{}{}  {}  {}  {}\n", shown(item, "version"),
                  shown(item, "current") == "true" ? " *" : "", date_of(item, "created"),
                  shown(item, "bump"), shown(item, "origin"));
    simdjson::dom::array changes;
    if (!item["changes"].get(changes))
      for (const auto change : changes)
        if (std::string_view line; !change.get(line))
          text += fmt::format("  {}\n", line);
    return text;
  });
}

expected<std::string> refresh_queue_text(std::string_view queue) {
  return lines_of_items(queue,
                        fmt::format("{:<36} {:<8} {:>8} {:<30} {}\n", "ID", "STATE",
                                    "ATTEMPTS", "WAITING FOR", "LAST ERROR"),
                        [](element item) {
                          return fmt::format(
                            "{:<36} {:<8} {:>8} {:<30} {}\n", shown(item, "id"),
                            shown(item, "state"), shown(item, "attempts"),
                            shown(item, "waiting_for"), shown(item, "last_error"));
                        });
}

expected<std::string> fields_text(std::string_view text) {
  simdjson::dom::parser parser;
  element root;
  simdjson::dom::object object;
  if (parser.parse(text.data(), text.size()).get(root) || root.get(object))
    return not_habitd();
  std::string lines;
  for (const auto& [key, value] : object)
    if (!value.is_null() && !value.is_object() && !value.is_array())
      lines += fmt::format("{}: {}\n", key, shown(root, key));
  return lines;
}

expected<std::string> field_text(std::string_view text, std::string_view field) {
  simdjson::dom::parser parser;
  std::string_view value;
  if (parser.parse(text.data(), text.size())[field].get(value))
    return not_habitd();
  return std::string{value};
}

} // namespace habitd
