#include "actors/detector/kit/false_discovery.hpp"

#include "actors/detector/kit/rounded.hpp"

#include <algorithm>
#include <numeric>

namespace habitd {

std::vector<double> false_discovery_rates(std::span<const double> p, std::size_t tested) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&p](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  const auto all = static_cast<double>(std::max(tested, p.size()));
  std::vector<double> q(p.size(), 1.0);
  double least = 1;
  for (auto rank = order.size(); rank > 0; --rank) {
    const auto i = order[rank - 1];
    least = std::min(least, p[i] * all / static_cast<double>(rank));
    q[i] = rounded(least);
  }
  return q;
}

} // namespace habitd
