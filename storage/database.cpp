#include "storage/database.hpp"

#include "storage/live_store.hpp"
#include "storage/repair_store.hpp"
#include "storage/schema.hpp"
#include "storage/status.hpp"
#include "storage/store_copy.hpp"

#include <fmt/format.h>
#include <rocksdb/convenience.h>
#include <rocksdb/utilities/checkpoint.h>

#include <numeric>
#include <optional>
#include <utility>

namespace habitd {

namespace {

std::string_view view_of(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

/// Keys may be binary: what is not printable is shown as \xNN.
std::string place(std::string_view doing, family in, std::string_view key) {
  constexpr std::string_view digits = "0123456789abcdef";
  auto text = std::string{doing} + " " + family_names[static_cast<std::size_t>(in)] + "/";
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f)
      text += c;
    else
      (text += "\\x").append({digits[byte >> 4], digits[byte & 15]});
  }
  return text;
}

} // namespace

struct batch::contents {
  enum class kind : std::uint8_t { put, erase, erase_range };
  struct change {
    kind what{};
    family in{};
    std::string key;
    std::string value; // the end, for a range
  };
  /// Each change leaves this batch as it is staged, so that a day is not twice in memory.
  rocksdb::Status stage(const store& on, rocksdb::WriteBatch& staged) {
    for (auto& next : std::exchange(changes, {}))
      if (auto refused = stage(std::exchange(next, {}), on, staged); !refused.ok())
        return refused;
    return {};
  }

  std::size_t size() const {
    return std::accumulate(changes.begin(), changes.end(), std::size_t{0},
                           [](std::size_t sum, const change& next) {
                             constexpr std::size_t frame = 16; // more than RocksDB adds
                             return sum + next.key.size() + next.value.size() + frame;
                           });
  }

  std::vector<change> changes;

private:
  static rocksdb::Status stage(const change& one, const store& on,
                               rocksdb::WriteBatch& staged) {
    auto* in = handle_of(on, one.in);
    switch (one.what) {
    case kind::put:
      return staged.Put(in, one.key, one.value);
    case kind::erase:
      return staged.Delete(in, one.key);
    default:
      return staged.DeleteRange(in, one.key, one.value);
    }
  }
};

batch::batch() : contents_{std::make_unique<contents>()} {}
batch::~batch() = default;
batch::batch(batch&& other) noexcept = default;
batch& batch::operator=(batch&&) noexcept = default;

void batch::put(family in, std::string_view key, std::string value) {
  contents_->changes.push_back(
    {contents::kind::put, in, std::string{key}, std::move(value)});
}

void batch::erase(family in, std::string_view key) {
  contents_->changes.push_back({contents::kind::erase, in, std::string{key}, {}});
}

void batch::erase_range(family in, std::string_view from, std::string_view to) {
  if (from < to)
    contents_->changes.push_back(
      {contents::kind::erase_range, in, std::string{from}, std::string{to}});
}

class snapshot {
public:
  explicit snapshot(const live_store& of) : of_{of}, at_{of.take_moment()} {}
  ~snapshot() { of_.release(at_); }
  snapshot(const snapshot&) = delete;
  snapshot& operator=(const snapshot&) = delete;
  const moment& at() const { return at_; }

private:
  const live_store& of_;
  moment at_;
};

struct database::handles {
  handles(const storage_options& options, store opened, std::filesystem::path moved_to)
      : live{options, std::move(opened)}, recovered_from{std::move(moved_to)} {}

  /// A store that is opened to read.
  /// @param writes  what they are answered with.
  static expected<std::unique_ptr<database>> of_reader(const storage_options& options,
                                                       const rocksdb::Status& writes);

  live_store live;
  std::filesystem::path recovered_from;
  bool is_of_copy = false;
};

namespace {

const moment* moment_of(const snapshot* at) {
  return at ? &at->at() : nullptr;
}

} // namespace

database::database(std::unique_ptr<handles> handles) : handles_{std::move(handles)} {}
database::~database() = default;

expected<std::unique_ptr<database>> database::open(const storage_options& options,
                                                   const std::vector<migration>& steps) {
  std::filesystem::path moved_to;
  bool is_of_copy = false;
  for (;;) {
    bool damaged = false;
    error failed;
    if (auto opened = open_store(options, damaged); !opened) {
      failed = opened.error();
    } else {
      std::unique_ptr<database> db{
        new database{std::make_unique<handles>(options, std::move(*opened), moved_to)}};
      const auto version = schema_version(*db);
      if (version) { // an error of a migration must not cost the store
        if (auto err = step_schema(*db, *version, options.directory, steps))
          return err;
        db->handles_->is_of_copy = is_of_copy;
        return db;
      }
      failed = version.error();
      damaged = code_of(failed) == ec::corrupt_data;
    }
    if (is_disk_full(failed)) { // what there is can be served until there is space again
      auto reading =
        handles::of_reader(options, rocksdb::Status::NoSpace(describe(failed)));
      return reading ? std::move(reading) : failed;
    }
    if (!damaged || (!moved_to.empty() && !is_of_copy)) // a fresh one won't get better
      return failed;
    auto target = move_aside(options);
    if (!target)
      return target.error();
    if (moved_to.empty()) // a copy that is damaged too goes aside as well
      moved_to = std::move(*target);
    is_of_copy = !is_of_copy && !put_copy_in_place(options);
  }
}

expected<std::unique_ptr<database>>
database::open_to_read(const storage_options& options) {
  return handles::of_reader(options,
                            rocksdb::Status::NotSupported("opened to read only"));
}

expected<std::unique_ptr<database>>
database::handles::of_reader(const storage_options& options,
                             const rocksdb::Status& writes) {
  auto opened = habitd::open_to_read(options, writes);
  if (!opened)
    return std::move(opened.error());
  std::unique_ptr<database> db{
    new database{std::make_unique<handles>(options, std::move(*opened), "")}};
  const auto version = schema_version(*db);
  if (!version)
    return version.error();
  const auto current = current_migrations().size() + 1;
  if (*version != current)
    return make_error(ec::invalid_input, options.directory.string(),
                      fmt::format("its schema is {}, not {}: another version of habitd "
                                  "wrote it",
                                  *version, current));
  return db;
}

error database::write(batch&& changes) {
  auto& live = handles_->live;
  rocksdb::WriteBatch staged{changes.contents_->size()};
  const auto status = live.write([&](const store& on) {
    if (auto refused = changes.contents_->stage(on, staged); !refused.ok())
      return refused; // the second time there is nothing left to stage
    rocksdb::WriteOptions options;
    options.sync = live.options().sync;
    return on.db->Write(options, &staged);
  });
  return to_error(status, "write to " + live.options().directory.string());
}

expected<std::string> database::get(family in, std::string_view key,
                                    const snapshot* at) const {
  std::string value;
  const auto status = handles_->live.read([&](const store& on) {
    rocksdb::ReadOptions options;
    if (auto gone = handles_->live.as_of(moment_of(at), options); !gone.ok())
      return gone;
    return on.db->Get(options, handle_of(on, in), key, &value);
  });
  if (!status.ok())
    return to_error(status, place("read", in, key));
  return value;
}

/// A scan that met damage begins anew once that is cut out, if nobody has seen a part of it.
rocksdb::Status database::begin_scan(const snapshot* at, bool visited,
                                     rocksdb::ReadOptions& options) const {
  if (visited)
    return rocksdb::Status::IOError("the store was repaired meanwhile");
  return handles_->live.as_of(moment_of(at), options);
}

error database::scan(family in, std::string_view from, std::string_view to,
                     const visit_entry& visit, const snapshot* at) const {
  const rocksdb::Slice end{to};
  bool visited = false;
  const auto status = handles_->live.read([&](const store& on) {
    rocksdb::ReadOptions options;
    if (auto gone = begin_scan(at, visited, options); !gone.ok())
      return gone;
    if (!to.empty())
      options.iterate_upper_bound = &end;
    const std::unique_ptr<rocksdb::Iterator> entry{
      on.db->NewIterator(options, handle_of(on, in))};
    for (entry->Seek(from); entry->Valid(); entry->Next()) {
      visited = true;
      if (!visit(view_of(entry->key()), view_of(entry->value())))
        break;
    }
    return entry->status();
  });
  return to_error(status, place("scan", in, from));
}

error database::scan_back(family in, std::string_view to, const visit_entry& visit,
                          const snapshot* at) const {
  const rocksdb::Slice end{to};
  bool visited = false;
  const auto status = handles_->live.read([&](const store& on) {
    rocksdb::ReadOptions options;
    if (auto gone = begin_scan(at, visited, options); !gone.ok())
      return gone;
    if (!to.empty())
      options.iterate_upper_bound = &end;
    const std::unique_ptr<rocksdb::Iterator> entry{
      on.db->NewIterator(options, handle_of(on, in))};
    for (entry->SeekToLast(); entry->Valid(); entry->Prev()) {
      visited = true;
      if (!visit(view_of(entry->key()), view_of(entry->value())))
        break;
    }
    return entry->status();
  });
  return to_error(status, place("scan back", in, to));
}

expected<std::string> database::last_key(family in) const {
  std::optional<std::string> last;
  const auto keep = [&](std::string_view key, std::string_view) {
    last = key;
    return false;
  };
  if (auto failed = scan_back(in, {}, keep))
    return failed;
  if (!last)
    return make_error(ec::not_found, place("last key of", in, ""));
  return std::move(*last);
}

namespace {

/// A compaction that had begun before the files were given back joins old and new keys.
constexpr std::uint64_t much = 4 << 20;

/// Bytes of files below a key, about.
std::uint64_t bytes_below(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* in,
                          std::string_view to) {
  const rocksdb::Range below{rocksdb::Slice{}, rocksdb::Slice{to}};
  std::uint64_t bytes = 0;
  db.GetApproximateSizes(in, &below, 1, &bytes); // of files, by default
  return bytes;
}

} // namespace

bool database::may_hold(family in, std::string_view from, std::string_view to) const {
  bool any = false;
  const auto failed = scan(in, from, to, [&any](std::string_view, std::string_view) {
    any = true;
    return false;
  });
  return any || failed;
}

error database::free_files_below(family in, std::string_view to) {
  const rocksdb::Slice end{to};
  const rocksdb::RangePtr all_below{nullptr, &end};
  constexpr bool with_end = false;
  const auto status = handles_->live.write([&](const store& on) {
    auto* const from = handle_of(on, in);
    auto freed = rocksdb::DeleteFilesInRanges(on.db.get(), from, &all_below, 1, with_end);
    if (!freed.ok() || bytes_below(*on.db, from, to) < much)
      return freed;
    return on.db->CompactRange(rocksdb::CompactRangeOptions{}, from, nullptr, nullptr);
  });
  return to_error(status, place("free files below", in, to));
}

std::shared_ptr<const snapshot> database::take_snapshot() const {
  return std::make_shared<snapshot>(handles_->live);
}

error database::checkpoint(const std::filesystem::path& to) const {
  const auto status = handles_->live.use([&](const store& on) {
    rocksdb::Checkpoint* made = nullptr;
    auto created = rocksdb::Checkpoint::Create(on.db.get(), &made);
    const std::unique_ptr<rocksdb::Checkpoint> owner{made};
    return created.ok() ? owner->CreateCheckpoint(to.string()) : created;
  });
  return to_error(status, "copy the store to " + to.string());
}

wall_time database::opened_at() const {
  return handles_->live.options().opened_at;
}

const std::filesystem::path& database::recovered_from() const {
  return handles_->recovered_from;
}

bool database::is_of_copy() const {
  return handles_->is_of_copy;
}

std::string database::repaired() const {
  return handles_->live.repaired();
}

error database::keep_copy() const {
  error failed;
  if (handles_->live.options().sync)
    handles_->live
      .use([&](const store& on) {
        if (on.refuses.ok())
          failed = habitd::keep_copy(on, handles_->live.options());
        return rocksdb::Status{};
      })
      .PermitUncheckedError();
  return failed;
}

bool database::lost_last_writes() const {
  bool lost = false;
  handles_->live
    .use([&](const store& on) {
      lost = on.lost_last_writes;
      return rocksdb::Status{};
    })
    .PermitUncheckedError();
  return lost;
}

std::string database::mishap() const {
  if (const auto& moved = recovered_from(); !moved.empty())
    return fmt::format("the store was corrupt and {}; the old one is kept at {}",
                       is_of_copy() ? "its copy took its place" : "begun anew",
                       moved.string());
  if (const auto damage = repaired(); !damage.empty())
    return "the store was damaged and repaired: " + damage;
  if (lost_last_writes())
    return "the end of the store's log was damaged; the last writes before this start "
           "are "
           "lost";
  return {};
}

std::string database::trouble() const {
  return handles_->live.trouble();
}

bool database::is_closed() const {
  return handles_->live.is_closed();
}

std::uint64_t database::size_of(family in) const {
  std::uint64_t bytes = 0;
  handles_->live
    .use([&](const store& on) {
      on.db->GetIntProperty(handle_of(on, in), rocksdb::DB::Properties::kLiveSstFilesSize,
                            &bytes);
      return rocksdb::Status{};
    })
    .PermitUncheckedError();
  return bytes;
}

} // namespace habitd
