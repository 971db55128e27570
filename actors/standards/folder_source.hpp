#pragma once

#include "actors/standards/provider_worker.hpp"

#include <filesystem>

namespace habitd {

/// Reads documents whose source is the folder they were seeded from.
fetch_document folder_source(std::filesystem::path folder);

/// The source of each document by what its record says; one that is null is answered as not
/// set up.
fetch_document source_by_record(fetch_document http, fetch_document folder,
                                fetch_document research);

} // namespace habitd
