// A library to be loaded before a program (LD_PRELOAD), whose calls to the disk it counts,
// slows down and lets fail, as `failing_calls.hpp` tells. Needs no part of habitd.

#include "tests/faults/failing_calls.hpp"

#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

using namespace habitd::faults;

/// Nothing if the variable isn't set; all calls then go through.
failing_calls* find_plan() {
  const char* name = std::getenv(failing_calls_variable);
  if (!name)
    return nullptr;
  const auto file = static_cast<int>(syscall(SYS_openat, AT_FDCWD, name, O_RDWR));
  if (file < 0)
    return nullptr;
  void* mapped =
    mmap(nullptr, sizeof(failing_calls), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  syscall(SYS_close, file);
  return mapped == MAP_FAILED ? nullptr : static_cast<failing_calls*>(mapped);
}

failing_calls* plan() {
  static failing_calls* const found = find_plan();
  return found;
}

/// The library's own function of that name.
template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool is_watched(std::string_view path) {
  if (!plan())
    return false;
  const std::string_view below{plan()->below.data()};
  return path.starts_with(below) &&
         (path.size() == below.size() || path[below.size()] == '/');
}

bool is_watched(int file) {
  if (!plan())
    return false;
  std::array<char, 32> link{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", file);
  std::array<char, PATH_MAX> path{};
  const int before = errno;
  const auto length = readlink(link.data(), path.data(), path.size());
  errno = before;
  return length > 0 && is_watched({path.data(), static_cast<std::size_t>(length)});
}

void wait(std::uint32_t milliseconds) {
  if (milliseconds == 0)
    return;
  const timespec time{milliseconds / 1000, long{milliseconds % 1000} * 1'000'000};
  nanosleep(&time, nullptr);
}

bool needs_space(real_call kind) {
  return kind == real_call::write || kind == real_call::create ||
         kind == real_call::allocate;
}

/// Counts a call on something watched.
/// @returns  the error it fails with, if it does.
std::optional<int> made(real_call kind) {
  auto& how = *plan();
  if (kind != real_call::read)
    wait(kind == real_call::sync ? how.sync_ms : how.call_ms);
  const auto n = ++how.made[static_cast<std::size_t>(kind)];
  const bool hit = how.how != real_failure::none && kind == how.kind && n == how.nth;
  if (hit && how.how == real_failure::disk_full)
    how.is_full = true;
  if (!hit && !(how.is_full && needs_space(kind)))
    return std::nullopt;
  ++how.failed;
  return how.how == real_failure::io_error ? EIO : ENOSPC;
}

/// Fails, or does what `call` does.
template <class Target, class Call>
auto guarded(real_call kind, const Target& target, Call call) -> decltype(call()) {
  if (is_watched(target))
    if (const auto failure = made(kind)) {
      errno = *failure;
      return -1;
    }
  return call();
}

template <class Call>
ssize_t guarded_write(int file, std::size_t size, Call call) {
  if (is_watched(file))
    if (const auto failure = made(real_call::write)) {
      call(size / 2);
      errno = *failure;
      return -1;
    }
  return call(size);
}

/// Opening counts if it makes a file.
bool makes_file(const char* path, int flags) {
  return (flags & O_CREAT) != 0 && is_watched(path) &&
         syscall(SYS_faccessat, AT_FDCWD, path, F_OK) != 0;
}

int opened(const char* name, const char* path, int flags, mode_t mode) {
  const auto real = next<int(const char*, int, ...)>(name);
  const auto call = [&] { return real(path, flags, mode); };
  return makes_file(path, flags) ? guarded(real_call::create, path, call) : call();
}

mode_t mode_of(int flags, va_list more) {
  return (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
}

} // namespace

extern "C" {

ssize_t write(int file, const void* bytes, size_t size) {
  static const auto real = next<ssize_t(int, const void*, size_t)>("write");
  return guarded_write(file, size, [&](size_t n) { return real(file, bytes, n); });
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
  static const auto real = next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return guarded_write(file, size, [&](size_t n) { return real(file, bytes, n, at); });
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  static const auto real = next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return guarded_write(file, size, [&](size_t n) { return real(file, bytes, n, at); });
}

ssize_t read(int file, void* bytes, size_t size) {
  static const auto real = next<ssize_t(int, void*, size_t)>("read");
  return guarded(real_call::read, file, [&] { return real(file, bytes, size); });
}

ssize_t pread(int file, void* bytes, size_t size, off_t at) {
  static const auto real = next<ssize_t(int, void*, size_t, off_t)>("pread");
  return guarded(real_call::read, file, [&] { return real(file, bytes, size, at); });
}

ssize_t pread64(int file, void* bytes, size_t size, off64_t at) {
  static const auto real = next<ssize_t(int, void*, size_t, off64_t)>("pread64");
  return guarded(real_call::read, file, [&] { return real(file, bytes, size, at); });
}

int fsync(int file) {
  static const auto real = next<int(int)>("fsync");
  return guarded(real_call::sync, file, [&] { return real(file); });
}

int fdatasync(int file) {
  static const auto real = next<int(int)>("fdatasync");
  return guarded(real_call::sync, file, [&] { return real(file); });
}

int sync_file_range(int file, off64_t from, off64_t size, unsigned flags) {
  static const auto real = next<int(int, off64_t, off64_t, unsigned)>("sync_file_range");
  if (flags == 0) // RocksDB asks whether there is such a thing; the disk is not asked
    return real(file, from, size, flags);
  return guarded(real_call::sync, file, [&] { return real(file, from, size, flags); });
}

int rename(const char* from, const char* to) noexcept {
  static const auto real = next<int(const char*, const char*)>("rename");
  return guarded(real_call::rename, from, [&] { return real(from, to); });
}

int link(const char* from, const char* to) noexcept {
  static const auto real = next<int(const char*, const char*)>("link");
  return guarded(real_call::rename, from, [&] { return real(from, to); });
}

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const auto mode = mode_of(flags, more);
  va_end(more);
  return opened("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const auto mode = mode_of(flags, more);
  va_end(more);
  return opened("open64", path, flags, mode);
}

int mkdir(const char* path, mode_t mode) noexcept {
  static const auto real = next<int(const char*, mode_t)>("mkdir");
  return guarded(real_call::create, path, [&] { return real(path, mode); });
}

int unlink(const char* path) noexcept {
  static const auto real = next<int(const char*)>("unlink");
  return guarded(real_call::remove, path, [&] { return real(path); });
}

int fallocate(int file, int mode, off_t from, off_t size) {
  static const auto real = next<int(int, int, off_t, off_t)>("fallocate");
  return guarded(real_call::allocate, file, [&] { return real(file, mode, from, size); });
}

int ftruncate(int file, off_t size) noexcept {
  static const auto real = next<int(int, off_t)>("ftruncate");
  return guarded(real_call::allocate, file, [&] { return real(file, size); });
}

} // extern "C"
