#include "tools/simulator/random_stream.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace habitd {

namespace {

constexpr std::uint64_t golden = 0x9E3779B97F4A7C15;

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

} // namespace

random_stream::random_stream(std::uint64_t seed, std::initializer_list<std::uint64_t> key)
    : state_{mix(seed + golden)} {
  for (const auto part : key)
    state_ = mix(state_ ^ mix(part + golden));
}

std::uint64_t random_stream::next() {
  return mix(state_ += golden);
}

double random_stream::uniform() {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

std::uint64_t random_stream::below(std::uint64_t count) {
  return static_cast<std::uint64_t>(uniform() * static_cast<double>(count));
}

double random_stream::normal(double mean, double sd) {
  const auto radius = std::sqrt(-2 * std::log(1 - uniform()));
  return mean + sd * radius * std::cos(2 * std::numbers::pi * uniform());
}

double random_stream::log_normal(double median, double sigma) {
  return median * std::exp(normal(0, sigma));
}

int random_stream::poisson(double mean) {
  if (mean <= 0)
    return 0;
  if (mean > 30) // the normal shape is close enough for numbers of events
    return static_cast<int>(std::max(0.0, std::round(normal(mean, std::sqrt(mean)))));
  int count = 0;
  for (auto product = uniform(); product > std::exp(-mean); product *= uniform())
    ++count;
  return count;
}

} // namespace habitd
