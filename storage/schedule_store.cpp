#include "storage/schedule_store.hpp"

#include "storage/json_time.hpp"
#include "storage/records.hpp"

#include <boost/json.hpp>

namespace habitd {

namespace {

namespace json = boost::json;

constexpr std::string_view install_id_key = "install_id";

std::string key_of(std::string_view job) {
  return "schedule/" + std::string{job};
}

/// Null is no instant; false if the value is neither.
bool read_instant(const json::value& value, wall_time& at) {
  if (value.is_null())
    return true;
  if (!value.is_string())
    return false;
  const auto& text = value.get_string();
  const auto parsed = parse_utc({text.data(), text.size()});
  if (parsed)
    at = *parsed;
  return static_cast<bool>(parsed);
}

bool read_outcome(const json::value& value, job_outcome& outcome) {
  for (int i = 0; i < job_outcomes; ++i)
    if (const auto word = outcome_word(static_cast<job_outcome>(i));
        value.is_string() &&
        value.get_string() == json::string_view{word.data(), word.size()}) {
      outcome = static_cast<job_outcome>(i);
      return true;
    }
  return false;
}

bool read_record(const json::object& from, schedule_record& to) {
  const auto field = [&from](const char* name) {
    const auto* value = from.if_contains(name);
    return value ? *value : json::value{};
  };
  const auto trigger = field("last_trigger");
  if (trigger.is_string())
    to.last_trigger = trigger.get_string().c_str();
  const auto answered = field("answered");
  if (!answered.is_array())
    return false;
  for (const auto& entry : answered.get_array())
    if (!read_instant(entry, to.answered.emplace_back()))
      return false;
  return read_instant(field("handled"), to.handled) &&
         read_instant(field("last_run"), to.last_run) &&
         read_outcome(field("last_outcome"), to.last_outcome);
}

} // namespace

expected<schedule_record> schedule_store::load(std::string_view job) const {
  const auto text = db_.get(family::meta, key_of(job));
  if (!text) {
    if (code_of(text.error()) == ec::not_found)
      return schedule_record{};
    return text.error();
  }
  boost::system::error_code failed;
  const auto value = json::parse(*text, failed);
  schedule_record record;
  if (failed || !value.is_object() || !read_record(value.get_object(), record))
    return make_error(ec::corrupt_data, "the schedule of " + std::string{job});
  return record;
}

error schedule_store::save(std::string_view job, const schedule_record& record) {
  json::array answered;
  for (const auto at : record.answered)
    answered.push_back(instant_json(at));
  batch changes;
  changes.put(family::meta, key_of(job),
              json::serialize(json::object{
                {"handled", instant_json(record.handled)},
                {"answered", std::move(answered)},
                {"last_run", instant_json(record.last_run)},
                {"last_trigger", record.last_trigger},
                {"last_outcome", outcome_word(record.last_outcome)},
              }));
  return db_.write(std::move(changes));
}

expected<std::string>
schedule_store::install_id(const std::function<std::string()>& make) {
  auto stored = db_.get(family::meta, install_id_key);
  if (stored || code_of(stored.error()) != ec::not_found)
    return stored;
  auto made = make();
  batch changes;
  changes.put(family::meta, install_id_key, made);
  if (auto failed = db_.write(std::move(changes)))
    return failed;
  return made;
}

} // namespace habitd
