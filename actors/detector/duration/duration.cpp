#include "actors/detector/duration/duration.hpp"

#include "actors/detector/duration/automate.hpp"
#include "actors/detector/duration/finding.hpp"
#include "actors/detector/duration/scan.hpp"
#include "actors/detector/kit/binomial.hpp"
#include "actors/detector/kit/habit_book.hpp"

#include <array>
#include <bit>

namespace habitd {

/// An entity with its usual lengths.
struct use_place {
  entity_number entity = 0;
  std::vector<use_mode> modes; // one or two
  bool operator==(const use_place&) const = default;
};

void put_place(byte_writer& out, const use_place& of) {
  out.number(of.entity);
  out.number(of.modes.size());
  for (const auto& mode : of.modes) {
    out.number(mode.begin);
    out.number(mode.width);
  }
}

void read_place(byte_reader& in, use_place& of) {
  of.entity = in.number_up_to(book_format::any_number / 2);
  of.modes.resize(in.number_up_to(2));
  for (auto& mode : of.modes) {
    mode.begin = static_cast<length_bin>(in.number_up_to(639));
    mode.width = static_cast<length_bin>(in.number_up_to(639 - mode.begin));
  }
}

namespace {

constexpr const char* duration_name = "duration";
constexpr std::uint32_t fewest_later = 5; // uses that a confirmation needs
constexpr double later_share = 0.5;
constexpr std::array off_times{5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360}; // min

// Device classes are not known from the history alone. Sensors report no end of their own.
constexpr std::array<std::string_view, 9> used_domains{"light",        "switch",  "fan",
                                                       "media_player", "cover",   "valve",
                                                       "vacuum",       "climate", "lock"};

using use_habit = habit<use_place>;

bool is_eligible(const std::string& entity) {
  return std::find(used_domains.begin(), used_domains.end(), domain_of(entity)) !=
         used_domains.end();
}

const entity_uses& uses_of(const use_window& window, entity_number entity) {
  static const entity_uses nothing;
  const auto at = window.entities.find(entity);
  return at == window.entities.end() ? nothing : at->second;
}

evidence evidence_of(const use_window& window, const use_habit& of, day_set among) {
  const auto is =
    test_modes(uses_of(window, of.place.entity), of.place.modes, later_share, among);
  const bool enough = is.uses >= fewest_later && is.inside >= 0.7 * is.uses;
  const auto days = window.all_days() & among;
  return {is.inside, is.uses, static_cast<std::uint32_t>(std::popcount(days)),
          enough ? is.p : 1.0};
}

expected<lifecycle_state> check_durations(const aggregate_history& history,
                                          local_day check, const lifecycle_state& before,
                                          const entity_names& names) {
  auto habits = unpack_habits<use_place>(before);
  const auto window = read_use_window(history, check);
  if (!habits || !window)
    return !habits ? habits.error() : window.error();
  std::erase_if(*habits, [&](use_habit& of) {
    return !advance(of, check,
                    evidence_of(*window, of, window->days_after(of.first_found)),
                    evidence_of(*window, of, ~day_set{0}));
  });
  for (const auto& [entity, uses] : window->entities) {
    auto* known =
      find_habit(*habits, [&](const auto& of) { return of.place.entity == entity; });
    if ((known && known->status != pattern_status::retired) ||
        !is_eligible(names(entity)) || is_a_machines(uses))
      continue;
    const auto modes = find_modes(uses);
    if (modes.empty())
      continue;
    use_habit fresh;
    auto& of = known ? *known : fresh;
    of.place = {entity, modes};
    const auto is = test_modes(uses, modes, later_share);
    begin_candidate(of, check, is.inside, is.uses);
    if (!known)
      add_candidate(*habits, fresh, duration_name + ('|' + names(entity)));
  }
  return pack_habits(std::move(*habits));
}

/// The shortest of some round times that at most a twentieth of the uses exceeds.
int off_after(const entity_uses& of) {
  for (const int minutes : off_times) {
    std::uint32_t all = 0;
    std::uint32_t longer = 0;
    for (const auto& day : of.by_day)
      for (const auto& [bin, count] : day) {
        all += count;
        longer += longest_of(bin) > 60u * static_cast<unsigned>(minutes) ? count : 0;
      }
    if (20 * longer <= all && wilson(longer, all).high <= 0.2)
      return minutes;
  }
  return 0;
}

duration_finding finding_of(const entity_uses& uses, const std::vector<use_mode>& modes,
                            std::uint32_t all) {
  duration_finding finding;
  for (const auto& mode : modes) {
    const auto inside = test_modes(uses, {mode}, later_share).inside;
    const auto at = [&](double share) {
      return length_of(length_quantile(uses, share, &mode));
    };
    finding.lengths.push_back(
      {at(0.5), at(0.1), at(0.9), shortest_of(mode.begin),
       longest_of(static_cast<length_bin>(mode.begin + mode.width - 1)),
       all == 0 ? 0.0 : static_cast<double>(inside) / all});
  }
  finding.off_after_minutes = off_after(uses);
  return finding;
}

pattern pattern_of(const use_window& window, const use_habit& of,
                   const entity_names& names) {
  const auto& uses = uses_of(window, of.place.entity);
  const auto is = test_modes(uses, of.place.modes, later_share);
  pattern says;
  says.id = format_pattern_id(of.id);
  says.detector = duration_name;
  says.entities = {names(of.place.entity)};
  says.turns = {turn::off};
  says.weekdays = {0, 1, 2, 3, 4, 5, 6};
  says.support = static_cast<int>(is.inside);
  says.trials = static_cast<int>(is.uses);
  says.support_days = std::popcount(is.dates);
  says.eligible_days = static_cast<int>(window.days.size());
  says.adherence = wilson(is.inside, is.uses);
  says.p = says.q = is.p; // the least effect is so far from chance that each stands alone
  says.status = of.status;
  says.first_found = of.first_found;
  says.dates = window.dates_of(is.dates);
  says.own = own_part(finding_of(uses, of.place.modes, is.uses));
  return says;
}

expected<std::vector<pattern>> conclude_durations(const aggregate_history& history,
                                                  local_day last,
                                                  const lifecycle_state& state,
                                                  const entity_names& names) {
  const auto habits = living_habits<use_place>(state);
  const auto window = read_use_window(history, last);
  if (!habits || !window)
    return !habits ? habits.error() : window.error();
  std::vector<pattern> patterns;
  for (const auto& of : *habits)
    patterns.push_back(pattern_of(*window, of, names));
  std::sort(patterns.begin(), patterns.end(), [](const pattern& a, const pattern& b) {
    return std::tie(a.entities, a.id) < std::tie(b.entities, b.id);
  });
  return patterns;
}

} // namespace

detector duration_detector(detector_id id) {
  return {.id = id,
          .name = duration_name,
          .observe =
            [](const home_day& day) {
              std::vector<aggregate_part> parts;
              for (const auto& [entity, record] : observe_uses(day))
                parts.push_back({entity, pack(record)});
              return parts;
            },
          .merge = [](std::string_view a, std::string_view b) -> expected<std::string> {
            const auto left = unpack_uses(a);
            const auto right = unpack_uses(b);
            if (!left || !right)
              return !left ? left.error() : right.error();
            return pack(merge(*left, *right));
          },
          .verify =
            [](std::uint32_t, std::string_view bytes) {
              const auto uses = unpack_uses(bytes);
              return uses ? error{} : uses.error();
            },
          .verify_state = verify_habits<use_place>,
          .check = check_durations,
          .conclude = conclude_durations,
          .describe = describe_duration,
          .replay = replay_duration,
          .propose = propose_duration};
}

} // namespace habitd
