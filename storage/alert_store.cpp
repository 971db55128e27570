#include "storage/alert_store.hpp"

#include "storage/json_time.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <array>

namespace habitd {

namespace {

namespace json = boost::json;

constexpr std::string_view active_prefix = "active/";
constexpr std::string_view cleared_end = "cleared0"; // '0' follows '/'

std::string active_key(std::string_view code, std::string_view subject) {
  return fmt::format("{}{}/{}", active_prefix, code, subject);
}

/// Later times sort first.
std::string cleared_from(wall_time at) {
  const auto milliseconds = static_cast<std::uint64_t>(at.time_since_epoch().count());
  return fmt::format("cleared/{:020}", UINT64_MAX - milliseconds);
}

constexpr auto severity_words =
  std::array<std::string_view, 3>{"info", "warning", "critical"};

std::string text_of(const json::object& in, const char* key) {
  const auto* value = in.if_contains(key);
  return value && value->is_string() ? std::string{value->get_string()} : std::string{};
}

wall_time instant_of(const json::object& in, const char* key) {
  const auto at = parse_utc(text_of(in, key));
  return at ? *at : wall_time{};
}

} // namespace

std::string_view severity_word(severity level) {
  return severity_words.at(static_cast<std::size_t>(level));
}

std::string to_json(const alert& record) {
  return json::serialize(json::object{
    {"code", record.code},
    {"subject", record.subject},
    {"text", record.text},
    {"severity", severity_word(record.level)},
    {"active", record.cleared == wall_time{}},
    {"raised", instant_json(record.raised)},
    {"last_seen", instant_json(record.last_seen)},
    {"cleared", instant_json(record.cleared)},
    {"count", record.count},
  });
}

expected<alert> alert_from_json(std::string_view text) {
  boost::system::error_code failed;
  const auto value = json::parse({text.data(), text.size()}, failed);
  if (failed || !value.is_object())
    return make_error(ec::corrupt_data, "not an alert record");
  const auto& in = value.get_object();
  alert record;
  record.code = text_of(in, "code");
  record.subject = text_of(in, "subject");
  record.text = text_of(in, "text");
  const auto level = text_of(in, "severity");
  for (std::size_t i = 0; i < severity_words.size(); ++i)
    if (severity_words[i] == level)
      record.level = static_cast<severity>(i);
  record.raised = instant_of(in, "raised");
  record.last_seen = instant_of(in, "last_seen");
  record.cleared = instant_of(in, "cleared");
  if (const auto* count = in.if_contains("count")) {
    const auto number = count->to_number<std::uint64_t>(failed);
    record.count = failed ? 1 : number;
  }
  return record;
}

expected<std::optional<alert>> alert_store::active(std::string_view code,
                                                   std::string_view subject) const {
  const auto text = db_.get(family::alerts, active_key(code, subject));
  if (!text && code_of(text.error()) == ec::not_found)
    return std::optional<alert>{};
  if (!text)
    return text.error();
  auto record = alert_from_json(*text);
  if (!record)
    return record.error();
  return std::optional{std::move(*record)};
}

void alert_store::put_active(batch& changes, const alert& record) const {
  changes.put(family::alerts, active_key(record.code, record.subject), to_json(record));
}

void alert_store::put_cleared(batch& changes, const alert& record) const {
  changes.erase(family::alerts, active_key(record.code, record.subject));
  changes.put(
    family::alerts,
    fmt::format("{}/{}/{}", cleared_from(record.cleared), record.code, record.subject),
    to_json(record));
}

expected<std::vector<std::pair<std::string, std::string>>>
alert_store::list(std::string_view after, std::size_t limit) const {
  std::vector<std::pair<std::string, std::string>> records;
  if (limit == 0)
    return records;
  std::string from{after};
  if (!after.empty())
    from += '\0'; // the least key greater than `after`
  if (auto failed = db_.scan(family::alerts, from, {},
                             [&](std::string_view key, std::string_view text) {
                               records.emplace_back(key, text);
                               return records.size() < limit;
                             }))
    return failed;
  return records;
}

expected<std::vector<alert>> alert_store::all_active(std::string_view code) const {
  std::string from{active_prefix};
  if (!code.empty())
    from += std::string{code} + '/';
  std::string end = from;
  ++end.back();
  std::vector<alert> records;
  error bad;
  const auto failed =
    db_.scan(family::alerts, from, end, [&](std::string_view, std::string_view text) {
      auto record = alert_from_json(text);
      if (record)
        records.push_back(std::move(*record));
      else
        bad = record.error();
      return true;
    });
  if (failed || bad)
    return failed ? failed : bad;
  return records;
}

void alert_store::erase_cleared_before(batch& changes, wall_time time) const {
  const auto from = cleared_from(time) + '0'; // behind those of `time` itself
  if (db_.may_hold(family::alerts, from, cleared_end))
    changes.erase_range(family::alerts, from, cleared_end);
}

} // namespace habitd
