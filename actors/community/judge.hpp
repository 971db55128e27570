#pragma once

#include "messages/community.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// How much of a blueprint is there: YAML, description, devices, triggers and actions weigh
/// 0.4, 0.3, 0.2, 0.1 (spec CO-3). @returns [0, 1].
double completeness_of(const blueprint_facts& facts);

/// From steps, inputs and templates: 0.5 at twenty of them. @returns [0, 1).
double complexity_of(const blueprint_facts& facts);

/// What people want it for, by the words of title, description and tags and by the devices
/// it works with; convenience where nothing says otherwise.
use_case use_case_of(const blueprint_facts& facts, std::string_view title,
                     const std::vector<std::string>& tags);

/// 0.5 * min(1, sqrt(votes / 1000)) + 0.3 * completeness + 0.2 * max(0, 1 - age / 730 days)
/// (spec CO-3). @param age_days  since it was created; a negative one is none.
double quality_of(std::uint32_t votes, double completeness, double age_days);

/// Days from `from` to `to`; zero if `from` is unknown.
double days_between(wall_time from, wall_time to);

/// "energy", …
std::string_view use_case_word(use_case purpose);

} // namespace habitd
