#include "actors/home/delimited.hpp"
#include "actors/home/entity_name.hpp"
#include "actors/home/line_layout.hpp"
#include "actors/home/read_time.hpp"

#include <fmt/format.h>
#include <unordered_map>

namespace habitd {

namespace {

/// How the values of a type are to be understood.
enum class meaning { impulse, opening, measurement };

struct budapest_entity {
  std::string id;
  meaning kind = meaning::measurement;
};

budapest_entity entity_of(std::string_view node, std::string_view room,
                          std::string_view type) {
  const auto kind = type == "mot"   ? meaning::impulse
                    : type == "win" ? meaning::opening
                                    : meaning::measurement;
  return {fmt::format("{}.{}_{}_{}",
                      kind == meaning::measurement ? "sensor" : "binary_sensor",
                      slug(node), slug(room), slug(type)),
          kind};
}

class budapest_reader {
public:
  explicit budapest_reader(const home_facts& facts) : times_{facts.calendar} {}

  void take(const text_line& line, row_sink& rows) {
    if (line.too_long)
      return rows.bad("line of over 1 MB");
    if (line.number == 1 || trim(line.text).empty())
      return; // the header
    if (!fields_.split(line.text, ',') || fields_.size() < 6)
      return rows.bad("not date, time, node, room, type, value");
    const auto date = read_date(fields_[0]);
    const auto time = read_time_of_day(fields_[1]);
    if (!date || !time)
      return rows.bad(fmt::format("no such time: {:.20} {:.20}", fields_[0], fields_[1]));
    take_value(times_.instant(*date * std::int64_t{86'400'000} + *time), rows);
  }

private:
  void take_value(wall_time at, row_sink& rows) {
    // Type, room and node stand side by side in the line: one key for all three.
    const std::string_view key{
      fields_[2].data(), static_cast<std::size_t>(fields_[4].data() + fields_[4].size() -
                                                  fields_[2].data())};
    auto found = entities_.find(std::string{key});
    if (found == entities_.end())
      found =
        entities_.emplace(std::string{key}, entity_of(fields_[2], fields_[3], fields_[4]))
          .first;
    const auto& [id, kind] = found->second;
    const auto value = fields_[5];
    const bool zero = value == "0.0" || value == "0";
    if (kind == meaning::measurement)
      return rows.take({.at = at, .entity = id, .state = value});
    if (kind == meaning::opening)
      return rows.take({.at = at, .entity = id, .state = zero ? "off" : "on"});
    if (zero)
      return rows.take({.at = at, .entity = id, .state = "off"});
    rows.take({.at = at,
               .entity = id,
               .state = "on",
               .old_state = "off",
               .before = previous::known});
    rows.take({.at = at + shortest_on,
               .entity = id,
               .state = "off",
               .old_state = "on",
               .before = previous::known});
  }

  local_times times_;
  delimited_line fields_;
  std::unordered_map<std::string, budapest_entity> entities_;
};

} // namespace

line_layout budapest_layout(const home_facts& facts) {
  const auto reader = std::make_shared<budapest_reader>(facts);
  return {[reader](const text_line& line, row_sink& rows) { reader->take(line, rows); }};
}

bool looks_like_budapest(std::span<const std::string_view> lines) {
  return !lines.empty() &&
         header_names(lines.front(), ',') ==
           std::vector<std::string>{"date", "time", "node", "room", "type", "value"};
}

} // namespace habitd
