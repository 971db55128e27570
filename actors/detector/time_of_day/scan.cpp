#include "actors/detector/time_of_day/scan.hpp"

#include "actors/detector/kit/binomial.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <tuple>

namespace habitd {

namespace {

constexpr int least_support = 4; // days

/// A bin up to a day before or after the day.
std::size_t wrap(int bin) {
  return static_cast<std::size_t>(bin < 0               ? bin + bins_per_day
                                  : bin >= bins_per_day ? bin - bins_per_day
                                                        : bin);
}

std::uint32_t count(day_set days) {
  return static_cast<std::uint32_t>(std::popcount(days));
}

/// Days with a start in the `width` bins from each bin on, by threes.
bin_days days_within(const bin_days& starts, int width) {
  bin_days threes{};
  for (int bin = 0; bin < bins_per_day; ++bin)
    threes[wrap(bin)] = starts[wrap(bin)] | starts[wrap(bin + 1)] | starts[wrap(bin + 2)];
  auto within = threes;
  for (int from = 3; from < width; from += 3)
    for (int bin = 0; bin < bins_per_day; ++bin)
      within[wrap(bin)] |= threes[wrap(bin + from)];
  return within;
}

/// Twice the busier side, so that the slope of a morning isn't taken for a habit.
std::uint32_t flank_of(const bin_days& within, int begin, int width, day_set days) {
  std::uint32_t before = 0;
  std::uint32_t after = 0;
  for (int block = 1; block <= flank_blocks(width); ++block) {
    before += count(within[wrap(begin - 1 - width * block)] & days);
    after += count(within[wrap(begin + 1 + width * block)] & days);
  }
  return 2 * std::max(before, after);
}

/// False if a span is surely too common to be of interest: at less than three standard
/// deviations above chance p > 0.001, which is nowhere near a candidate once corrected.
bool may_be_sharp(std::uint32_t support, std::uint32_t flank, int width) {
  const double chance = 1.0 / (1 + 2 * flank_blocks(width));
  const double mean = (support + flank) * chance;
  const double over = support - mean;
  return over > 0 && over * over >= 9 * mean * (1 - chance);
}

double span_p(std::uint32_t support, std::uint32_t flank, int width) {
  return binomial_tail(support, support + flank, 1.0 / (1 + 2 * flank_blocks(width)));
}

/// First starts of the day inside a span, by bin of the span.
using first_starts = std::array<std::uint32_t, clock_widths.back()>;

first_starts firsts_in(const bin_days& starts, int begin, int width, day_set days) {
  first_starts firsts{};
  for (int i = 0; i < width; ++i) {
    const auto now = starts[wrap(begin + i)] & days;
    firsts[static_cast<std::size_t>(i)] = count(now);
    days &= ~now;
  }
  return firsts;
}

/// Where a share of the starts has happened, in bins; starts spread evenly over their bin.
double quantile(const first_starts& firsts, double share) {
  double all = 0;
  for (const auto n : firsts)
    all += n;
  double before = 0;
  for (std::size_t i = 0; i < firsts.size(); ++i) {
    if (firsts[i] > 0 && before + firsts[i] >= share * all)
      return static_cast<double>(i) + (share * all - before) / firsts[i];
    before += firsts[i];
  }
  return 0;
}

/// What the search for one mode looks at.
struct mode_search {
  const clock_window& window;
  bin_days starts; // without what earlier modes took
  std::array<bin_days, clock_widths.size()> within;
  // With it: a habit would leave a hole, beside which anything looks sharp.
  std::array<bin_days, clock_widths.size()> around;
  std::bitset<bins_per_day> masked;
};

struct tried_span {
  clock_span span;
  double p = 1;
  std::uint32_t support = 0;
  std::int64_t imbalance = 0; // how far the starts lie off the middle, in half bins
};

/// Spans that are equally unlikely are told apart without looking at the clock, so that a
/// habit two hours later is found two hours later.
bool is_better(const tried_span& a, const tried_span& b) {
  const auto rank = [](const tried_span& x) {
    return std::tuple{x.p, x.span.width, x.span.days, x.imbalance, x.span.begin};
  };
  return rank(a) < rank(b);
}

bool touches_mask(const mode_search& search, int begin, int width) {
  if (search.masked.none())
    return false;
  for (int i = 0; i < width; ++i)
    if (search.masked[wrap(begin + i)])
      return true;
  return false;
}

std::int64_t imbalance_of(const bin_days& starts, int begin, int width, day_set days) {
  const auto firsts = firsts_in(starts, begin, width, days);
  std::int64_t sum = 0;
  for (int i = 0; i < width; ++i)
    sum += static_cast<std::int64_t>(firsts[static_cast<std::size_t>(i)]) *
           (2 * i + 1 - width);
  return std::abs(sum);
}

std::optional<tried_span> best_span(const mode_search& search) {
  constexpr std::array types{day_type::all, day_type::workdays, day_type::weekend};
  std::array<day_set, types.size()> days{};
  for (std::size_t t = 0; t < types.size(); ++t)
    days[t] = search.window.days_of(types[t]);
  std::optional<tried_span> best;
  for (std::size_t w = 0; w < clock_widths.size(); ++w) {
    const int width = clock_widths[w];
    for (int begin = 0; begin < bins_per_day; ++begin) {
      const auto present = search.within[w][wrap(begin)];
      if (std::popcount(present) < least_support || touches_mask(search, begin, width))
        continue;
      for (std::size_t t = 0; t < types.size(); ++t) {
        const auto among = search.window.eligible[w][wrap(begin)] & days[t];
        const auto support = count(present & among);
        if (support < least_support || 4 * support < count(among))
          continue;
        // Most spans are no busier than the blocks beside them, so those are asked first.
        const auto beside =
          2 * std::max(count(search.around[w][wrap(begin - 1 - width)] & among),
                       count(search.around[w][wrap(begin + 1 + width)] & among));
        if (!may_be_sharp(support, beside, width))
          continue;
        const auto flank = flank_of(search.around[w], begin, width, among);
        if (!may_be_sharp(support, flank, width))
          continue;
        tried_span tried{{begin, w, types[t]},
                         span_p(support, flank, width) * clock_multiplicity(types[t]),
                         support,
                         0};
        if (best && tried.p > best->p)
          continue;
        tried.imbalance = imbalance_of(search.starts, begin, width, present & among);
        if (!best || is_better(tried, *best))
          best = tried;
      }
    }
  }
  return best;
}

void mask(mode_search& search, const clock_span& span) {
  for (int i = -mask_bins; i < clock_widths[span.width] + mask_bins; ++i) {
    search.masked.set(wrap(span.begin + i));
    search.starts[wrap(span.begin + i)] = 0;
  }
  for (std::size_t w = 0; w < clock_widths.size(); ++w)
    search.within[w] = days_within(search.starts, clock_widths[w]);
}

/// Whether a habit belongs to workdays or to the weekend, whatever days it was found on.
day_type belongs_to(const clock_window& window, const bin_days& starts, clock_span span) {
  span.days = day_type::workdays;
  const auto work = test_span(window, starts, starts, span);
  span.days = day_type::weekend;
  const auto free = test_span(window, starts, starts, span);
  if (work.eligible == 0 || free.eligible == 0 ||
      fisher_exact(work.support, work.eligible, free.support, free.eligible) > 0.01)
    return day_type::all;
  return std::uint64_t{work.support} * free.eligible >
             std::uint64_t{free.support} * work.eligible
           ? day_type::workdays
           : day_type::weekend;
}

} // namespace

clock_strength test_span(const clock_window& window, const bin_days& starts,
                         const bin_days& automated, const clock_span& span,
                         day_set among) {
  const int width = clock_widths[span.width];
  const auto within = days_within(starts, width);
  const auto eligible =
    window.eligible[span.width][wrap(span.begin)] & window.days_of(span.days) & among;
  clock_strength is;
  is.dates = within[wrap(span.begin)] & eligible;
  is.support = count(is.dates);
  is.days = eligible;
  is.eligible = count(eligible);
  is.automated = count(days_within(automated, width)[wrap(span.begin)] & eligible);
  is.flank = flank_of(within, span.begin, width, eligible);
  is.p = span_p(is.support, is.flank, width);
  is.lift = (is.support + 0.5) / (is.flank / (2.0 * flank_blocks(width)) + 0.5);
  const auto firsts = firsts_in(starts, span.begin, width, is.dates);
  double sum = 0;
  for (std::size_t i = 0; i < firsts.size(); ++i)
    sum += firsts[i] * (static_cast<double>(i) + 0.5);
  const double middle = is.support > 0 ? sum / is.support : width / 2.0;
  is.centre = std::fmod(span.begin + middle, bins_per_day);
  is.spread_minutes = 5 * (quantile(firsts, 0.9) - quantile(firsts, 0.1));
  return is;
}

std::vector<clock_mode> scan_item(const clock_window& window,
                                  const clock_window::item_bins& item) {
  std::vector<clock_mode> modes;
  mode_search search{window, item.starts, {}, {}, {}};
  day_set any = 0;
  for (const auto days : item.starts)
    any |= days;
  if (std::popcount(any) < least_support)
    return modes;
  for (std::size_t w = 0; w < clock_widths.size(); ++w)
    search.within[w] = search.around[w] = days_within(item.starts, clock_widths[w]);
  while (modes.size() < max_modes) {
    clock_mode mode{item.item, {}, {}, 1};
    const auto best = best_span(search);
    if (best) {
      mode.span = best->span;
      mode.span.days = belongs_to(window, item.starts, best->span);
      mode.strength = test_span(window, item.starts, item.automated, mode.span);
      mode.p = std::min(1.0, best->p);
    }
    modes.push_back(mode);
    if (mode.p > 0.05)
      break;
    mask(search, mode.span);
  }
  return modes;
}

std::vector<clock_mode> scan_clock(const clock_window& window) {
  std::vector<clock_mode> all;
  for (const auto& item : window.items) {
    const auto modes = scan_item(window, item);
    all.insert(all.end(), modes.begin(), modes.end());
  }
  return all;
}

int clock_time(double centre) {
  constexpr int day_begins = 3 * 3600;
  return (day_begins + static_cast<int>(std::lround(centre * 300))) % 86'400;
}

int clock_distance(int a, int b) {
  const int apart = std::abs(a - b) % 86'400;
  return std::min(apart, 86'400 - apart);
}

} // namespace habitd
