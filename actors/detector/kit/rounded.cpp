#include "actors/detector/kit/rounded.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace habitd {

double rounded(double value) {
  if (!std::isfinite(value))
    return value;
  std::array<char, 32> text{};
  const auto [end, wrong] =
    std::to_chars(text.begin(), text.end(), value, std::chars_format::scientific, 8);
  double result = value;
  std::from_chars(text.begin(), end, result);
  return result;
}

} // namespace habitd
