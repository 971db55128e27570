#pragma once

#include "actors/detector/detector.hpp"

namespace habitd {

/// How long things stay on: uses of one usual length, or of two (detectors.md E6). Days that
/// were observed before the detector existed are not counted.
detector duration_detector(detector_id id);

} // namespace habitd
