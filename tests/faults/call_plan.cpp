#include "tests/faults/call_plan.hpp"

#include <fcntl.h>
#include <new>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>

namespace habitd::faults {

call_plan::call_plan(const std::string& below) : file_{below + ".plan"} {
  const int file = open(file_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  void* mapped = MAP_FAILED;
  if (file >= 0 && ftruncate(file, sizeof(failing_calls)) == 0)
    mapped =
      mmap(nullptr, sizeof(failing_calls), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (mapped == MAP_FAILED)
    throw std::runtime_error("no " + file_);
  shared_ = new (mapped) failing_calls;
  // The kernel tells the names of open files without links.
  const auto real = std::filesystem::weakly_canonical(below).string();
  real.copy(shared_->below.data(), shared_->below.size() - 1);
}

call_plan::~call_plan() {
  munmap(shared_, sizeof(failing_calls));
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

std::vector<std::string> call_plan::command() const {
  return {"/usr/bin/env", std::string{"LD_PRELOAD="} + HABITD_FAILING_CALLS,
          std::string{failing_calls_variable} + "=" + file_};
}

} // namespace habitd::faults
