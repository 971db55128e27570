#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace habitd {

/// How a program ended and what it printed.
struct program_result {
  int exit_code = -1; // 128 + signal if one ended it
  std::string out;
  std::string err;
};

/// A child process whose output is collected; killed when the object goes.
class program {
public:
  /// @param arguments  the program's path first.
  explicit program(const std::vector<std::string>& arguments);
  program(const program&) = delete;
  program& operator=(const program&) = delete;
  ~program();

  void signal(int number) const;

  /// Waits until `text` was printed on standard output, at most 60 s.
  /// @returns  what stands after it in that line, or nothing if it never came.
  std::optional<std::string> wait_for(const std::string& text);

  /// What it has printed on standard error so far.
  std::string log() const;

  pid_t id() const { return pid_; }

  /// Waits for the end.
  program_result wait();

  /// Likewise, but kills it after so long; it then ends with 128 + SIGKILL.
  program_result wait_at_most(std::chrono::seconds longest);

private:
  pid_t pid_ = -1;
  std::filesystem::path out_;
  std::filesystem::path err_;
};

/// Runs a program to its end.
program_result run_program(const std::vector<std::string>& arguments);

/// The built `habitd`.
std::string habitd_path();

/// A directory for one test, removed with the object.
class test_directory {
public:
  test_directory();
  test_directory(const test_directory&) = delete;
  test_directory& operator=(const test_directory&) = delete;
  ~test_directory();
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

void write_file(const std::string& path, const std::string& content);
std::string read_file(const std::filesystem::path& path);

} // namespace habitd
