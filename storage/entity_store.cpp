#include "storage/entity_store.hpp"

#include "storage/keys.hpp"

#include <fmt/format.h>

namespace habitd {

expected<std::unique_ptr<entity_store>> entity_store::open(database& db) {
  std::unique_ptr<entity_store> store{new entity_store};
  error bad_entry;
  auto failed =
    db.scan(family::entities, {}, {}, [&](std::string_view key, std::string_view name) {
      const auto next = store->names_.size() + 1;
      if (key.size() != sizeof(entity_number) || big_endian<entity_number>(key) != next ||
          !store->numbers_.emplace(name, static_cast<entity_number>(next)).second)
        bad_entry = make_error(ec::corrupt_data, "entity numbers",
                               fmt::format("no entity {}, or \"{}\" twice", next, name));
      store->names_.emplace_back(name);
      return !bad_entry;
    });
  if (failed)
    return failed;
  if (bad_entry)
    return bad_entry;
  store->committed_count_ = store->names_.size();
  return store;
}

entity_number entity_store::number_of(std::string_view name) {
  const std::scoped_lock lock{mutex_};
  const auto next = static_cast<entity_number>(names_.size() + 1);
  const auto [found, is_new] = numbers_.try_emplace(std::string{name}, next);
  if (is_new)
    names_.emplace_back(name);
  return found->second;
}

void entity_store::rename(const std::vector<renamed_entity>& renamed) {
  const std::scoped_lock lock{mutex_};
  std::vector<std::pair<entity_number, const renamed_entity*>> freed;
  for (const auto& entity : renamed)
    if (const auto found = numbers_.find(entity.from); found != numbers_.end()) {
      freed.emplace_back(found->second, &entity);
      numbers_.erase(found);
    }
  for (const auto& [number, entity] : freed) {
    const bool is_free = numbers_.try_emplace(entity->to, number).second;
    if (!is_free && numbers_.try_emplace(entity->from, number).second)
      continue;
    // Where both names are taken, what is stored belongs to an entity that is gone.
    auto& name = names_[number - 1];
    name = is_free ? entity->to : fmt::format("{}#{}", entity->from, number);
    numbers_.try_emplace(name, number);
    renamed_.insert(number);
  }
}

void entity_store::stage_new(batch& changes) const {
  const std::scoped_lock lock{mutex_};
  for (auto i = committed_count_; i < names_.size(); ++i) {
    std::string key;
    append_big_endian(key, static_cast<entity_number>(i + 1));
    changes.put(family::entities, key, names_[i]);
  }
  for (const auto number : renamed_) {
    std::string key;
    append_big_endian(key, number);
    changes.put(family::entities, key, names_[number - 1]);
  }
}

void entity_store::committed() {
  const std::scoped_lock lock{mutex_};
  committed_count_ = names_.size();
  renamed_.clear();
}

entity_number entity_store::find(std::string_view name) const {
  const std::lock_guard lock{mutex_};
  const auto found = numbers_.find(std::string{name});
  return found == numbers_.end() ? 0 : found->second;
}

std::string entity_store::name_of(entity_number number) const {
  const std::scoped_lock lock{mutex_};
  return number > 0 && number <= names_.size() ? names_[number - 1] : std::string{};
}

std::size_t entity_store::size() const {
  const std::scoped_lock lock{mutex_};
  return names_.size();
}

} // namespace habitd
