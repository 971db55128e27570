#include "actors/detector/detector.hpp"

#include <array>

namespace habitd {

std::span<const detector> all_detectors() {
  static const std::array all{time_of_day_detector(), co_occurrence_detector()};
  return all;
}

} // namespace habitd
