#pragma once

#include <cstdint>
#include <initializer_list>

namespace habitd {

/// Random numbers that are the same on every machine and standard library: the
/// distributions of `std::` are not portable, so they are written out here.
/// Source: G. L. Steele et al., "Fast splittable pseudorandom number generators" (SplitMix64),
///         OOPSLA 2014.
class random_stream {
public:
  /// Streams with different keys are independent, so that what one entity does on one day
  /// does not depend on how many others there are.
  random_stream(std::uint64_t seed, std::initializer_list<std::uint64_t> key);

  std::uint64_t next();

  /// In [0, 1).
  double uniform();
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// In 0 … count - 1; `count` is 1 … 2^32.
  std::uint64_t below(std::uint64_t count);
  bool chance(double probability) { return uniform() < probability; }
  double normal(double mean, double sd);

  /// @param sigma  standard deviation of the logarithm.
  double log_normal(double median, double sigma);
  int poisson(double mean);

private:
  std::uint64_t state_;
};

} // namespace habitd
