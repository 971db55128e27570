#include "tests/actors/home/made_days.hpp"

#include <fmt/format.h>

namespace habitd {

std::map<local_day, plain_day> days_of(const std::vector<plain_row>& rows) {
  const auto calendar = berlin();
  std::map<std::string, entity_number> numbers;
  std::vector<std::string> names{""};
  std::map<local_day, stored_day> stored;
  for (const auto& row : rows) {
    const wall_time at{std::chrono::milliseconds{row.ms}};
    auto& day = stored[calendar->day_of(at)];
    stored_event event{.at = at,
                       .state = day.texts.intern(row.state),
                       .old_state = day.texts.intern(row.old_state.value_or("")),
                       .before = row.before,
                       .kind = row.kind,
                       .by = row.by,
                       .act = row.act};
    if (row.kind != row_kind::restart) {
      const auto [found, is_new] =
        numbers.try_emplace(row.entity, static_cast<entity_number>(names.size()));
      if (is_new)
        names.push_back(row.entity);
      event.entity = found->second;
    }
    day.events.push_back(event);
  }
  std::map<local_day, plain_day> result;
  for (const auto& [day, raw] : stored) {
    const auto cleaned = clean_day(raw, day, calendar->clock_of(day),
                                   [&](entity_number number) { return names[number]; });
    auto& plain = result[day];
    plain.observed = cleaned.observed;
    plain.exposure = cleaned.exposure;
    for (const auto& act : cleaned.activations)
      plain.acts.push_back(fmt::format("{} {} {}{}", act.at, names[entity_of(act.item)],
                                       turn_of(act.item) == turn::on ? "on" : "off",
                                       act.automated ? " automated" : ""));
    std::ranges::sort(
      plain.acts); // numbers, by which equal times are ordered, may differ
  }
  return result;
}

std::size_t acts_in(const std::map<local_day, plain_day>& days) {
  std::size_t count = 0;
  for (const auto& [day, plain] : days)
    count += plain.acts.size();
  return count;
}

} // namespace habitd
