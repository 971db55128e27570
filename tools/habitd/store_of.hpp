#pragma once

#include "config/config.hpp"
#include "storage/home_store.hpp"

#include <memory>

namespace habitd {

// The store of a home, for commands that work without its daemon.

/// Settings of a file; every default if there is none.
expected<config> settings_of(const std::filesystem::path& file);

/// To read, beside a running daemon too. @errors ec::not_found if there is none.
expected<std::shared_ptr<home_store>> open_store_to_read(const config& settings);

/// To write; begins one if there is none. @errors ec::unavailable while a daemon runs.
expected<std::shared_ptr<home_store>> open_store(const config& settings);

} // namespace habitd
