#include "storage/home_store.hpp"

#include "storage/keys.hpp"

namespace habitd {

namespace {

constexpr std::string_view anchor_key = "anchor";

std::string names_key(const std::string& source) {
  return "names:" + source;
}

std::string cursor_key(const std::string& source) {
  return "cursor:" + source;
}

} // namespace

expected<std::shared_ptr<home_store>> home_store::open(const storage_options& options) {
  return over(database::open(options));
}

expected<std::shared_ptr<home_store>>
home_store::open_to_read(const storage_options& options) {
  return over(database::open_to_read(options));
}

expected<std::shared_ptr<home_store>>
home_store::over(expected<std::unique_ptr<database>> db) {
  if (!db)
    return db.error();
  auto entities = entity_store::open(**db);
  if (!entities)
    return entities.error();
  return std::shared_ptr<home_store>{
    new home_store{std::move(*db), std::move(*entities)}};
}

expected<std::optional<local_day>> home_store::anchor() const {
  const auto stored = db->get(family::meta, anchor_key);
  if (!stored) {
    if (code_of(stored.error()) == ec::not_found)
      return std::optional<local_day>{};
    return stored.error();
  }
  if (stored->size() != 4)
    return make_error(ec::corrupt_data, "meta anchor: not a day");
  return std::optional{read_day(*stored)};
}

void home_store::set_anchor(batch& changes, local_day day) {
  std::string bytes;
  append_day(bytes, day);
  changes.put(family::meta, anchor_key, bytes);
}

expected<std::string> home_store::cursor(const std::string& source) const {
  auto stored = db->get(family::meta, cursor_key(source));
  if (!stored && code_of(stored.error()) == ec::not_found)
    return std::string{};
  return stored;
}

expected<std::string> home_store::names(const std::string& source) const {
  auto stored = db->get(family::meta, names_key(source));
  if (!stored && code_of(stored.error()) == ec::not_found)
    return std::string{};
  return stored;
}

void home_store::set_names(batch& changes, const std::string& source,
                           const std::string& names) {
  changes.put(family::meta, names_key(source), names);
}

void home_store::set_cursor(batch& changes, const std::string& source,
                            const std::string& cursor) {
  changes.put(family::meta, cursor_key(source), cursor);
}

} // namespace habitd
