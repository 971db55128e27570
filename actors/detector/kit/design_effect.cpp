#include "actors/detector/kit/design_effect.hpp"

#include <algorithm>

namespace habitd {

double design_effect(const day_sums& hits, const trial_sums& of) {
  const double n = of.trials;
  const double share = hits.hits / n;
  if (of.days < 2 || share >= 1)
    return 1;
  const double off = static_cast<double>(hits.squares) -
                     2 * share * static_cast<double>(hits.products) +
                     share * share * static_cast<double>(of.squares);
  const double days = of.days;
  return std::max(1.0, days / (days - 1) * off / (n * share * (1 - share)));
}

} // namespace habitd
