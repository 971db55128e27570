#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace habitd {

/// An HTTP server on loopback that says exactly what a test wants: one connection at a time,
/// one answer each, then it closes.
class scripted_server {
public:
  static constexpr const char* stall = "(stall)";

  /// @param answer  of a request, header and body as sent, the bytes to answer with; `stall`
  ///                keeps the connection open without a word until the server ends.
  explicit scripted_server(std::function<std::string(const std::string&)> answer);
  ~scripted_server();
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(const std::string& path = "/") const;
  std::vector<std::string> requests() const; // so far

private:
  void serve();
  std::string read_request(int connection) const;

  std::function<std::string(const std::string&)> answer_;
  int listening_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::vector<int> stalled_;
  std::thread thread_;
};

/// A complete answer with a right length.
std::string answer_text(int status, const std::string& body = {},
                        const std::string& more_headers = {});

} // namespace habitd
