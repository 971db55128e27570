#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string>

namespace habitd {

/// Another process at work on a store; killed, if it still runs, at the end.
class peer_process {
public:
  peer_process(const char* task, const std::filesystem::path& directory) {
    int ends[2];
    if (pipe(ends) != 0)
      return;
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      execl(HABITD_STORAGE_PEER, "storage_peer", task, directory.c_str(), nullptr);
      _exit(127);
    }
    close(ends[1]);
    out_ = fdopen(ends[0], "r");
  }
  ~peer_process() {
    kill_now();
    if (out_)
      std::fclose(out_);
  }
  peer_process(const peer_process&) = delete;
  peer_process& operator=(const peer_process&) = delete;

  /// The next line it prints, without the newline; empty at the end.
  std::string line() {
    std::string text;
    for (int c = 0; out_ && (c = std::fgetc(out_)) != EOF && c != '\n';)
      text += static_cast<char>(c);
    return text;
  }

  void kill_now() {
    if (pid_ <= 0)
      return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

private:
  pid_t pid_ = -1;
  std::FILE* out_ = nullptr;
};

} // namespace habitd
