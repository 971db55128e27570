#include "actors/home/clean.hpp"

#include "actors/home/entity_class.hpp"
#include "actors/home/observed_time.hpp"
#include "actors/home/turns.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace habitd {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds restart_guard = std::chrono::seconds{120};

/// The entities of a day in order of name: their ranks are the same whatever numbers the
/// store gave them.
struct entity_facts {
  entity_number number = 0;
  std::string name;
  std::string_view domain; // into `name`
};

/// A row with its texts replaced by ranks, so that comparing is cheap.
struct clean_row {
  wall_time at{};
  std::uint32_t entity = 0; // rank of its name
  std::uint32_t state = 0;  // rank of the text
  std::uint32_t old_state = 0;
  previous before = previous::unspecified;
  row_kind kind = row_kind::change;
  cause by = cause::unknown;
  std::uint64_t act = 0;

  auto key() const { return std::tuple{at, entity, state}; }
};

/// How much a cause says.
int weight_of(cause by) {
  switch (by) {
  case cause::unknown:
    return 0;
  case cause::physical:
    return 1;
  case cause::person:
    return 2;
  case cause::automation:
    return 3;
  }
  return 0;
}

/// Two sources that saw one change may know different things about it. Joins what they know
/// by rules that give the same in any order.
void merge(clean_row& into, const clean_row& other) {
  const auto known_before = [](previous before) {
    return before == previous::none ? 2 : before == previous::known ? 1 : 0;
  };
  if (other.kind == row_kind::attributes)
    into.kind = row_kind::attributes; // `change` may only mean that the source can't tell
  if (weight_of(other.by) > weight_of(into.by))
    into.by = other.by;
  into.act = std::max(into.act, other.act);
  const int ours = known_before(into.before);
  const int theirs = known_before(other.before);
  if (theirs > ours || (theirs == 1 && ours == 1 && other.old_state < into.old_state)) {
    into.before = other.before;
    into.old_state = other.old_state;
  }
}

/// One day on its way through the filters.
class day_cleaner {
public:
  day_cleaner(const stored_day& raw, const day_clock& clock,
              const std::function<std::string(entity_number)>& names);

  home_day clean(local_day day);

private:
  void rank_entities(const std::function<std::string(entity_number)>& names);
  void rank_texts();
  void collect_rows();
  void drop_duplicates();
  void share_causes();
  void find_turns();
  void take_row(const clean_row& row);
  bool after_restart(wall_time at) const;
  void add_activations(home_day& day) const;

  const stored_day& raw_;
  const day_clock& clock_;
  std::vector<entity_facts> entities_;
  std::unordered_map<entity_number, std::uint32_t> rank_of_entity_;
  std::vector<std::uint32_t> texts_;        // numbers in the pool, by rank
  std::vector<std::uint32_t> rank_of_text_; // by number in the pool
  std::vector<clean_row> rows_;
  std::vector<wall_time> restarts_; // ascending
  std::vector<wall_time> signs_;    // of life: the time of every row, ascending
  std::size_t reports_ = 0;         // of them, readings and updates
  std::vector<std::optional<std::uint32_t>>
    state_; // of each entity, as of the row at hand
  std::vector<entity_turn> turns_;
  day_counts counts_;
};

day_cleaner::day_cleaner(const stored_day& raw, const day_clock& clock,
                         const std::function<std::string(entity_number)>& names)
    : raw_{raw}, clock_{clock} {
  rank_entities(names);
  rank_texts();
  collect_rows();
  drop_duplicates();
  share_causes();
}

void day_cleaner::rank_entities(const std::function<std::string(entity_number)>& names) {
  for (const auto& event : raw_.events)
    if (event.kind != row_kind::restart &&
        rank_of_entity_.try_emplace(event.entity, 0).second)
      entities_.push_back({event.entity, names(event.entity), {}});
  std::ranges::sort(entities_, {}, [](const entity_facts& entity) {
    return std::tie(entity.name, entity.number);
  });
  for (std::uint32_t rank = 0; rank < entities_.size(); ++rank) {
    entities_[rank].domain = domain_of(entities_[rank].name);
    rank_of_entity_[entities_[rank].number] = rank;
  }
  state_.resize(entities_.size());
}

void day_cleaner::rank_texts() {
  texts_.resize(raw_.texts.size());
  for (std::uint32_t number = 0; number < texts_.size(); ++number)
    texts_[number] = number;
  std::ranges::sort(texts_, {}, [this](std::uint32_t number) -> const std::string& {
    return raw_.texts[number];
  });
  rank_of_text_.resize(texts_.size());
  for (std::uint32_t rank = 0; rank < texts_.size(); ++rank)
    rank_of_text_[texts_[rank]] = rank;
}

void day_cleaner::collect_rows() {
  const auto [begin, end] = clock_.span();
  rows_.reserve(raw_.events.size());
  for (const auto& event : raw_.events) {
    if (event.at < begin || event.at >= end)
      continue;                            // another day's
    if (event.kind == row_kind::restart) { // a mark, not a row: there may be three of one
      restarts_.push_back(event.at);
      continue;
    }
    ++counts_.rows;
    const bool known = event.before == previous::known;
    rows_.push_back({event.at, rank_of_entity_.at(event.entity),
                     rank_of_text_.at(event.state),
                     known ? rank_of_text_.at(event.old_state) : 0, event.before,
                     event.kind, event.by, event.act});
  }
}

void day_cleaner::drop_duplicates() {
  std::ranges::sort(restarts_);
  restarts_.erase(std::unique(restarts_.begin(), restarts_.end()), restarts_.end());

  std::ranges::sort(rows_, {}, &clean_row::key);
  std::vector<clean_row> once;
  once.reserve(rows_.size());
  for (const auto& row : rows_)
    if (once.empty() || once.back().key() != row.key()) {
      once.push_back(row);
    } else {
      merge(once.back(), row);
      ++counts_.duplicate;
    }
  rows_ = std::move(once);

  signs_ = restarts_;
  for (const auto& row : rows_)
    signs_.push_back(row.at);
  std::ranges::sort(signs_);
}

/// What shares its context with a state of an automation is its doing, even where no row says
/// so: a home may keep no events, and who acted may be told by another row than the act's.
void day_cleaner::share_causes() {
  const auto tells = [this](const clean_row& row) {
    const auto domain = entities_[row.entity].domain;
    return row.act != 0 &&
           (row.by == cause::automation || domain == "automation" || domain == "script");
  };
  std::unordered_set<std::uint64_t> automated;
  for (const auto& row : rows_)
    if (tells(row))
      automated.insert(row.act);
  for (auto& row : rows_)
    if (automated.contains(row.act))
      row.by = cause::automation;
}

bool day_cleaner::after_restart(wall_time at) const {
  const auto next = std::ranges::upper_bound(restarts_, at);
  return next != restarts_.begin() && at - *(next - 1) <= restart_guard;
}

void day_cleaner::take_row(const clean_row& row) {
  auto& state = state_[row.entity];
  // What the day itself shows goes before what the row says of the time before it, except
  // that there was nothing: then the state in between is unknown.
  std::optional<std::uint32_t> before;
  if (row.before != previous::none)
    before = state                           ? state
             : row.before == previous::known ? std::optional{row.old_state}
                                             : std::nullopt;
  state = row.state;
  const auto& entity = entities_[row.entity];
  const bool same = row.kind == row_kind::attributes || before == row.state;
  reports_ += same || entity.domain == "sensor";
  if (same) {
    ++counts_.attribute_only;
    return;
  }
  const auto class_of = [&](std::uint32_t rank) {
    return classify(entity.domain, raw_.texts[texts_[rank]]);
  };
  const auto to = class_of(row.state);
  // A reading is no act, whatever was before it.
  const auto from = before                     ? class_of(*before)
                    : to == state_class::other ? state_class::other
                                               : state_class::absent;
  if (from == state_class::absent || to == state_class::absent) {
    ++counts_.unavailable;
  } else if (after_restart(row.at)) {
    ++counts_.restart;
  } else if (from == to || from == state_class::other || to == state_class::other ||
             (to == state_class::off && !is_actuator(entity.domain))) {
    ++counts_.not_a_turn;
  } else {
    turns_.push_back({row.at, row.entity, to == state_class::on ? turn::on : turn::off,
                      row.by == cause::automation, row.act});
  }
}

void day_cleaner::find_turns() {
  for (const auto& row : rows_)
    take_row(row);
  counts_.echo = drop_echoes(turns_);
  counts_.periodic = drop_periodic(turns_);
}

void day_cleaner::add_activations(home_day& day) const {
  constexpr int bin_seconds = 300;
  for (const auto& found : turns_) {
    const auto since = found.at - clock_.span().begin;
    day.activations.push_back(
      {static_cast<std::int32_t>(since.count()),
       static_cast<std::uint16_t>(clock_.seconds_since_start(found.at) / bin_seconds),
       found.automated, item_of(entities_[found.entity].number, found.to)});
  }
  std::ranges::sort(day.activations, {}, [](const activation& a) {
    return std::tuple{a.at, a.item, a.automated};
  });
}

home_day day_cleaner::clean(local_day number) {
  home_day day;
  day.day = number;
  find_turns();
  for (const auto& found : turns_)
    ++(found.automated ? counts_.automated : counts_.kept);
  add_activations(day);
  mark_observed(day, clock_, find_outages(signs_, reports_, clock_.span()));
  day.counts = counts_;
  return day;
}

} // namespace

home_day clean_day(const stored_day& raw, local_day day, const day_clock& clock,
                   const std::function<std::string(entity_number)>& names) {
  return day_cleaner{raw, clock, names}.clean(day);
}

} // namespace habitd
