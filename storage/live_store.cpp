#include "storage/live_store.hpp"

#include "messages/log_of.hpp"
#include "storage/repair_store.hpp"
#include "storage/status.hpp"

#include <fmt/format.h>
#include <rocksdb/env.h>

#include <thread>

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr auto longest_wait = 2s; // for other calls to end; each takes milliseconds
constexpr std::size_t probe_bytes = 1 << 20;

/// Whether the disk takes bytes. Opening writes a few files, and a store that was closed
/// for that on a disk that is still full could only be read.
bool takes_bytes(const storage_options& options) {
  auto& env = env_of(options);
  const auto name = (options.directory / "space.probe").string();
  std::unique_ptr<rocksdb::WritableFile> file;
  auto status = env.NewWritableFile(name, &file, {});
  if (!status.ok())
    return false;
  status = file->Append(std::string(probe_bytes, '\x5a'));
  if (status.ok())
    status = file->Sync();
  if (status.ok())
    status = file->Close();
  file.reset();
  return env.DeleteFile(name).ok() && status.ok();
}

} // namespace

live_store::live_store(storage_options options, store opened)
    : options_{std::move(options)}, opened_{std::move(opened)} {}

/// What is in tables is checked block by block, and a bit that turns over in the log costs all
/// that comes behind it: an orderly end leaves no log.
live_store::~live_store() {
  if (opened_.db && opened_.refuses.ok() && options_.flush_at_end)
    flush(opened_).PermitUncheckedError();
}

rocksdb::Status
live_store::write(const std::function<rocksdb::Status(const store&)>& commit) {
  const auto opening = current_opening();
  const auto attempt = [&](const store& on) {
    return on.refuses.ok() ? commit(on) : on.refuses;
  };
  auto status = use(attempt);
  if ((status.IsIOError() && open_anew(opening, status)) ||
      (is_damage(status) && repair(opening, status)))
    status = use(attempt);
  return status;
}

rocksdb::Status
live_store::read(const std::function<rocksdb::Status(const store&)>& from) {
  const auto opening = current_opening();
  auto status = use(from);
  if (status.IsCorruption() && repair(opening, status))
    status = use(from);
  return status;
}

/// @returns  whether it is worth trying again.
bool live_store::open_anew(std::uint64_t failed_opening, const rocksdb::Status& because) {
  if (!takes_bytes(options_))
    return false;
  const auto alone = take_alone();
  if (!alone)
    return false;
  if (opening_ != failed_opening) // another call was faster
    return opened_.refuses.ok();
  const bool had_lost_writes = opened_.lost_last_writes;
  close();
  bool damaged = false;
  auto again = open_store(options_, damaged);
  if (!again) {
    log_of(log_area::storage)
      .error("the store could not be opened anew: {}", describe(again.error()));
    again = open_to_read(options_, because);
  }
  if (!again) {
    log_of(log_area::storage)
      .critical("the store could not even be opened to read: {}",
                describe(again.error()));
    opened_.refuses = because;
    return false;
  }
  opened_ = std::move(*again);
  opened_.lost_last_writes |= had_lost_writes;
  if (opened_.refuses.ok())
    log_of(log_area::storage)
      .info("the store was opened anew after: {}", because.ToString());
  return opened_.refuses.ok();
}

/// Nobody else uses the store while the lock is held; not held if that takes too long.
std::unique_lock<std::shared_mutex> live_store::take_alone() {
  std::unique_lock alone{in_use_, std::try_to_lock};
  for (auto waited = 0ms; !alone && waited < longest_wait; waited += 1ms) {
    std::this_thread::sleep_for(1ms);
    alone.try_lock();
  }
  return alone;
}

/// With its snapshots.
void live_store::close() {
  for (const auto* seen : std::exchange(taken_, {}))
    opened_.db->ReleaseSnapshot(seen);
  ++opening_;
  opened_ = store{};
}

/// @returns  whether it is worth trying again.
bool live_store::repair(std::uint64_t failed_opening, const rocksdb::Status& because) {
  const auto alone = take_alone();
  if (!alone || !opened_.refuses.ok())
    return false;
  if (opening_ != failed_opening)
    return true;
  if (not_repaired_ == opening_)
    return false;
  log_of(log_area::storage).error("the store is repaired: {}", because.ToString());
  const auto damage = salvage(opened_, options_);
  const auto healed = damage ? heal_repaired(options_, *damage) : damage.error();
  if (healed) {
    log_of(log_area::storage).error("the store can't be repaired: {}", describe(healed));
    not_repaired_ = opening_;
    return false;
  }
  close();
  const auto moved = swap_in_repaired(options_);
  bool damaged = false;
  auto again = open_store(options_, damaged);
  if (!moved || !again) {
    const auto failed = !moved ? moved.error() : again.error();
    log_of(log_area::storage).critical("the store is closed: {}", describe(failed));
    opened_.refuses = because;
    return false;
  }
  opened_ = std::move(*again);
  repaired_ = fmt::format("{} damaged, the store as it was is at {}", names_of(*damage),
                          moved->string());
  log_of(log_area::storage).error("the store was repaired: {}", repaired_);
  return true;
}

std::string live_store::repaired() const {
  const std::shared_lock lock{in_use_};
  return repaired_;
}

std::string live_store::trouble() const {
  const std::shared_lock lock{in_use_};
  return opened_.refuses.ok() ? std::string{} : opened_.refuses.ToString();
}

bool live_store::is_closed() const {
  const std::shared_lock lock{in_use_};
  return !opened_.db;
}

std::uint64_t live_store::current_opening() const {
  const std::shared_lock lock{in_use_};
  return opening_;
}

moment live_store::take_moment() const {
  moment taken;
  use([&](const store& on) {
    const std::lock_guard lock{taking_};
    taken = {on.db->GetSnapshot(), opening_};
    taken_.insert(taken.seen);
    return rocksdb::Status{};
  }).PermitUncheckedError();
  return taken;
}

void live_store::release(const moment& at) const {
  use([&](const store& on) {
    const std::lock_guard lock{taking_};
    if (at.opening == opening_ && taken_.erase(at.seen) > 0)
      on.db->ReleaseSnapshot(at.seen);
    return rocksdb::Status{};
  }).PermitUncheckedError();
}

rocksdb::Status live_store::as_of(const moment* at, rocksdb::ReadOptions& options) const {
  if (!at)
    return {};
  if (!at->seen || at->opening != opening_)
    return rocksdb::Status::IOError("the store was opened anew meanwhile");
  options.snapshot = at->seen;
  return {};
}

} // namespace habitd
