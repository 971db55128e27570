#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace habitd::faults {

/// What a program asks of its disk.
enum class real_call : std::uint32_t {
  write,    // write, pwrite
  sync,     // fsync, fdatasync, sync_file_range; of directories too
  rename,   // rename, link
  create,   // open of what isn't there yet, mkdir
  remove,   // unlink
  allocate, // fallocate, ftruncate
  read,     // read, pread
};
constexpr std::size_t real_call_kinds = 7;
constexpr std::array<const char*, real_call_kinds> real_call_names{
  "write", "sync", "rename", "create", "remove", "allocate", "read"};

/// What the n-th call of a kind ends with. A write that fails is half done.
enum class real_failure : std::uint32_t {
  none,
  io_error,  // EIO, once
  no_space,  // ENOSPC, once
  disk_full, // ENOSPC; so does whatever needs space from then on
};

/// How a program's calls to its disk fail, and how many it made: a file that the library
/// `failing_calls`, loaded before the program, shares with the test. Its calls on files
/// below a directory count, whichever thread makes them.
struct failing_calls {
  std::array<char, 512> below{}; // absolute, without links or a slash at the end
  real_call kind{};
  real_failure how{};
  std::uint64_t nth = 0;     // from 1
  std::uint32_t sync_ms = 0; // each sync takes so much longer
  std::uint32_t call_ms = 0; // as does each other call but reads

  std::array<std::atomic<std::uint64_t>, real_call_kinds> made{};
  std::atomic<std::uint64_t> failed{};
  std::atomic<bool> is_full{};
};

/// The environment variable that names the file.
constexpr const char* failing_calls_variable = "HABITD_FAILING_CALLS";

} // namespace habitd::faults
