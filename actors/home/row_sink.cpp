#include "actors/home/row_sink.hpp"

#include "actors/home/read_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace habitd {

namespace {

constexpr std::size_t longest_text = 255; // of ids and states, as in Home Assistant

} // namespace

void row_sink::take(const source_row& row) {
  if (!in_range(row.at)) {
    ++problems_.out_of_range;
    return note_problem(fmt::format("time before 1980 or after 2100: {} ms",
                                    row.at.time_since_epoch().count()));
  }
  if (row.entity.empty() || row.entity.size() > longest_text)
    return bad(row.entity.empty() ? "no entity" : "entity id of over 255 characters");
  if (row.state.size() > longest_text)
    return bad("state of over 255 characters");

  memory* const known = entity(row.entity);
  if (!known)
    return bad("entity id with characters that no id has");
  memory& last = *known;
  event_row added{.at = row.at,
                  .entity = last.entity_number,
                  .kind = row.kind,
                  .by = row.by,
                  .act = row.act};
  const bool same = last.known && last.state == row.state;
  if (row.before) {
    added.before = *row.before;
    if (added.before == previous::known)
      added.old_state = page_.texts.intern(row.old_state);
  } else if (last.known) {
    added.before = previous::known;
    added.old_state = last.state_number;
    if (same)
      added.kind = row_kind::attributes;
  }
  if (!same) {
    last.state = row.state;
    last.state_number = page_.texts.intern(row.state);
    last.known = true;
  }
  added.state = last.state_number;
  page_.rows.push_back(added);
}

void row_sink::restart(wall_time at) {
  if (!in_range(at))
    return;
  const auto nothing = page_.texts.intern({}); // so that every number is a valid one
  page_.rows.push_back({.at = at,
                        .entity = nothing,
                        .state = nothing,
                        .old_state = nothing,
                        .kind = row_kind::restart});
}

row_sink::memory* row_sink::entity(std::string_view name) {
  auto found = entities_.find(name);
  if (found == entities_.end()) {
    if (!std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7f; }))
      return nullptr;
    found = entities_.emplace(name, memory{}).first;
  }
  memory& result = found->second;
  if (result.page != page_number_) {
    result.page = page_number_;
    result.entity_number = page_.texts.intern(name);
    if (result.known)
      result.state_number = page_.texts.intern(result.state);
  }
  return &result;
}

event_page row_sink::take_page() {
  ++page_number_;
  return std::exchange(page_, {});
}

void row_sink::bad(std::string_view why) {
  ++problems_.bad_rows;
  note_problem(why);
}

void row_sink::note_problem(std::string_view why) {
  if (problems_.first.size() < 5)
    problems_.first.push_back(fmt::format("{}:{}: {}", file_, line_, why));
}

} // namespace habitd
