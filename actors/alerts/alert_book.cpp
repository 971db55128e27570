#include "actors/alerts/alert_book.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_subject = 200;
constexpr std::size_t longest_text = 1000;

/// Texts quote file names and other programs, so they may hold anything; JSON may not.
std::string as_utf8(std::string text) {
  boost::system::error_code failed;
  json::parse(json::serialize(json::string{text}), failed);
  if (failed)
    std::replace_if(
      text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; }, '?');
  return text;
}

error check(const std::string& code, const std::string& subject) {
  const bool good_code =
    !code.empty() && code.size() <= 64 &&
    code.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == code.npos;
  if (!good_code || subject.empty() || subject.size() > longest_subject)
    return make_error(ec::invalid_input, "alert code \"" + code.substr(0, 64) +
                                           "\" with a subject of " +
                                           std::to_string(subject.size()) + " bytes");
  return {};
}

} // namespace

alert raised_alert(const std::optional<alert>& active, const raise_alert& message,
                   wall_time now) {
  alert record;
  record.raised = now;
  if (active) {
    record = *active;
    ++record.count;
  }
  record.code = message.code;
  record.subject = as_utf8(message.subject);
  record.text = as_utf8(message.text.substr(0, longest_text));
  record.level = message.level;
  record.last_seen = now;
  return record;
}

std::string notification(const alert& record) {
  auto body = json::parse(to_json(record)).as_object();
  body["event"] = record.cleared == wall_time{} ? "raised" : "cleared";
  return json::serialize(body);
}

expected<alert_change> alert_book::raise(batch& changes, const raise_alert& message,
                                         wall_time now) const {
  if (auto wrong = check(message.code, message.subject))
    return wrong;
  const auto active = store_->alerts.active(message.code, as_utf8(message.subject));
  if (!active)
    return active.error();
  const auto record = raised_alert(*active, message, now);
  if (!*active)
    if (auto failed = tell(changes, record, now))
      return failed;
  store_->alerts.put_active(changes, record);
  return *active ? alert_change::refreshed : alert_change::news;
}

expected<alert_change> alert_book::clear(batch& changes, const clear_alert& message,
                                         wall_time now) const {
  if (auto wrong = check(message.code, message.subject))
    return wrong;
  const auto active = store_->alerts.active(message.code, as_utf8(message.subject));
  if (!active)
    return active.error();
  if (!*active)
    return alert_change::nothing;
  auto record = **active;
  record.cleared = now;
  if (auto failed = tell(changes, record, now))
    return failed;
  store_->alerts.put_cleared(changes, record);
  return alert_change::news;
}

error alert_book::tell(batch& changes, const alert& record, wall_time now) const {
  for (const auto& target : targets_) {
    outbox_entry entry;
    entry.target = target;
    entry.payload = notification(record);
    entry.correlation_id =
      fmt::format("{}-{}", record.code, record.raised.time_since_epoch().count());
    entry.created = now;
    if (const auto staged = store_->outbox.stage(changes, std::move(entry)); !staged)
      return staged.error();
  }
  return {};
}

} // namespace habitd
