#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace habitd::faults {

/// Calls that change a disk, by what a test can make fail. Directories count as well:
/// `mkdir` is a create, `fsync` of a directory a sync.
enum class disk_call : std::uint8_t { write, sync, rename, create, remove };
constexpr std::size_t disk_call_kinds = 5;
constexpr std::array<const char*, disk_call_kinds> disk_call_names{
  "write", "sync", "rename", "create", "remove"};

/// What became of a call.
enum class disk_result : std::uint8_t { ok, io_error, no_space, not_found, exists };

/// A file or a directory. Handles keep it while its name goes, as on a real disk.
struct disk_node;
using disk_node_ptr = std::shared_ptr<disk_node>;

/// A stretch of a file that no sync has made durable yet.
struct unsynced_piece {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool sync_failed = false; // the kernel forgets such bytes: a later sync won't save them
};

/// Names that change together; no node = the name goes.
using name_change = std::vector<std::pair<std::string, disk_node_ptr>>;

struct disk_node {
  bool is_directory = false;

  std::string bytes; // as a running process reads them
  std::vector<unsynced_piece> unsynced;

  std::map<std::string, disk_node_ptr> names;   // as a running process sees them
  std::map<std::string, disk_node_ptr> durable; // as of the last fsync of the directory
  std::vector<name_change> pending;             // since then, in order
};

/// A disk in memory that knows what would survive a power cut: of a file what was synced, of
/// a directory the names as of its last fsync. Of the rest a cut leaves, at random, any of
/// the unsynced pieces, whole or torn at 512 bytes, and the first so many changes of a
/// directory, since file systems journal those in order. Same seed and calls, same bytes.
/// Thread-safe.
class disk {
public:
  explicit disk(std::uint64_t seed);

  /// Everything as it is now, unsynced state included; faults are not copied.
  std::shared_ptr<disk> copy(std::uint64_t seed) const;

  // Faults. Calls are counted from the last `arm` or `disarm`.
  /// Lets the n-th call of a kind (from 1) fail once, half done if it is a write.
  void fail(disk_call kind, std::uint64_t n);
  /// Lets the n-th call of all kinds be the last one: it fails, and every later one too.
  void cut_power_at(std::uint64_t n);
  /// Power goes, from now on, at calls of the present thread only: RocksDB's compactions end
  /// the process if a write of theirs fails after the output file was opened and before it
  /// has a key, where Debian's assertions are on.
  void spare_background();
  void cut_power(); // now: every later call fails
  void disarm();    // counts from 0 again
  void fill();      // nothing can be written or created
  void free();
  bool power_is_off() const;
  std::uint64_t calls() const; // of all kinds
  std::uint64_t calls(disk_call kind) const;
  /// The call that failed, like "sync of /home/store/000012.log"; empty if none did yet.
  std::string failed_call() const;

  /// What is left after a power cut. Files that are still open become unreachable.
  void cut(std::uint64_t seed);

  /// What is left after the end of the process alone: everything, synced or not.
  void release();

  /// Memory for all files made here that have a name or are still open.
  struct memory {
    std::uint64_t written = 0;   // touched, so resident
    std::uint64_t allocated = 0; // a string grows ahead of what it holds
  };
  memory memory_taken() const;

  /// Turns over one stored bit, at random.
  /// @returns  which, like "bit 3 of byte 17 of /home/store/CURRENT".
  std::string flip(std::mt19937_64& random);

  // What a file system does. Paths are absolute and normal.
  disk_result create(const std::string& path, disk_node_ptr& file);
  disk_result reopen(const std::string& path, disk_node_ptr& file);
  disk_result make_directory(const std::string& path);
  disk_result remove(const std::string& path);
  disk_result rename(const std::string& from, const std::string& to);
  disk_result link(const std::string& from, const std::string& to);
  disk_result append(disk_node& file, const std::string& path, std::string_view bytes);
  disk_result truncate(disk_node& file, std::size_t size);
  disk_result sync(disk_node& node, const std::string& path);
  disk_node_ptr find(const std::string& path) const; // null if there is none
  std::size_t read(const disk_node& file, std::uint64_t from, std::size_t most,
                   char* to) const;
  std::size_t size(const disk_node& file) const;
  std::vector<std::string> children(const disk_node& directory) const;
  bool lock(const std::string& path); // false if it is locked
  void unlock(const std::string& path);

private:
  disk_result begin_call(disk_call kind, const std::string& path);
  void let_go();
  disk_node_ptr new_file();
  disk_node_ptr at(const std::string& path) const;
  disk_result change_name(disk_call kind, const std::string& path,
                          const disk_node_ptr& to);

  mutable std::mutex mutex_;
  disk_node_ptr root_;
  std::vector<std::weak_ptr<disk_node>> files_; // that were made, some of them gone
  std::mt19937_64 random_;
  std::array<std::uint64_t, disk_call_kinds> counts_{};
  std::optional<std::pair<disk_call, std::uint64_t>> failing_;
  std::optional<std::uint64_t> last_call_;
  bool power_off_ = false;
  bool full_ = false;
  std::optional<std::thread::id> cut_in_; // none: power goes in any thread
  std::string failed_call_;
  std::vector<std::string> locked_;
};

} // namespace habitd::faults
