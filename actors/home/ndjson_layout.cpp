#include "actors/home/context.hpp"
#include "actors/home/delimited.hpp"
#include "actors/home/line_layout.hpp"
#include "actors/home/read_time.hpp"
#include "messages/home_day.hpp"

#include <simdjson.h>

#include <algorithm>

namespace habitd {

namespace {

namespace json = simdjson::ondemand;

/// Part of a state object: {"state": …, "last_changed": …, "context": {…}}.
struct state_object {
  bool present = false; // in the line, be it null
  bool null = false;
  std::string_view state;
  std::string_view changed;
  std::string_view updated;
  event_context context;
};

/// What a line says, of all shapes at once: an event of the event bus, or a flat row.
struct json_line {
  std::string_view type;
  std::string_view entity;
  std::string_view fired; // time_fired, time, timestamp or when
  state_object now;
  state_object before;
  event_context context;
  bool flat = false; // "state" stood beside "entity_id"

  // Of the logbook: what an entry says where a state has none, and what caused it.
  bool logbook = false;
  std::string_view domain, message;
  std::string_view cause_type, cause_domain, cause_entity;
};

bool is_program(std::string_view domain) {
  return domain == "automation" || domain == "script";
}

bool names_a_program(const json_line& line) {
  return line.cause_type == "automation_triggered" ||
         line.cause_type == "script_started" || is_program(line.cause_domain) ||
         is_program(domain_of(line.cause_entity));
}

/// A string as it reads, anything else as it is spelled; null as "".
simdjson::error_code text_of(json::value value, std::string_view& into) {
  json::json_type type{};
  if (const auto failed = value.type().get(type))
    return failed;
  if (type == json::json_type::string)
    return value.get_string().get(into);
  if (type == json::json_type::object || type == json::json_type::array)
    return simdjson::SUCCESS; // attributes and the like
  into = trim(value.raw_json_token());
  if (into == "null")
    into = {};
  return simdjson::SUCCESS;
}

/// Calls `visit(key, value)` for every member; null counts as an empty object.
template <class Visit>
simdjson::error_code each_member(json::value value, Visit visit) {
  json::json_type type{};
  if (const auto failed = value.type().get(type))
    return failed;
  if (type != json::json_type::object)
    return type == json::json_type::null ? simdjson::SUCCESS : simdjson::INCORRECT_TYPE;
  json::object members;
  if (const auto failed = value.get_object().get(members))
    return failed;
  for (auto member : members) {
    json::raw_json_string key;
    if (const auto failed = member.key().get(key))
      return failed;
    json::value inner;
    if (const auto failed = member.value().get(inner))
      return failed;
    if (const auto failed = visit(key, inner))
      return failed;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code read_context(json::value value, event_context& into) {
  return each_member(value, [&into](json::raw_json_string key, json::value inner) {
    std::string_view text;
    if (const auto failed = text_of(inner, text))
      return failed;
    if (key == "id")
      into.id = text;
    else if (key == "user_id")
      into.user = text;
    else if (key == "parent_id")
      into.parent = text;
    return simdjson::SUCCESS;
  });
}

simdjson::error_code read_state(json::value value, state_object& into) {
  into.present = true;
  json::json_type type{};
  if (const auto failed = value.type().get(type))
    return failed;
  into.null = type == json::json_type::null;
  return each_member(value, [&into](json::raw_json_string key, json::value inner) {
    if (key == "state")
      return text_of(inner, into.state);
    if (key == "last_changed")
      return text_of(inner, into.changed);
    if (key == "last_updated")
      return text_of(inner, into.updated);
    if (key == "context")
      return read_context(inner, into.context);
    return simdjson::SUCCESS;
  });
}

simdjson::error_code read_data(json::value value, json_line& into) {
  return each_member(value, [&into](json::raw_json_string key, json::value inner) {
    if (key == "entity_id")
      return text_of(inner, into.entity);
    if (key == "new_state")
      return read_state(inner, into.now);
    if (key == "old_state")
      return read_state(inner, into.before);
    return simdjson::SUCCESS;
  });
}

simdjson::error_code read_text(json::value value, std::optional<std::string_view>& into) {
  return text_of(value, into.emplace());
}

simdjson::error_code read_old_text(json::value value, state_object& into) {
  into.present = true;
  json::json_type type{};
  if (const auto failed = value.type().get(type))
    return failed;
  into.null = type == json::json_type::null;
  return text_of(value, into.state);
}

/// One member of the line itself, or of the "event" in a WebSocket frame.
simdjson::error_code read_member(json::raw_json_string key, json::value value,
                                 json_line& into) {
  if (key == "event_type")
    return text_of(value, into.type);
  if (key == "data" || key == "event_data")
    return read_data(value, into);
  if (key == "event")
    return each_member(
      value, [&into](json::raw_json_string inner_key, json::value inner) {
        return inner_key == "event" ? simdjson::SUCCESS
                                    : read_member(inner_key, inner, into);
      });
  if (key == "context")
    return read_context(value, into.context);
  if (key == "time_fired" || key == "time" || key == "timestamp")
    return text_of(value, into.fired);
  if (key == "when") {
    into.logbook = true;
    return text_of(value, into.fired);
  }
  if (key == "entity_id")
    return text_of(value, into.entity);
  if (key == "state") {
    into.flat = true;
    return text_of(value, into.now.state);
  }
  if (key == "last_changed")
    return text_of(value, into.now.changed);
  if (key == "last_updated")
    return text_of(value, into.now.updated);
  if (key == "old_state")
    return read_old_text(value, into.before);
  if (key == "context_id")
    return read_text(value, into.context.id);
  if (key == "context_user_id")
    return read_text(value, into.context.user);
  if (key == "context_parent_id")
    return read_text(value, into.context.parent);
  for (const auto& [name, text] :
       {std::pair{"domain", &into.domain}, std::pair{"message", &into.message},
        std::pair{"context_event_type", &into.cause_type},
        std::pair{"context_domain", &into.cause_domain},
        std::pair{"context_entity_id", &into.cause_entity}})
    if (key == std::string_view{name})
      return text_of(value, *text);
  return simdjson::SUCCESS;
}

class ndjson_reader {
public:
  explicit ndjson_reader(const home_facts& facts)
      : times_{facts.calendar}, attribution_{facts.who} {}

  void take(const text_line& line, row_sink& rows);

private:
  simdjson::error_code parse(std::string_view text, json_line& into);
  void take_change(const json_line& line, row_sink& rows);
  void take_start(const json_line& line, row_sink& rows);

  json::parser parser_;
  bool in_group_ = false;
  std::string group_entity_; // of the array at hand: its later objects may leave it out
  local_times times_;
  std::shared_ptr<attribution> attribution_;
};

simdjson::error_code ndjson_reader::parse(std::string_view text, json_line& into) {
  static_assert(simdjson::SIMDJSON_PADDING <= 64, "text_line promises 64 bytes");
  json::document document;
  const simdjson::padded_string_view padded{text.data(), text.size(),
                                            text.size() + simdjson::SIMDJSON_PADDING};
  if (const auto failed = parser_.iterate(padded).get(document))
    return failed;
  json::object members;
  if (const auto failed = document.get_object().get(members))
    return failed;
  for (auto member : members) {
    json::raw_json_string key;
    if (const auto failed = member.key().get(key))
      return failed;
    json::value value;
    if (const auto failed = member.value().get(value))
      return failed;
    if (const auto failed = read_member(key, value, into))
      return failed;
  }
  // There is no other way to ask whether something follows the object.
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS
           ? simdjson::SUCCESS
           : simdjson::TRAILING_CONTENT;
}

void ndjson_reader::take(const text_line& line, row_sink& rows) {
  if (line.too_long)
    return rows.bad("line of over 1 MB");
  if (trim(line.text).empty())
    return;
  if (line.text == "[") {
    in_group_ = true;
    group_entity_.clear();
    return;
  }
  json_line parsed;
  if (const auto failed = parse(line.text, parsed))
    return rows.bad(std::string{"not a JSON object: "} + simdjson::error_message(failed));
  if (parsed.entity.empty())
    parsed.entity = group_entity_;
  else if (in_group_)
    group_entity_ = parsed.entity;
  const auto& type = parsed.type;
  if (type == "state_changed" || (type.empty() && parsed.flat))
    return take_change(parsed, rows);
  if (type == "automation_triggered" || type == "script_started")
    return attribution_->automation_ran(parsed.context.id.value_or(std::string_view{}));
  if (type == "homeassistant_started" || type == "homeassistant_start" ||
      (parsed.domain == "homeassistant" && parsed.message == "started"))
    return take_start(parsed, rows);
  if (type.empty() && !parsed.logbook) // whose other entries are no states
    rows.bad("neither an event nor a row with entity_id and state");
}

void ndjson_reader::take_start(const json_line& line, row_sink& rows) {
  const auto fired = read_time(line.fired);
  return fired ? rows.restart(times_.instant(*fired))
               : rows.bad("a start without a time");
}

void ndjson_reader::take_change(const json_line& line, row_sink& rows) {
  const auto& now = line.now;
  const auto& text = !now.updated.empty() && !now.null ? now.updated
                     : line.fired.empty()              ? now.changed
                                                       : line.fired;
  const auto time = read_time(text);
  if (!time)
    return rows.bad("no such time: " + std::string{text.substr(0, 40)});
  if (!line.flat && !now.present)
    return rows.bad("a state change without a new state");
  source_row row{.at = times_.instant(*time), .entity = line.entity, .state = now.state};
  const auto changed = now.changed.empty() ? std::nullopt : read_time(now.changed);
  if (changed && !now.updated.empty())
    row.changed_at = times_.instant(*changed);
  if (row.changed_at && row.changed_at != row.at)
    row.kind = row_kind::attributes;
  if (line.before.present) {
    row.before = line.before.null ? previous::none : previous::known;
    row.old_state = line.before.state;
    if (!line.before.null && row.old_state == row.state)
      row.kind = row_kind::attributes;
  }
  const auto& context = now.context.id ? now.context : line.context;
  row.act = act_of(context.id.value_or(std::string_view{}));
  if (is_program(domain_of(row.entity)))
    attribution_->automation_ran(context.id.value_or(std::string_view{}));
  row.by = names_a_program(line) ? cause::automation : attribution_->by(context, row.act);
  rows.take(row);
}

/// True if the line is an object from its beginning to its end.
bool is_whole_object(std::string_view line) {
  object_scan scan;
  for (std::size_t i = 0; i < line.size(); ++i)
    if (scan.take(line[i]) == object_scan::found::end)
      return trim(line.substr(i + 1)).empty();
  return false;
}

} // namespace

line_layout ndjson_layout(const home_facts& facts) {
  const auto reader = std::make_shared<ndjson_reader>(facts);
  return {[reader](const text_line& line, row_sink& rows) { reader->take(line, rows); }};
}

bool looks_like_ndjson(std::span<const std::string_view> lines) {
  return !lines.empty() && trim(lines.front()).starts_with('{');
}

bool looks_like_json(std::span<const std::string_view> lines) {
  if (lines.empty())
    return false;
  const auto first = trim(lines.front());
  if (first.starts_with('[')) // of objects or of arrays; `[]` is an event of nothing
    return true;
  // The first line of an object that goes on; a damaged one stands among whole ones.
  return first.starts_with('{') && lines.size() > 1 &&
         std::ranges::none_of(lines, is_whole_object);
}

} // namespace habitd
