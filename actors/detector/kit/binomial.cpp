#include "actors/detector/kit/binomial.hpp"

#include "actors/detector/kit/rounded.hpp"

#include <boost/math/distributions/hypergeometric.hpp>
#include <boost/math/special_functions/beta.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace habitd {

namespace {

// Without promotion to long double results are the same on x86 and ARM, and nothing throws.
using beta_policy = boost::math::policies::policy<
  boost::math::policies::promote_double<false>,
  boost::math::policies::domain_error<boost::math::policies::ignore_error>,
  boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
  boost::math::policies::underflow_error<boost::math::policies::ignore_error>,
  boost::math::policies::evaluation_error<boost::math::policies::ignore_error>>;

} // namespace

double binomial_tail(double successes, double trials, double chance) {
  constexpr double least = std::numeric_limits<double>::min();
  if (successes <= 0 || chance >= 1)
    return 1;
  if (chance <= 0 || successes >= trials + 1)
    return least;
  const auto tail =
    boost::math::ibeta(successes, trials - successes + 1, chance, beta_policy{});
  return std::isnan(tail) ? 1 : std::max(rounded(std::min(tail, 1.0)), least);
}

proportion wilson(std::uint32_t successes, std::uint32_t trials) {
  if (trials == 0)
    return {};
  constexpr double z = 1.959963984540054; // 97.5 % of the normal distribution
  const double n = trials;
  const double share = successes / n;
  const double middle = share + z * z / (2 * n);
  const double reach = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return {share, std::max(0.0, (middle - reach) / scale),
          std::min(1.0, (middle + reach) / scale)};
}

double fisher_exact(std::uint32_t a, std::uint32_t a_trials, std::uint32_t b,
                    std::uint32_t b_trials) {
  const auto all = a_trials + b_trials;
  const auto hits = a + b;
  const boost::math::hypergeometric_distribution<double, beta_policy> tables{
    hits, a_trials, all};
  const auto likelihood = [&](std::uint32_t x) { return boost::math::pdf(tables, x); };
  const auto from = hits > b_trials ? hits - b_trials : 0;
  const auto to = std::min(hits, a_trials);
  const double seen = likelihood(a) * (1 + 1e-7); // equal tables differ by rounding
  double p = 0;
  for (auto x = from; x <= to; ++x)
    if (const auto of_table = likelihood(x); of_table <= seen)
      p += of_table;
  return rounded(std::min(p, 1.0));
}

} // namespace habitd
