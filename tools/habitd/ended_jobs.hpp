#pragma once

#include "messages/job.hpp"
#include "storage/home_store.hpp"

#include <optional>
#include <string_view>

namespace habitd {

/// The last job of `kind` that ended. One that was cut off has not while another goes on with
/// it.
/// @errors  those of the store.
expected<std::optional<job_record>> last_ended_job(const home_store& store,
                                                   std::string_view kind);

} // namespace habitd
