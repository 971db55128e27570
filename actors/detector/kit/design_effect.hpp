#pragma once

#include <cstdint>

namespace habitd {

/// Sums over days of what hit.
struct day_sums {
  std::uint32_t hits = 0;
  std::uint32_t days = 0;     // with a hit
  std::uint64_t squares = 0;  // of hits
  std::uint64_t products = 0; // of hits and trials

  void add(std::uint64_t of_day, std::uint64_t trials) {
    hits += static_cast<std::uint32_t>(of_day);
    days += of_day > 0;
    squares += of_day * of_day;
    products += of_day * trials;
  }
};

/// Sums over days of what could have been a hit.
struct trial_sums {
  std::uint32_t trials = 0;
  std::uint32_t days = 0; // with a trial
  std::uint64_t squares = 0;

  void add(std::uint64_t of_day) {
    trials += static_cast<std::uint32_t>(of_day);
    days += of_day > 0;
    squares += of_day * of_day;
  }
};

/// By how much the hits of one day stick together: the variance of a share of clustered
/// trials over that of independent ones, at least 1.
/// Source: J. N. K. Rao, A. J. Scott, "A simple method for the analysis of clustered binary
///         data", Biometrics 48(2), 1992.
double design_effect(const day_sums& hits, const trial_sums& of);

} // namespace habitd
