#pragma once

#include <catch2/catch.hpp>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sys/mount.h>

namespace habitd {

/// A file system in memory that can be filled up, where we may mount one.
class small_disk {
public:
  small_disk(const std::filesystem::path& at, const char* size) : at_{at} {
    std::filesystem::create_directories(at);
    mounted_ = mount("habitd", at.c_str(), "tmpfs", 0, size) == 0;
    if (!mounted_)
      WARN("skipped, as no tmpfs can be mounted: " << std::strerror(errno));
  }
  ~small_disk() {
    if (mounted_)
      umount2(at_.c_str(), MNT_DETACH);
  }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;

  bool mounted() const { return mounted_; }
  void make_read_only() {
    REQUIRE(mount("habitd", at_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0);
  }

  /// Takes what is left, until `free` is called.
  void fill() {
    std::ofstream filler{at_ / "filler", std::ios::binary};
    const std::string block(4096, 'x');
    while (filler.write(block.data(), static_cast<std::streamsize>(block.size())).flush())
      ;
  }
  void free() { std::filesystem::remove(at_ / "filler"); }
  void free_all_but(std::uintmax_t less) {
    std::filesystem::resize_file(at_ / "filler",
                                 std::filesystem::file_size(at_ / "filler") - less);
  }

private:
  std::filesystem::path at_;
  bool mounted_ = false;
};

} // namespace habitd
