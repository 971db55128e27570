#include "tools/habitd/store_of.hpp"

#include "actors/runtime/system_clock.hpp"

namespace habitd {

namespace {

storage_options options_of(const config& settings) {
  storage_options where;
  where.directory = settings.storage.directory / "store";
  where.opened_at = system_wall_clock{}.now();
  where.cache_bytes = std::size_t{settings.storage.cache_mb} << 20;
  return where;
}

} // namespace

expected<config> settings_of(const std::filesystem::path& file) {
  const auto env = process_environment();
  return file.empty() ? parse_config("", "the defaults", env) : load_config(file, env);
}

expected<std::shared_ptr<home_store>> open_store_to_read(const config& settings) {
  const auto where = options_of(settings);
  std::error_code unreadable;
  if (!std::filesystem::exists(where.directory / "CURRENT", unreadable))
    return make_error(ec::not_found, "no store at " + where.directory.string() +
                                       (unreadable ? ": " + unreadable.message() : ""));
  return home_store::open_to_read(where);
}

expected<std::shared_ptr<home_store>> open_store(const config& settings) {
  const auto where = options_of(settings);
  std::error_code failed;
  std::filesystem::create_directories(where.directory.parent_path(), failed);
  if (failed)
    return make_error(ec::unavailable,
                      where.directory.parent_path().string() + ": " + failed.message());
  return home_store::open(where);
}

} // namespace habitd
