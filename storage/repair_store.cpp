#include "storage/repair_store.hpp"

#include "storage/keys.hpp"
#include "storage/status.hpp"
#include "storage/store_copy.hpp"

#include <rocksdb/env.h>

#include <algorithm>
#include <optional>

namespace habitd {

namespace {

constexpr std::size_t batch_bytes = 1 << 20;

storage_options beside(const storage_options& options, const char* suffix) {
  auto result = options;
  const auto& directory = options.directory;
  const auto store = directory.has_filename() ? directory : directory.parent_path();
  result.directory = store.string() + suffix;
  return result;
}

/// Nothing may be left of an earlier try.
rocksdb::Status remove_directory(rocksdb::Env& env, const std::string& directory) {
  std::vector<std::string> names;
  if (!env.GetChildren(directory, &names).ok())
    return {};
  for (const auto& name : names) {
    if (name == "." || name == "..")
      continue;
    auto path = directory;
    path.append("/").append(name);
    if (auto status = env.DeleteFile(path); !status.ok())
      return status;
  }
  return env.DeleteDir(directory);
}

/// Takes entries into a store, some at a time.
class writer {
public:
  writer(const store& to, family in) : to_{to}, in_{in} {}

  rocksdb::Status put(const rocksdb::Iterator& entry) {
    auto status = staged_.Put(handle_of(to_, in_), entry.key(), entry.value());
    return status.ok() && staged_.GetDataSize() > batch_bytes ? flush() : status;
  }
  rocksdb::Status flush() {
    rocksdb::WriteOptions options;
    options.disableWAL = true; // tables are written before it takes the other's place
    auto status = to_.db->Write(options, &staged_);
    staged_.Clear();
    return status;
  }

private:
  const store& to_;
  family in_;
  rocksdb::WriteBatch staged_;
};

std::unique_ptr<rocksdb::Iterator> entries_of(const store& of, family in) {
  return std::unique_ptr<rocksdb::Iterator>{
    of.db->NewIterator(rocksdb::ReadOptions{}, handle_of(of, in))};
}

/// Copies a family from both ends up to the damage, if there is any.
expected<std::optional<damaged_part>> take_readable(const store& from, family in,
                                                    const store& to) {
  writer into{to, in};
  damaged_part gap{in, {}, {}, false};
  rocksdb::Status written;
  const auto forward = entries_of(from, in);
  for (forward->SeekToFirst(); forward->Valid() && written.ok(); forward->Next()) {
    gap.from = forward->key().ToString();
    written = into.put(*forward);
  }
  std::optional<damaged_part> damage;
  if (!forward->status().ok()) {
    const auto backward = entries_of(from, in);
    for (backward->SeekToLast();
         backward->Valid() && written.ok() && backward->key().compare(gap.from) > 0;
         backward->Prev()) {
      gap.to = backward->key().ToString();
      written = into.put(*backward);
    }
    damage = gap;
  }
  if (written.ok())
    written = into.flush();
  if (!written.ok())
    return to_error(written, "write the repaired store");
  return damage;
}

/// Fills what could not be read from the copy.
error fill(damaged_part& gap, const store& copy, const store& to) {
  writer into{to, gap.in};
  const auto entry = entries_of(copy, gap.in);
  auto begin = gap.from;
  if (!begin.empty())
    begin += '\0';
  rocksdb::Status written;
  for (entry->Seek(begin); entry->Valid() && written.ok() &&
                           (gap.to.empty() || entry->key().compare(gap.to) < 0);
       entry->Next())
    written = into.put(*entry);
  gap.has_copy = entry->status().ok();
  if (written.ok())
    written = into.flush();
  return to_error(written, "write the repaired store");
}

/// Sources are read from the start, for what they still hold.
rocksdb::Status forget_cursors(const store& in) {
  const auto entry = entries_of(in, family::meta);
  rocksdb::WriteBatch changes;
  for (entry->Seek("cursor:"); entry->Valid() && entry->key().starts_with("cursor:");
       entry->Next())
    if (auto status = changes.Delete(handle_of(in, family::meta), entry->key());
        !status.ok())
      return status;
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  return in.db->Write(options, &changes);
}

error fill_all(std::vector<damaged_part>& damage, const storage_options& options,
               const store& to) {
  const auto where = beside(options, ".from-copy");
  auto& env = env_of(options);
  auto cleared = remove_directory(env, where.directory);
  if (!cleared.ok() || restore_copy(options, where.directory))
    return {}; // no copy, or a damaged one: what lay there is gone
  error failed;
  {
    const auto copy = open_to_read(where, rocksdb::Status::NotSupported("a copy"));
    for (auto& gap : damage)
      if (copy && !failed)
        failed = fill(gap, *copy, to);
  }
  remove_directory(env, where.directory).PermitUncheckedError();
  return failed;
}

} // namespace

storage_options repaired_beside(const storage_options& options) {
  return beside(options, ".repaired");
}

expected<std::vector<damaged_part>> salvage(const store& damaged,
                                            const storage_options& options) {
  const auto target = repaired_beside(options);
  if (auto status = remove_directory(env_of(options), target.directory); !status.ok())
    return to_error(status, "repair the store");
  bool unusable = false;
  const auto fresh = open_store(target, unusable);
  if (!fresh)
    return fresh.error();
  std::vector<damaged_part> damage;
  for (std::size_t i = 0; i < family_count; ++i) {
    auto found = take_readable(damaged, static_cast<family>(i), *fresh);
    if (!found)
      return found.error();
    if (auto& part = *found)
      damage.push_back(std::move(*part));
  }
  if (auto failed = fill_all(damage, options, *fresh))
    return failed;
  auto status = damage.empty() ? rocksdb::Status{} : forget_cursors(*fresh);
  if (status.ok())
    status = flush(*fresh);
  if (!status.ok())
    return to_error(status, "write the repaired store");
  return damage;
}

expected<std::filesystem::path> swap_in_repaired(const storage_options& options) {
  auto moved = move_aside(options);
  if (!moved)
    return moved;
  if (auto status = finish_swap(options); !status.ok())
    return to_error(status, "put the repaired store in its place");
  return moved;
}

error put_copy_in_place(const storage_options& options) {
  const auto target = repaired_beside(options).directory;
  if (auto status = remove_directory(env_of(options), target); !status.ok())
    return to_error(status, "clear " + target.string());
  if (auto failed = restore_copy(options, target)) {
    remove_directory(env_of(options), target).PermitUncheckedError();
    return failed;
  }
  return to_error(finish_swap(options), "put the copy in its place");
}

rocksdb::Status finish_swap(const storage_options& options) {
  auto& env = env_of(options);
  const auto place = beside(options, "").directory;
  const auto whole = repaired_beside(options).directory;
  if (env.FileExists(place).ok() || !env.FileExists(whole / "CURRENT").ok())
    return {}; // it is whole once the damaged one has gone
  auto status = env.RenameFile(whole, place);
  return status.ok() ? sync_names(env, place.parent_path()) : status;
}

std::string names_of(const std::vector<damaged_part>& parts) {
  std::string names;
  for (const auto& part : parts)
    names += (names.empty() ? "" : ", ") +
             std::string{family_names[static_cast<std::size_t>(part.in)]};
  return names;
}

} // namespace habitd
