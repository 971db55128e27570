#include "tests/end_to_end/program.hpp"

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <stdlib.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace habitd {

namespace {

using namespace std::chrono_literals;

std::filesystem::path new_file() {
  std::string name = std::filesystem::temp_directory_path() / "habitd-test-XXXXXX";
  const int file = mkstemp(name.data());
  if (file < 0)
    throw std::runtime_error("no temporary file");
  close(file);
  return name;
}

void redirect(const std::filesystem::path& file, int to) {
  const int opened = open(file.c_str(), O_WRONLY | O_TRUNC);
  dup2(opened, to);
  close(opened);
}

} // namespace

program::program(const std::vector<std::string>& arguments)
    : out_{new_file()}, err_{new_file()} {
  std::vector<char*> argv;
  for (const auto& argument : arguments)
    argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    redirect(out_, STDOUT_FILENO);
    redirect(err_, STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
}

program::~program() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove(out_, ignored);
  std::filesystem::remove(err_, ignored);
}

void program::signal(int number) const {
  kill(pid_, number);
}

std::optional<std::string> program::wait_for(const std::string& text) {
  for (int i = 0; i < 1200; ++i) {
    const auto printed = read_file(out_);
    const auto found = printed.find(text);
    if (found != std::string::npos && printed.find('\n', found) != std::string::npos) {
      const auto begin = found + text.size();
      return printed.substr(begin, printed.find('\n', begin) - begin);
    }
    std::this_thread::sleep_for(50ms);
  }
  return std::nullopt;
}

std::string program::log() const {
  return read_file(err_);
}

program_result program::wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          read_file(out_), read_file(err_)};
}

program_result program::wait_at_most(std::chrono::seconds longest) {
  const auto until = std::chrono::steady_clock::now() + longest;
  siginfo_t ended{};
  while (waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) ==
           0 &&
         ended.si_pid == 0 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(5ms);
  if (ended.si_pid == 0)
    signal(SIGKILL);
  return wait();
}

program_result run_program(const std::vector<std::string>& arguments) {
  return program{arguments}.wait();
}

std::string habitd_path() {
  return HABITD_PROGRAM;
}

test_directory::test_directory() {
  std::string name = std::filesystem::temp_directory_path() / "habitd-test-XXXXXX";
  if (!mkdtemp(name.data()))
    throw std::runtime_error("no temporary directory");
  path_ = name;
}

test_directory::~test_directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_file(const std::string& path, const std::string& content) {
  std::ofstream{path, std::ios::binary} << content;
}

std::string read_file(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream{path, std::ios::binary}.rdbuf();
  return content.str();
}

} // namespace habitd
