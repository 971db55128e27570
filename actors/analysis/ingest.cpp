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

/// FNV-1a, 64 bits, of a text or a number.
struct block_hash {
  std::uint64_t value = 14695981039346656037U;

  void mix(std::string_view text) {
    for (const char c : text)
      value = (value ^ static_cast<std::uint8_t>(c)) * 1099511628211U;
  }
  void mix(std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8)
      value = (value ^ static_cast<std::uint8_t>(number >> shift)) * 1099511628211U;
  }
};

/// Names a block after its source, its place there and the times, entities and states of its
/// rows. The page that is read again takes its own place, with what a second reading found
/// out of the states before; a database that was restored from a backup, and goes on with
/// other rows under the old ones' numbers, takes no other page's.
std::uint64_t block_id(const read_step& step) {
  std::vector<std::uint64_t> texts(step.page.texts.size());
  for (std::uint32_t number = 0; number < texts.size(); ++number) {
    block_hash text;
    text.mix(step.page.texts[number]);
    texts[number] = text.value;
  }
  block_hash hash;
  hash.mix(step.position.source);
  hash.mix(step.ordinal);
  for (const auto& row : step.page.rows) {
    hash.mix(static_cast<std::uint64_t>(row.at.time_since_epoch().count()));
    hash.mix(texts[row.entity] ^ (texts[row.state] << 1));
  }
  return hash.value;
}

/// The rows of one page that fall on one day, and what the store knows of that day.
struct page_day {
  stored_day rows;
  day_record record;
};

class page_staging {
public:
  page_staging(const event_page& page, const home_calendar& calendar,
               const entity_filter& filter, home_store& store)
      : page_{page}, calendar_{calendar}, filter_{filter}, store_{store},
        numbers_(page.texts.size()) {}

  error add(const event_row& row) {
    auto* day = day_at(row.at);
    if (!day)
      return failure_;
    if (!day->record.raw_kept) {
      ++result.too_late;
      return {};
    }
    entity_number entity = 0;
    if (row.kind != row_kind::restart) {
      const auto number = number_of(row.entity);
      if (!number) {
        ++result.excluded;
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
    ++result.stored;
    return {};
  }

  std::map<local_day, page_day> days;
  read_counts result;

private:
  page_day* day_at(wall_time at) {
    if (current_ && span_.begin <= at && at < span_.end)
      return current_;
    const auto day = calendar_.day_of(at);
    span_ = calendar_.span_of(day);
    const auto [found, is_new] = days.try_emplace(day);
    current_ = &found->second;
    if (is_new) {
      auto record = store_.days.get(day);
      if (record) {
        current_->record = *record;
      } else if (code_of(record.error()) != ec::not_found) {
        failure_ = record.error();
        return nullptr;
      }
    }
    return current_;
  }

  std::optional<entity_number> number_of(std::uint32_t name) {
    auto& known = numbers_[name];
    if (!known.looked_up) {
      known.looked_up = true;
      if (filter_(page_.texts[name]))
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
  const home_calendar& calendar_;
  const entity_filter& filter_;
  home_store& store_;
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

expected<read_counts> stage_page(const read_step& step, const home_calendar& calendar,
                                 const entity_filter& filter, home_store& store,
                                 batch& changes) {
  if (!step.renamed.empty())
    store.entities->rename(step.renamed);
  page_staging staging{step.page, calendar, filter, store};
  for (const auto& row : step.page.rows)
    if (auto failed = staging.add(row))
      return failed;
  const auto block = block_id(step);
  for (auto& [day, content] : staging.days) {
    if (content.rows.events.empty())
      continue;
    store.events.put(changes, day, block, encode_events(content.rows));
    content.record.dirty = true;
    store.days.put(changes, day, content.record);
  }
  store.entities->stage_new(changes);
  store.set_cursor(changes, step.position.source, step.position.cursor);
  if (step.names)
    store.set_names(changes, step.position.source, *step.names);
  return staging.result;
}

} // namespace habitd
