#include "tools/simulator/nulls.hpp"

#include "tools/simulator/random_stream.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace habitd {

namespace {

using std::chrono::milliseconds;

constexpr std::int32_t cell = 300'000; // ms of a bin

/// Which null a stream of random numbers belongs to.
enum class null_kind : std::uint64_t { rotate = 301, apart, together, redraw };

random_stream stream(std::uint64_t seed, null_kind of, std::uint64_t a = 0,
                     std::uint64_t b = 0) {
  return {seed, {static_cast<std::uint64_t>(of), a, b}};
}

/// One day's time, as elapsed and as observed.
class day_time {
public:
  day_time(const home_day& day, const home_calendar& calendar)
      : clock_{calendar.clock_of(day.day)} {
    const auto span = clock_.span();
    length_ = static_cast<std::int32_t>((span.end - span.begin).count());
    for (std::int32_t at = 0; at < length_; at += cell)
      if (day.observed[bin(at)])
        observed_.push_back(at);
  }

  std::uint16_t bin(std::int32_t at) const {
    const auto wall = clock_.seconds_since_start(clock_.span().begin + milliseconds{at});
    return static_cast<std::uint16_t>(wall / 300);
  }

  /// Starts of the observed five minutes, ascending.
  const std::vector<std::int32_t>& observed() const { return observed_; }

  /// The time `by` later when only observed time counts; after the day's end, from its start.
  std::int32_t turned(std::int32_t at, std::int64_t by) const {
    const auto found =
      std::lower_bound(observed_.begin(), observed_.end(), at - at % cell);
    if (found == observed_.end() || *found != at - at % cell)
      return at; // between what was observed: nothing to turn along
    const auto total = static_cast<std::int64_t>(observed_.size()) * cell;
    const auto position = (found - observed_.begin()) * std::int64_t{cell} + at % cell;
    const auto later = (position + by) % total;
    return observed_[static_cast<std::size_t>(later / cell)] +
           static_cast<std::int32_t>(later % cell);
  }

  /// The same time on the wall on this day.
  std::int32_t at_wall(const home_calendar& calendar, local_day day,
                       std::int64_t wall) const {
    const auto instant =
      calendar.instant(day, std::chrono::seconds{3 * 3600 + wall / 1000}) +
      milliseconds{wall % 1000};
    return static_cast<std::int32_t>(
      std::clamp<std::int64_t>((instant - clock_.span().begin).count(), 0, length_ - 1));
  }

  /// Milliseconds on the wall since 03:00.
  std::int64_t wall_of(std::int32_t at) const {
    const auto instant = clock_.span().begin + milliseconds{at};
    return clock_.seconds_since_start(instant) * std::int64_t{1000} +
           (instant.time_since_epoch().count() % 1000);
  }

private:
  day_clock clock_;
  std::int32_t length_ = 0;
  std::vector<std::int32_t> observed_;
};

void put_in_order(home_day& day, const day_time& time) {
  for (auto& each : day.activations)
    each.bin = time.bin(each.at);
  std::sort(day.activations.begin(), day.activations.end(),
            [](const auto& a, const auto& b) {
              return std::tie(a.at, a.item) < std::tie(b.at, b.item);
            });
}

/// Positions of the days that were observed throughout; only those may change places.
std::vector<std::size_t> whole_days(const std::vector<home_day>& days) {
  std::vector<std::size_t> whole;
  for (std::size_t i = 0; i < days.size(); ++i)
    if (days[i].observed.all())
      whole.push_back(i);
  return whole;
}

std::vector<std::size_t> shuffled(const std::vector<std::size_t>& of,
                                  random_stream random) {
  auto result = of;
  for (std::size_t i = result.size(); i > 1; --i)
    std::swap(result[i - 1], result[random.below(i)]);
  return result;
}

/// Moves the activations of each whole day to another one, which may differ by entity.
/// @param place_of  (entity, position in `whole`) -> position of the day that gets it.
template <class PlaceOf>
std::vector<home_day>
rearranged(std::vector<home_day> days, const home_calendar& calendar,
           const std::vector<std::size_t>& whole, PlaceOf place_of) {
  std::vector<day_time> times;
  for (const auto& day : days)
    times.emplace_back(day, calendar);
  std::map<std::size_t, std::vector<activation>> arrived;
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (const auto& each : days[whole[i]].activations) {
      const auto to = place_of(entity_of(each.item), i);
      auto moved = each;
      moved.at =
        times[to].at_wall(calendar, days[to].day, times[whole[i]].wall_of(each.at));
      arrived[to].push_back(moved);
    }
  for (const auto i : whole) {
    days[i].activations = std::move(arrived[i]);
    put_in_order(days[i], times[i]);
  }
  return days;
}

/// Mean over bins within an hour of each, around the clock.
std::vector<double> smoothed(const std::vector<double>& rates) {
  constexpr int reach = 12;
  std::vector<double> result(bins_per_day);
  for (int b = 0; b < bins_per_day; ++b) {
    for (int i = -reach; i <= reach; ++i)
      result[static_cast<std::size_t>(b)] +=
        rates[static_cast<std::size_t>((b + i + bins_per_day) % bins_per_day)];
    result[static_cast<std::size_t>(b)] /= 2 * reach + 1;
  }
  return result;
}

/// Activations per observed bin, by item and by whether an automation made them.
std::map<std::pair<item_number, bool>, std::vector<double>>
profiles(const std::vector<home_day>& days) {
  std::vector<double> exposure(bins_per_day);
  std::map<std::pair<item_number, bool>, std::vector<double>> rates;
  for (const auto& day : days) {
    for (std::size_t b = 0; b < bins_per_day; ++b)
      exposure[b] += day.observed[b];
    for (const auto& each : day.activations)
      rates.try_emplace({each.item, each.automated}, bins_per_day)
        .first->second[each.bin] += 1;
  }
  for (auto& [item, counts] : rates) {
    for (std::size_t b = 0; b < bins_per_day; ++b)
      counts[b] /= std::max(exposure[b], 1.0);
    counts = smoothed(counts);
  }
  return rates;
}

} // namespace

std::vector<home_day> rotate_days(std::vector<home_day> days,
                                  const home_calendar& calendar, std::uint64_t seed) {
  for (auto& day : days) {
    const day_time time{day, calendar};
    const auto number = static_cast<std::uint64_t>(day.day.number);
    for (auto& each : day.activations) {
      auto random = stream(seed, null_kind::rotate, number, entity_of(each.item));
      const auto total = static_cast<double>(time.observed().size()) * cell;
      each.at = time.turned(each.at, static_cast<std::int64_t>(random.uniform() * total));
    }
    put_in_order(day, time);
  }
  return days;
}

std::vector<home_day> shuffle_days_apart(std::vector<home_day> days,
                                         const home_calendar& calendar,
                                         std::uint64_t seed) {
  const auto whole = whole_days(days);
  std::map<entity_number, std::vector<std::size_t>> orders;
  return rearranged(std::move(days), calendar, whole,
                    [&](entity_number entity, std::size_t i) {
                      auto& order = orders[entity];
                      if (order.empty())
                        order = shuffled(whole, stream(seed, null_kind::apart, entity));
                      return order[i];
                    });
}

std::vector<home_day> shuffle_days(std::vector<home_day> days,
                                   const home_calendar& calendar, std::uint64_t seed) {
  const auto whole = whole_days(days);
  const auto order = shuffled(whole, stream(seed, null_kind::together));
  return rearranged(std::move(days), calendar, whole,
                    [&](entity_number, std::size_t i) { return order[i]; });
}

std::vector<home_day> redraw_days(std::vector<home_day> days,
                                  const home_calendar& calendar, std::uint64_t seed) {
  const auto rates = profiles(days);
  for (auto& day : days) {
    const day_time time{day, calendar};
    const auto number = static_cast<std::uint64_t>(day.day.number);
    day.activations.clear();
    for (const auto& [what, rate] : rates) {
      const auto [item, automated] = what;
      auto random = stream(seed, null_kind::redraw, number, item * 2 + automated);
      for (const auto begin : time.observed()) {
        const auto bin = time.bin(begin);
        for (int i = random.poisson(rate[bin]); i > 0; --i)
          day.activations.push_back(
            {.at = begin + static_cast<std::int32_t>(random.below(cell)),
             .bin = bin,
             .automated = automated,
             .item = item});
      }
    }
    put_in_order(day, time);
  }
  return days;
}

} // namespace habitd
