#include "actors/suggestion/automation_yaml.hpp"

#include "actors/detector/detector.hpp"
#include "actors/suggestion/domain.hpp"
#include "actors/suggestion/wording.hpp"

#include <fmt/format.h>

namespace habitd {

std::string automation_yaml(const automation& made, const automation_text& text) {
  auto yaml = fmt::format("id: {}\nalias: {}\ndescription: {}\n", yaml_quoted(text.id),
                          yaml_quoted(text.alias), yaml_quoted(text.description));
  yaml += made.triggers;
  yaml += made.conditions.empty() ? "conditions: []\n" : made.conditions;
  if (!made.actions.empty())
    yaml += made.actions;
  else if (needs_a_person(made.entity))
    yaml += notify(text.id, order_words(made.entity, made.to) + "?", made.why);
  else
    yaml += act(action_for(made.entity, made.to).value_or(""), made.entity);
  return yaml + "mode: single\n";
}

std::optional<automation> automation_for(const pattern& habit) {
  const auto* of = find_detector(habit.detector);
  return of && of->propose ? of->propose(habit) : std::nullopt;
}

bool only_asks(const automation& made) {
  return made.actions.empty() && needs_a_person(made.entity);
}

} // namespace habitd
