#include "tools/habitd/scratch_directory.hpp"

#include <cerrno>
#include <cstring>
#include <stdlib.h>
#include <utility>

namespace habitd {

expected<scratch_directory> scratch_directory::make() {
  std::error_code failed;
  const auto base = std::filesystem::temp_directory_path(failed);
  auto name =
    ((failed ? std::filesystem::path{"/tmp"} : base) / "habitd-XXXXXX").string();
  if (!mkdtemp(name.data()))
    return make_error(ec::unavailable, "make a directory " + name, std::strerror(errno));
  return scratch_directory{name};
}

scratch_directory::scratch_directory(scratch_directory&& other) noexcept
    : path_{std::exchange(other.path_, {})} {}

scratch_directory::~scratch_directory() {
  std::error_code ignored; // nothing to be done about it, and the name says whose it is
  if (!path_.empty())
    std::filesystem::remove_all(path_, ignored);
}

} // namespace habitd
