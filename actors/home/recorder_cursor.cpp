#include "actors/home/recorder_cursor.hpp"

#include <charconv>
#include <fmt/format.h>

namespace habitd {

namespace {

/// Takes `word` and a number off the front of `text`.
bool take(std::string_view& text, std::string_view word, std::int64_t& value) {
  if (!text.starts_with(word))
    return false;
  text.remove_prefix(word.size());
  const auto [next, failed] =
    std::from_chars(text.data(), text.data() + text.size(), value);
  text.remove_prefix(static_cast<std::size_t>(next - text.data()));
  return failed == std::errc{};
}

} // namespace

std::string format_cursor(const recorder_cursor& cursor) {
  return fmt::format("state_id {} at {} run {} event {}", cursor.state_id,
                     cursor.row_time, cursor.run_id, cursor.event_id);
}

recorder_cursor parse_cursor(std::string_view text) {
  recorder_cursor result;
  if (!take(text, "state_id ", result.state_id) || !take(text, " at ", result.row_time) ||
      result.state_id < 0)
    return {};
  if (!take(text, " run ", result.run_id) || !take(text, " event ", result.event_id))
    result.run_id = result.event_id = 0;
  return result;
}

} // namespace habitd
