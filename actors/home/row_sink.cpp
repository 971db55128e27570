#include "actors/home/row_sink.hpp"

#include "actors/home/read_time.hpp"
#include "messages/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace habitd {

namespace {

constexpr std::size_t longest_text =
  255; // characters of ids and states in Home Assistant

/// Who looks at a home's states now and then sees a change late, but within that time.
constexpr std::chrono::hours longest_poll{1};

} // namespace

bool row_sink::is_possible(const source_row& row) {
  if (!in_range(row.at)) {
    ++problems_.out_of_range;
    note_problem(fmt::format("time before 1980 or after 2100: {} ms",
                             row.at.time_since_epoch().count()));
    return false;
  }
  if (row.entity.empty())
    bad("no entity");
  else if (row.entity.size() > longest_text)
    bad("entity id of over 255 characters");
  else if (row.state.size() > longest_text && character_count(row.state) > longest_text)
    bad("state of over 255 characters");
  else
    return true;
  return false;
}

void row_sink::take(const source_row& row) {
  if (!is_possible(row))
    return;
  memory* const known = entity(row.entity);
  if (!known)
    return bad("entity id with characters that no id has");
  add_untold_change(row, *known);
  add(row, *known);
}

/// A row may tell of a change that no row of the source shows, because somebody only looked
/// now and then: then the change is a row of its own.
void row_sink::add_untold_change(const source_row& row, memory& of) {
  const auto change = row.changed_at.value_or(row.at);
  if (row.before == previous::unspecified && change < row.at &&
      row.at - change <= longest_poll && of.change != change) {
    auto told = row;
    told.at = change;
    told.kind = row_kind::change;
    told.by = cause::unknown;
    told.act = 0;
    add(told, of);
  }
  if (change < row.at || row.kind == row_kind::change)
    of.change = change;
}

void row_sink::add(const source_row& row, memory& of) {
  if (survey_)
    return survey_->note(row.entity, row.at, row.state);
  // Of rows at one instant none is before the other: a line that is there twice is one.
  const bool same_instant = of.known && row.at == of.at;
  if (of.known && !same_instant)
    of.earlier = of.state;
  event_row added{.at = row.at,
                  .entity = of.entity_number,
                  .before = row.before,
                  .kind = row.kind,
                  .by = row.by,
                  .act = row.act};
  if (row.before == previous::known) {
    added.old_state = page_.texts.intern(row.old_state);
  } else if (row.before == previous::unspecified) {
    const auto carried =
      carried_ ? carried_->before_day(row.entity, row.at) : std::nullopt;
    if (carried) {
      added.before = previous::known;
      added.old_state = page_.texts.intern(*carried);
    } else if (!carried_ && of.earlier) {
      added.before = previous::known;
      added.old_state = page_.texts.intern(*of.earlier);
    }
  }
  of.asks |= row.before == previous::unspecified || row.act != 0;
  out_of_order_ |= of.known && of.asks && row.at < of.at;
  added.state = page_.texts.intern(row.state);
  if (!same_instant || row.state > of.state) // as days order rows of one instant
    of.state = row.state;
  of.known = true;
  of.at = row.at;
  page_.rows.push_back(added);
}

void row_sink::restart(wall_time at) {
  if (survey_ || !in_range(at))
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
    problems_.first.push_back(valid_utf8(fmt::format("{}:{}: {}", file_, line_, why)));
}

} // namespace habitd
