#include "actors/analysis/ingest.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <map>
#include <optional>

namespace habitd {

namespace {

bool matches_any(const std::vector<std::string>& globs, const std::string& entity) {
  return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
    return fnmatch(glob.c_str(), entity.c_str(), 0) == 0;
  });
}

/// Names a block after its source, its place there and the time of its first row: FNV-1a
/// over all. A database that replaces another at the same path numbers its rows anew; the
/// time keeps its blocks from taking the place of the old one's.
std::uint64_t block_id(const read_step& step) {
  std::uint64_t hash = 14695981039346656037U;
  const auto mix = [&hash](std::uint8_t byte) { hash = (hash ^ byte) * 1099511628211U; };
  for (const char c : step.position.source)
    mix(static_cast<std::uint8_t>(c));
  const auto mix_number = [&mix](std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8)
      mix(static_cast<std::uint8_t>(number >> shift));
  };
  mix_number(step.ordinal);
  if (!step.page.rows.empty())
    mix_number(
      static_cast<std::uint64_t>(step.page.rows.front().at.time_since_epoch().count()));
  return hash;
}

/// The rows of one page that fall on one day.
struct page_day {
  stored_day rows;
  bool takes_rows = true;
};

class page_staging {
public:
  page_staging(const event_page& page, const ingest_options& how, home_store& store,
               day_changes& book)
      : page_{page}, how_{how}, store_{store}, book_{book}, numbers_(page.texts.size()) {}

  error add(const event_row& row) {
    auto* day = day_at(row.at);
    if (!day)
      return failure_;
    if (!day->takes_rows) {
      ++result.counts.too_late;
      return {};
    }
    entity_number entity = 0;
    if (row.kind != row_kind::restart) {
      const auto number = number_of(row.entity);
      if (!number) {
        ++result.counts.excluded;
        return {};
      }
      entity = *number;
    }
    day->rows.events.push_back({.at = row.at,
                                .entity = entity,
                                .state = text_of(day->rows, row.state, row),
                                .old_state = row.before == previous::known
                                               ? text_of(day->rows, row.old_state, row)
                                               : 0,
                                .before = row.before,
                                .kind = row.kind,
                                .by = row.by,
                                .act = row.act});
    ++result.counts.stored;
    if (how_.now && is_ahead(row.at, *how_.now)) {
      ++result.counts.ahead;
      result.first_ahead = std::min(result.first_ahead.value_or(row.at), row.at);
    }
    return {};
  }

  std::map<local_day, page_day> days;
  staged_page result;

private:
  page_day* day_at(wall_time at) {
    if (current_ && span_.begin <= at && at < span_.end)
      return current_;
    const auto day = how_.calendar.day_of(at);
    span_ = how_.calendar.span_of(day);
    const auto [found, is_new] = days.try_emplace(day);
    current_ = &found->second;
    if (is_new) {
      const auto takes_rows = book_.takes_rows(day);
      if (!takes_rows) {
        failure_ = takes_rows.error();
        return nullptr;
      }
      current_->takes_rows = *takes_rows;
    }
    return current_;
  }

  std::optional<entity_number> number_of(std::uint32_t name) {
    auto& known = numbers_[name];
    if (!known.looked_up) {
      known.looked_up = true;
      if (how_.filter(page_.texts[name]))
        known.number = store_.entities->number_of(page_.texts[name]);
    }
    return known.number;
  }

  std::uint32_t text_of(stored_day& day, std::uint32_t text, const event_row& row) const {
    return row.kind == row_kind::restart ? day.texts.intern("")
                                         : day.texts.intern(page_.texts[text]);
  }

  struct known_entity {
    bool looked_up = false;
    std::optional<entity_number> number; // nothing = excluded
  };

  const event_page& page_;
  const ingest_options& how_;
  home_store& store_;
  day_changes& book_;
  std::vector<known_entity> numbers_; // by text number
  page_day* current_ = nullptr;
  day_span span_;
  error failure_;
};

} // namespace

entity_filter make_entity_filter(std::vector<std::string> include,
                                 std::vector<std::string> exclude) {
  return [include = std::move(include),
          exclude = std::move(exclude)](std::string_view entity) {
    const std::string name{entity};
    return (include.empty() || matches_any(include, name)) && !matches_any(exclude, name);
  };
}

expected<staged_page> stage_page(const read_step& step, const ingest_options& how,
                                 home_store& store, day_changes& book) {
  page_staging staging{step.page, how, store, book};
  for (const auto& row : step.page.rows)
    if (auto failed = staging.add(row))
      return failed;
  auto& changes = book.with();
  for (const auto& [day, content] : staging.days) {
    if (content.rows.events.empty())
      continue;
    store.events.put(changes, day, block_id(step), encode_events(content.rows));
    if (auto failed = book.add_rows(day))
      return failed;
  }
  staging.result.entities = store.entities->stage_new(changes);
  store.set_cursor(changes, step.position.source, step.position.cursor);
  return staging.result;
}

} // namespace habitd
