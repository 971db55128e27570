#include "storage/standard_records.hpp"

#include "storage/json_time.hpp"

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <boost/mp11.hpp>
#include <simdjson.h>

#include <array>

namespace habitd {

BOOST_DESCRIBE_STRUCT(standard, (),
                      (id, title, kind, source, path, current, latest, version,
                       content_hash, created, last_updated, auto_update_enabled,
                       freshness_threshold_days, last_attempt, last_success, failures,
                       last_error, etag, last_modified))
BOOST_DESCRIBE_STRUCT(standard_use, (), (access_count, last_accessed))
BOOST_DESCRIBE_STRUCT(standard_version, (),
                      (sequence, version, bump, changes, content_hash, origin, created))
BOOST_DESCRIBE_STRUCT(refresh_entry, (),
                      (id, trigger, force, queued, attempts, next_attempt, last_error,
                       correlation))

namespace {

namespace json = boost::json;
namespace describe_ = boost::describe;

constexpr auto bump_words =
  std::array<std::string_view, 4>{"none", "patch", "minor", "major"};
constexpr auto freshness_words = std::array<std::string_view, 5>{
  "fresh", "stale", "waiting", "switched_off", "without_source"};

json::value field_json(const std::string& value) {
  return json::string{value};
}
json::value field_json(bool value) {
  return value;
}
json::value field_json(std::uint32_t value) {
  return value;
}
json::value field_json(std::uint64_t value) {
  return value;
}
json::value field_json(wall_time value) {
  return instant_json(value);
}
json::value field_json(version_bump value) {
  return json::string{bump_word(value)};
}
json::value field_json(const std::vector<std::string>& value) {
  return json::value_from(value);
}

// Each gives false for a value of another kind.
bool take(std::string& to, simdjson::dom::element from) {
  std::string_view text;
  if (from.get(text))
    return false;
  to = text;
  return true;
}
bool take(bool& to, simdjson::dom::element from) {
  return !from.get(to);
}
bool take(std::uint64_t& to, simdjson::dom::element from) {
  return !from.get(to);
}
bool take(std::uint32_t& to, simdjson::dom::element from) {
  std::uint64_t number = 0;
  if (from.get(number) || number > UINT32_MAX)
    return false;
  to = static_cast<std::uint32_t>(number);
  return true;
}
bool take(wall_time& to, simdjson::dom::element from) {
  std::string text;
  if (from.is_null())
    return true;
  if (!take(text, from))
    return false;
  const auto at = parse_utc(text);
  if (at)
    to = *at;
  return static_cast<bool>(at);
}
bool take(version_bump& to, simdjson::dom::element from) {
  std::string word;
  if (!take(word, from))
    return false;
  for (std::size_t i = 0; i < bump_words.size(); ++i)
    if (bump_words[i] == word) {
      to = static_cast<version_bump>(i);
      return true;
    }
  return false;
}
bool take(std::vector<std::string>& to, simdjson::dom::element from) {
  simdjson::dom::array list;
  if (from.get(list))
    return false;
  for (const auto item : list)
    if (!take(to.emplace_back(), item))
      return false;
  return true;
}

template <class Record>
using fields_of = describe_::describe_members<Record, describe_::mod_public>;

template <class Record>
std::string record_json(const Record& record) {
  json::object object;
  boost::mp11::mp_for_each<fields_of<Record>>(
    [&](auto field) { object[field.name] = field_json(record.*field.pointer); });
  return json::serialize(object);
}

template <class Record>
expected<Record> record_from(std::string_view text, const char* what) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(text.data(), text.size()).get(object))
    return make_error(ec::corrupt_data, std::string{"not a "} + what + " record");
  Record record;
  std::string bad;
  boost::mp11::mp_for_each<fields_of<Record>>([&](auto field) {
    simdjson::dom::element value;
    if (!object.at_key(field.name).get(value) && !take(record.*field.pointer, value))
      bad = field.name;
  });
  if (!bad.empty())
    return make_error(ec::corrupt_data,
                      std::string{what} + " record: " + bad + " is not usable");
  return record;
}

} // namespace

std::string to_json(const standard& record) {
  return record_json(record);
}
std::string to_json(const standard_use& record) {
  return record_json(record);
}
std::string to_json(const standard_version& record) {
  return record_json(record);
}
std::string to_json(const refresh_entry& record) {
  return record_json(record);
}

expected<standard> standard_from_json(std::string_view text) {
  return record_from<standard>(text, "standard");
}
expected<standard_use> standard_use_from_json(std::string_view text) {
  return record_from<standard_use>(text, "standard use");
}
expected<standard_version> standard_version_from_json(std::string_view text) {
  return record_from<standard_version>(text, "standard version");
}
expected<refresh_entry> refresh_entry_from_json(std::string_view text) {
  return record_from<refresh_entry>(text, "refresh");
}

std::string_view bump_word(version_bump bump) {
  return bump_words.at(static_cast<std::size_t>(bump));
}

std::string_view freshness_word(freshness state) {
  return freshness_words.at(static_cast<std::size_t>(state));
}

bool is_standard_id(std::string_view id) {
  if (id.empty() || id.size() > 200 || !simdjson::validate_utf8(id.data(), id.size()))
    return false;
  for (const char c : id)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return false;
  for (std::size_t begin = 0; begin <= id.size();) {
    const auto end = std::min(id.find('/', begin), id.size());
    const auto segment = id.substr(begin, end - begin);
    if (segment.empty() || segment == "." || segment == "..")
      return false;
    begin = end + 1;
  }
  return true;
}

} // namespace habitd
