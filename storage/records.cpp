#include "storage/records.hpp"

#include "storage/json_time.hpp"

#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <functional>
#include <limits>

namespace habitd {

namespace {

namespace json = boost::json;

local_day date_of(const std::string& text) {
  const auto day = parse_date(text);
  return day ? *day : local_day{};
}

wall_time instant_of(const std::string& text) {
  const auto at = parse_utc(text);
  return at ? *at : wall_time{};
}

/// Position of `word` among the words that `name` gives for 0 … count - 1, else 0.
template <class Enum>
Enum enum_of(std::string_view word, int count,
             const std::function<std::string_view(Enum)>& name) {
  for (int i = 0; i < count; ++i)
    if (name(static_cast<Enum>(i)) == word)
      return static_cast<Enum>(i);
  return Enum{};
}

/// Fields of an object; a missing or odd one gives the default.
class fields {
public:
  explicit fields(const json::object& object) : object_{object} {}

  std::string text(const char* key) const {
    const auto* value = object_.if_contains(key);
    return value && value->is_string() ? std::string{value->get_string()} : std::string{};
  }
  double number(const char* key, double otherwise = 0) const {
    const auto* value = object_.if_contains(key);
    if (!value)
      return otherwise;
    boost::system::error_code failed;
    const auto result = value->to_number<double>(failed);
    return failed ? otherwise : result;
  }
  template <class Integer>
  Integer whole(const char* key) const {
    const auto value = number(key);
    const bool fits = value >= static_cast<double>(std::numeric_limits<Integer>::min()) &&
                      value < static_cast<double>(std::numeric_limits<Integer>::max());
    return fits ? static_cast<Integer>(value) : Integer{};
  }
  bool flag(const char* key, bool otherwise = false) const {
    const auto* value = object_.if_contains(key);
    return value && value->is_bool() ? value->get_bool() : otherwise;
  }
  const json::array& list(const char* key) const {
    static const json::array none;
    const auto* value = object_.if_contains(key);
    return value && value->is_array() ? value->get_array() : none;
  }
  fields part(const char* key) const {
    static const json::object none;
    const auto* value = object_.if_contains(key);
    return fields{value && value->is_object() ? value->get_object() : none};
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& [key, value] : object_)
      all.emplace_back(key);
    return all;
  }
  bool has(const char* key) const {
    const auto* value = object_.if_contains(key);
    return value && !value->is_null();
  }

private:
  const json::object& object_;
};

expected<json::value> parse_object(std::string_view text, const char* what) {
  boost::system::error_code failed;
  auto value = json::parse({text.data(), text.size()}, failed);
  if (failed || !value.is_object())
    return make_error(ec::corrupt_data, std::string{"not a "} + what + " record");
  return value;
}

std::string word_of(const json::value& value) {
  return value.is_string() ? std::string{value.get_string()} : std::string{};
}

json::object effect_json(const pattern& record) {
  return {{"adherence", record.adherence.value},
          {"adherence_low", record.adherence.low},
          {"adherence_high", record.adherence.high},
          {"lift", record.lift}};
}

json::value lag_json(const pattern& record) {
  if (!record.lag)
    return nullptr;
  return json::object{{"median_seconds", record.lag->median},
                      {"p10_seconds", record.lag->p10},
                      {"p90_seconds", record.lag->p90}};
}

/// An analysis tells its counts in fields of their own: "rows_bad" is `rows.bad`.
struct count_field {
  const char* count;
  const char* object; // null: in the record itself
  const char* field;
};
constexpr const char* analysis_kind = "analysis";
constexpr std::array analysis_fields{
  count_field{"rows_stored", "rows", "stored"},
  count_field{"rows_excluded", "rows", "excluded"},
  count_field{"rows_too_late", "rows", "too_late"},
  count_field{"rows_bad", "rows", "bad"},
  count_field{"rows_out_of_range", "rows", "out_of_range"},
  count_field{"days_observed", nullptr, "days_observed"},
  count_field{"patterns", nullptr, "patterns"},
  count_field{"suggestions", nullptr, "suggestions"},
};

const char* notes_field(const std::string& kind) {
  return kind == analysis_kind ? "row_problems" : "notes";
}

void write_counts(const job_record& record, json::object& to) {
  auto others = record.counts;
  if (record.kind == analysis_kind)
    for (const auto& [count, object, field] : analysis_fields) {
      auto& holder = object ? to[object] : to[field];
      if (object && !holder.is_object())
        holder = json::object{};
      (object ? holder.get_object()[field] : holder) = count_of(record, count);
      others.erase(count);
    }
  if (!others.empty())
    to["counts"] = json::value_from(others);
}

job_counts read_counts_of(const fields& in, const std::string& kind) {
  job_counts counts;
  if (kind == analysis_kind)
    for (const auto& [count, object, field] : analysis_fields)
      counts[count] =
        (object ? in.part(object) : in).template whole<std::uint64_t>(field);
  const auto others = in.part("counts");
  for (const auto& name : others.names())
    counts[name] = others.whole<std::uint64_t>(name.c_str());
  return counts;
}

} // namespace

std::string to_json(const pattern& record) {
  json::array entities, states, weekdays, dates;
  for (std::size_t i = 0; i < record.entities.size(); ++i) {
    entities.emplace_back(record.entities[i]);
    states.emplace_back(state_word(record.entities[i], record.turns.at(i)));
  }
  for (const int weekday : record.weekdays)
    weekdays.emplace_back(weekday_word(weekday));
  for (const auto day : record.dates)
    dates.emplace_back(format_date(day));
  return json::serialize(json::object{
    {"id", record.id},
    {"detector", record.detector},
    {"entities", std::move(entities)},
    {"states", std::move(states)},
    {"time", record.time ? json::value(time_word(*record.time)) : json::value(nullptr)},
    {"spread_minutes", record.spread_minutes},
    {"window_seconds", record.window},
    {"weekdays", std::move(weekdays)},
    {"support", record.support},
    {"trials", record.trials},
    {"support_days", record.support_days},
    {"eligible_days", record.eligible_days},
    {"effect", effect_json(record)},
    {"p", record.p},
    {"q", record.q},
    {"status", status_word(record.status)},
    {"lag", lag_json(record)},
    {"first_found", format_date(record.first_found)},
    {"dates", std::move(dates)},
  });
}

expected<pattern> pattern_from_json(std::string_view text) {
  const auto value = parse_object(text, "pattern");
  if (!value)
    return value.error();
  const fields in{value->get_object()};
  pattern record;
  record.id = in.text("id");
  record.detector = in.text("detector");
  for (const auto& entity : in.list("entities"))
    record.entities.push_back(word_of(entity));
  const auto& states = in.list("states");
  for (std::size_t i = 0; i < record.entities.size() && i < states.size(); ++i)
    record.turns.push_back(word_of(states[i]) == state_word(record.entities[i], turn::off)
                             ? turn::off
                             : turn::on);
  record.turns.resize(record.entities.size(), turn::on);
  int hour = 0, minute = 0, second = 0;
  if (std::sscanf(in.text("time").c_str(), "%d:%d:%d", &hour, &minute, &second) == 3)
    record.time = hour * 3600 + minute * 60 + second;
  record.spread_minutes = in.number("spread_minutes");
  record.window = in.whole<int>("window_seconds");
  for (const auto& weekday : in.list("weekdays"))
    record.weekdays.push_back(
      enum_of<int>(word_of(weekday), 7, [](int day) { return weekday_word(day); }));
  record.support = in.whole<int>("support");
  record.trials = in.whole<int>("trials");
  record.support_days = in.whole<int>("support_days");
  record.eligible_days = in.whole<int>("eligible_days");
  const auto effect = in.part("effect");
  record.adherence = {effect.number("adherence"), effect.number("adherence_low"),
                      effect.number("adherence_high", 1)};
  record.lift = effect.number("lift");
  record.p = in.number("p", 1);
  record.q = in.number("q", 1);
  record.status = enum_of<pattern_status>(in.text("status"), 3, status_word);
  if (in.has("lag")) {
    const auto lag = in.part("lag");
    record.lag = lag_summary{lag.number("median_seconds"), lag.number("p10_seconds"),
                             lag.number("p90_seconds")};
  }
  record.first_found = date_of(in.text("first_found"));
  for (const auto& day : in.list("dates"))
    record.dates.push_back(date_of(word_of(day)));
  return record;
}

std::string to_json(const suggestion& record) {
  return json::serialize(json::object{
    {"id", record.id},
    {"pattern", record.pattern},
    {"rank", record.rank},
    {"title", record.title},
    {"reason", record.reason},
    {"yaml", record.yaml},
    {"asks_first", record.asks_first},
    {"back_test", json::object{{"days", record.test.days},
                               {"fired", record.test.fired},
                               {"right", record.test.right},
                               {"unwanted", record.test.unwanted}}},
  });
}

expected<suggestion> suggestion_from_json(std::string_view text) {
  const auto value = parse_object(text, "suggestion");
  if (!value)
    return value.error();
  const fields in{value->get_object()};
  suggestion record;
  record.id = in.text("id");
  record.pattern = in.text("pattern");
  record.rank = in.whole<int>("rank");
  record.title = in.text("title");
  record.reason = in.text("reason");
  record.yaml = in.text("yaml");
  record.asks_first = in.flag("asks_first");
  const auto test = in.part("back_test");
  record.test = {test.whole<int>("days"), test.whole<int>("fired"),
                 test.whole<int>("right"), test.whole<int>("unwanted")};
  return record;
}

std::string to_json(const job_record& record) {
  json::array phases;
  for (const auto& phase : record.phases)
    phases.push_back(json::object{{"phase", phase.phase},
                                  {"ok", phase.ok},
                                  {"problem", phase.problem},
                                  {"milliseconds", phase.milliseconds}});
  json::object text{
    {"id", record.id},
    {"kind", record.kind},
    {"trigger", record.trigger},
    {"correlation", record.correlation},
    {"resumes", record.resumes},
    {"cancel_requested", record.cancel_requested},
    {"stopped", record.stopped},
    {"started", instant_json(record.started)},
    {"finished", instant_json(record.finished)},
    {"outcome", outcome_word(record.outcome)},
    {"phases", std::move(phases)},
  };
  write_counts(record, text);
  text[notes_field(record.kind)] = json::value_from(record.notes);
  text["problem"] = record.problem;
  if (!record.bookmark.empty())
    text["bookmark"] = record.bookmark;
  return json::serialize(text);
}

expected<job_record> job_from_json(std::string_view text) {
  const auto value = parse_object(text, "job");
  if (!value)
    return value.error();
  const fields in{value->get_object()};
  job_record record;
  record.id = in.text("id");
  record.kind = in.has("kind") ? in.text("kind") : analysis_kind;
  record.trigger = in.text("trigger");
  record.correlation = in.text("correlation");
  record.resumes = in.text("resumes");
  record.cancel_requested = in.flag("cancel_requested");
  record.stopped = in.flag("stopped");
  record.started = instant_of(in.text("started"));
  record.finished = instant_of(in.text("finished"));
  record.outcome = enum_of<job_outcome>(in.text("outcome"), job_outcomes, outcome_word);
  for (const auto& entry : in.list("phases")) {
    if (!entry.is_object())
      continue;
    const fields phase{entry.get_object()};
    record.phases.push_back({phase.text("phase"), phase.flag("ok", true),
                             phase.text("problem"),
                             phase.whole<std::int64_t>("milliseconds")});
  }
  record.counts = read_counts_of(in, record.kind);
  for (const auto& note : in.list(notes_field(record.kind)))
    record.notes.push_back(word_of(note));
  record.bookmark = in.text("bookmark");
  record.problem = in.text("problem");
  return record;
}

} // namespace habitd
