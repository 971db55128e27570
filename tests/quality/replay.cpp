#include "replay.hpp"

#include "actors/home/clean.hpp"
#include "actors/home/open_source.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace habitd::quality {

namespace {

/// Collects rows of any source by day, and numbers the entities by first sight.
class day_collector {
public:
  explicit day_collector(home_calendar calendar) { home_.calendar = std::move(calendar); }

  void add(const event_page& page);
  cleaned_home finish();

private:
  entity_number number_of(const std::string& name);

  cleaned_home home_;
  std::unordered_map<std::string, entity_number> numbers_;
  std::map<local_day, stored_day> days_;
};

entity_number day_collector::number_of(const std::string& name) {
  const auto next = static_cast<entity_number>(home_.names.size() + 1);
  const auto [found, added] = numbers_.try_emplace(name, next);
  if (added)
    home_.names.push_back(name);
  return found->second;
}

void day_collector::add(const event_page& page) {
  for (const auto& row : page.rows) {
    auto& day = days_[home_.calendar.day_of(row.at)];
    stored_event event{
      .at = row.at, .before = row.before, .kind = row.kind, .by = row.by, .act = row.act};
    if (row.kind != row_kind::restart) {
      event.entity = number_of(page.texts[row.entity]);
      event.state = day.texts.intern(page.texts[row.state]);
      if (row.before == previous::known)
        event.old_state = day.texts.intern(page.texts[row.old_state]);
    }
    day.events.push_back(event);
  }
}

cleaned_home day_collector::finish() {
  const auto names = [this](entity_number number) { return home_.names.at(number - 1); };
  for (auto& [day, rows] : days_) {
    home_.days.push_back(clean_day(rows, day, home_.calendar.clock_of(day), names));
    rows = {};
  }
  return std::move(home_);
}

/// Aggregates of one detector by day, as a database would hold them.
class memory_aggregates {
public:
  void put(const home_day& day, std::vector<aggregate_part> parts) {
    std::ranges::sort(parts, {}, &aggregate_part::part);
    parts_[day.day] = std::move(parts);
    days_[day.day] = {.missing = {},
                      .revision = 1,
                      .observed = day.observed,
                      .exposure = day.exposure,
                      .counts = day.counts};
  }

  /// What a detector sees on the evening of `last`.
  aggregate_history until(local_day last, int reach) const {
    aggregate_history history;
    history.days = {days_.lower_bound(last - (reach - 1)), days_.upper_bound(last)};
    history.part = [this](period when, std::uint32_t part) {
      return get(first_day_of(when), part);
    };
    history.scan =
      [this](period when,
             const std::function<bool(std::uint32_t, std::string_view)>& visit) -> error {
      if (const auto found = parts_.find(first_day_of(when)); found != parts_.end())
        for (const auto& each : found->second)
          if (!visit(each.part, each.bytes))
            break;
      return {};
    };
    return history;
  }

private:
  expected<std::string> get(local_day day, std::uint32_t part) const {
    if (const auto found = parts_.find(day); found != parts_.end()) {
      const auto at =
        std::ranges::lower_bound(found->second, part, {}, &aggregate_part::part);
      if (at != found->second.end() && at->part == part)
        return at->bytes;
    }
    return make_error(ec::not_found, std::string{"no such part"});
  }

  std::map<local_day, day_record> days_;
  std::map<local_day, std::vector<aggregate_part>> parts_;
};

constexpr int check_reach = 3 * window_days; // as in the product

} // namespace

expected<cleaned_home> clean_home(const simulated_home& home) {
  day_collector collector{home.plan().calendar};
  if (auto err = home.each_day([&](const simulated_day& day) -> error {
        collector.add(page_of(home, day));
        return {};
      }))
    return err;
  return collector.finish();
}

expected<cleaned_home> clean_log(const std::filesystem::path& file,
                                 const std::string& zone) {
  auto calendar = home_calendar::open(zone);
  if (!calendar)
    return calendar.error();
  source_request request;
  request.file = file;
  request.calendar = std::make_shared<const home_calendar>(*calendar);
  auto source = open_source(request);
  if (!source)
    return source.error();
  day_collector collector{*calendar};
  for (;;) {
    const auto step = source->next();
    if (!step)
      return step.error();
    collector.add(step->page);
    if (step->at_end)
      return collector.finish();
  }
}

error replay(const detector& what, const cleaned_home& home,
             std::span<const home_day> days, const std::vector<int>& lengths,
             const visit_patterns& visit) {
  const entity_names names = [&](entity_number number) {
    return home.names.at(number - 1);
  };
  memory_aggregates aggregates;
  lifecycle_state state;
  int lived = 0;
  for (const auto& day : days) {
    ++lived;
    aggregates.put(day, what.observe(day));
    const bool check = lived % check_every_days == 0;
    if (check) {
      auto next =
        what.check(aggregates.until(day.day, check_reach), day.day, state, names);
      if (!next)
        return next.error();
      state = std::move(*next);
    }
    if (!check && std::ranges::find(lengths, lived) == lengths.end())
      continue;
    const auto patterns =
      patterns_today(what, aggregates.until(day.day, window_days), day.day, state, names);
    if (!patterns)
      return patterns.error();
    visit(day.day, *patterns);
  }
  return {};
}

} // namespace habitd::quality
