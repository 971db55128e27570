#include "actors/home/carried_states.hpp"

#include "actors/home/entity_class.hpp"
#include "messages/home_day.hpp"

namespace habitd {

local_day carried_states::day_of(wall_time at) {
  if (at < span_.begin || at >= span_.end) {
    day_ = calendar_->day_of(at);
    span_ = calendar_->span_of(day_);
  }
  return day_;
}

void carried_states::note(std::string_view entity, wall_time at, std::string_view state) {
  const auto domain = domain_of(entity);
  if (!has_classes(domain))
    return; // no change of it is an act, whatever was before
  auto found = entities_.find(entity);
  if (found == entities_.end())
    found = entities_.emplace(entity, std::map<local_day, last_row>{}).first;
  const auto number =
    states_.intern(classify(domain, state) == state_class::other ? "?" : state);
  const auto [last, is_new] = found->second.try_emplace(day_of(at), at, number);
  auto& row = last->second;
  if (!is_new && (at > row.at || (at == row.at && states_[number] > states_[row.state])))
    row = {at, number};
}

std::optional<std::string_view> carried_states::before_day(std::string_view entity,
                                                           wall_time at) {
  const auto found = entities_.find(entity);
  if (found == entities_.end())
    return std::nullopt;
  const auto next = found->second.lower_bound(day_of(at));
  if (next == found->second.begin())
    return std::nullopt;
  return states_[std::prev(next)->second.state];
}

} // namespace habitd
