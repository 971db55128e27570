#include "actors/home/observed_time.hpp"

#include <algorithm>

namespace habitd {

namespace {

using std::chrono::milliseconds;

constexpr double busy_reports =
  2000. / 24; // an hour, of a home that reports all the time
constexpr milliseconds least_seen = std::chrono::hours{6}; // of a day, to know it
constexpr milliseconds busy_silence = std::chrono::hours{1};
constexpr milliseconds quiet_silence = std::chrono::hours{16};

// Walking the day by minutes suits every change of offset since 1980.
constexpr milliseconds step = std::chrono::minutes{1};
constexpr int bin_seconds = 300;
constexpr int slot_seconds = 900;

} // namespace

namespace {

bool reports_all_the_time(std::span<const wall_time> signs, std::size_t reports,
                          const day_span& day) {
  milliseconds seen{0};
  auto last = day.begin;
  const auto until = [&](wall_time next) {
    if (next - last <= busy_silence)
      seen += next - last;
    last = next;
  };
  for (const auto sign : signs)
    until(sign);
  until(day.end);
  const auto hours = std::chrono::duration<double, std::ratio<3600>>{seen}.count();
  return seen >= least_seen && static_cast<double>(reports) >= busy_reports * hours;
}

} // namespace

std::vector<outage> find_outages(std::span<const wall_time> signs, std::size_t reports,
                                 const day_span& day) {
  if (signs.empty())
    return {{day.begin, day.end}};
  const auto longest =
    reports_all_the_time(signs, reports, day) ? busy_silence : quiet_silence;
  std::vector<outage> result;
  auto last = day.begin;
  const auto until = [&](wall_time next) {
    if (next - last > longest)
      result.push_back({last, next});
    last = next;
  };
  for (const auto sign : signs)
    until(sign);
  until(day.end);
  return result;
}

void mark_observed(home_day& day, const day_clock& clock,
                   std::span<const outage> outages) {
  std::array<std::int64_t, bins_per_day> lived{}; // ms of wall time that occurred
  std::array<std::int64_t, slots_per_day> seen{}; // ms of them that were observed
  std::bitset<bins_per_day> missed;
  auto next_outage = outages.begin();
  const auto [begin, end] = clock.span();
  for (auto at = begin; at < end; at += step) {
    const auto stop = std::min(at + step, end);
    const auto second = clock.seconds_since_start(at);
    const auto bin = static_cast<std::size_t>(second / bin_seconds);
    while (next_outage != outages.end() && next_outage->end <= at)
      ++next_outage;
    auto lost = milliseconds{0};
    for (auto gap = next_outage; gap != outages.end() && gap->begin < stop; ++gap)
      lost += std::min(gap->end, stop) - std::max(gap->begin, at);
    if (lost > milliseconds{0})
      missed.set(bin);
    lived[bin] += (stop - at).count();
    seen[static_cast<std::size_t>(second / slot_seconds)] += (stop - at - lost).count();
  }
  for (std::size_t bin = 0; bin < bins_per_day; ++bin)
    day.observed[bin] = lived[bin] >= bin_seconds * 1000 && !missed[bin];
  std::ranges::transform(seen, day.exposure.begin(), [](std::int64_t ms) {
    return static_cast<std::uint16_t>(ms / 1000);
  });
}

} // namespace habitd
