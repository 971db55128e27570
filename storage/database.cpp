#include "storage/database.hpp"

#include "storage/open_store.hpp"
#include "storage/schema.hpp"
#include "storage/status.hpp"

#include <rocksdb/utilities/checkpoint.h>

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
    kind what;
    family in;
    std::string key;
    std::string value; // the end, for a range
  };
  std::vector<change> changes;
};

batch::batch() : contents_{std::make_unique<contents>()} {}
batch::~batch() = default;
batch::batch(batch&& other) noexcept = default;
batch& batch::operator=(batch&&) noexcept = default;

void batch::put(family in, std::string_view key, std::string_view value) {
  contents_->changes.push_back(
    {contents::kind::put, in, std::string{key}, std::string{value}});
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
  explicit snapshot(rocksdb::DB& db) : db_{db}, seen_{db.GetSnapshot()} {}
  ~snapshot() { db_.ReleaseSnapshot(seen_); }
  snapshot(const snapshot&) = delete;
  snapshot& operator=(const snapshot&) = delete;
  const rocksdb::Snapshot* seen() const { return seen_; }

private:
  rocksdb::DB& db_;
  const rocksdb::Snapshot* seen_;
};

struct database::handles {
  storage_options options; // its env outlives the store
  store opened;
  std::filesystem::path recovered_from;

  rocksdb::ColumnFamilyHandle* of(family in) const {
    return opened.families[static_cast<std::size_t>(in)];
  }
};

namespace {

rocksdb::ReadOptions reading(const snapshot* at) {
  rocksdb::ReadOptions options;
  options.snapshot = at ? at->seen() : nullptr;
  return options;
}

} // namespace

database::database(std::unique_ptr<handles> handles) : handles_{std::move(handles)} {}
database::~database() = default;

expected<std::unique_ptr<database>> database::open(const storage_options& options,
                                                   const std::vector<migration>& steps) {
  std::filesystem::path moved_to;
  for (;;) {
    bool damaged = false;
    error failed;
    if (auto opened = open_store(options, damaged); !opened) {
      failed = opened.error();
    } else {
      std::unique_ptr<database> db{new database{
        std::make_unique<handles>(handles{options, std::move(*opened), moved_to})}};
      const auto version = schema_version(*db);
      if (version) { // an error of a migration must not cost the store
        if (auto err = step_schema(*db, *version, options.directory, steps))
          return err;
        return db;
      }
      failed = version.error();
      damaged = code_of(failed) == ec::corrupt_data;
    }
    if (!damaged || !moved_to.empty()) // a fresh store that is damaged won't get better
      return failed;
    auto target = move_aside(options);
    if (!target)
      return target.error();
    moved_to = std::move(*target);
  }
}

error database::write(batch&& changes) {
  rocksdb::WriteBatch staged;
  rocksdb::Status status;
  for (const auto& change : changes.contents_->changes) {
    auto* in = handles_->of(change.in);
    switch (change.what) {
    case batch::contents::kind::put:
      status = staged.Put(in, change.key, change.value);
      break;
    case batch::contents::kind::erase:
      status = staged.Delete(in, change.key);
      break;
    case batch::contents::kind::erase_range:
      status = staged.DeleteRange(in, change.key, change.value);
      break;
    }
    if (!status.ok())
      return to_error(status, place("stage", change.in, change.key));
  }
  changes.contents_->changes.clear();
  rocksdb::WriteOptions options;
  options.sync = handles_->options.sync;
  auto& db = *handles_->opened.db;
  status = db.Write(options, &staged);
  // After a full or failing disk RocksDB refuses every write until it is told to go on.
  if (status.IsIOError() && db.Resume().ok())
    status = db.Write(options, &staged);
  return to_error(status, "write to " + handles_->options.directory.string());
}

expected<std::string> database::get(family in, std::string_view key,
                                    const snapshot* at) const {
  std::string value;
  const auto status =
    handles_->opened.db->Get(reading(at), handles_->of(in), key, &value);
  if (!status.ok())
    return to_error(status, place("read", in, key));
  return value;
}

error database::scan(family in, std::string_view from, std::string_view to,
                     const visit_entry& visit, const snapshot* at) const {
  auto options = reading(at);
  const rocksdb::Slice end{to};
  if (!to.empty())
    options.iterate_upper_bound = &end;
  const std::unique_ptr<rocksdb::Iterator> entry{
    handles_->opened.db->NewIterator(options, handles_->of(in))};
  for (entry->Seek(from); entry->Valid(); entry->Next())
    if (!visit(view_of(entry->key()), view_of(entry->value())))
      break;
  return to_error(entry->status(), place("scan", in, from));
}

expected<std::string> database::last_key(family in) const {
  const std::unique_ptr<rocksdb::Iterator> entry{
    handles_->opened.db->NewIterator({}, handles_->of(in))};
  entry->SeekToLast();
  if (auto err = to_error(entry->status(), place("last key of", in, "")))
    return err;
  if (!entry->Valid())
    return make_error(ec::not_found, place("last key of", in, ""));
  return entry->key().ToString();
}

std::shared_ptr<const snapshot> database::take_snapshot() const {
  return std::make_shared<snapshot>(*handles_->opened.db);
}

error database::checkpoint(const std::filesystem::path& to) const {
  rocksdb::Checkpoint* made = nullptr;
  auto status = rocksdb::Checkpoint::Create(handles_->opened.db.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> owner{made};
  if (status.ok())
    status = owner->CreateCheckpoint(to.string());
  return to_error(status, "copy the store to " + to.string());
}

const std::filesystem::path& database::recovered_from() const {
  return handles_->recovered_from;
}

bool database::lost_last_writes() const {
  return handles_->opened.lost_last_writes;
}

std::uint64_t database::size_of(family in) const {
  std::uint64_t bytes = 0;
  handles_->opened.db->GetIntProperty(handles_->of(in),
                                      rocksdb::DB::Properties::kLiveSstFilesSize, &bytes);
  return bytes;
}

} // namespace habitd
