#include "tests/http/scripted_server.hpp"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

namespace habitd {

scripted_server::scripted_server(std::function<std::string(const std::string&)> answer)
    : answer_{std::move(answer)} {
  listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  REQUIRE(::bind(listening_, generic, size) == 0);
  REQUIRE(::listen(listening_, 16) == 0);
  REQUIRE(::getsockname(listening_, generic, &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { serve(); }};
}

scripted_server::~scripted_server() {
  ::shutdown(listening_, SHUT_RDWR); // wakes accept
  thread_.join();
  ::close(listening_);
  for (const int connection : stalled_)
    ::close(connection);
}

std::string scripted_server::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<std::string> scripted_server::requests() const {
  const std::lock_guard lock{mutex_};
  return requests_;
}

void scripted_server::serve() {
  for (;;) {
    const int connection = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0)
      return;
    const auto request = read_request(connection);
    {
      const std::lock_guard lock{mutex_};
      requests_.push_back(request);
    }
    const auto answer = answer_(request);
    if (answer == stall) {
      stalled_.push_back(connection);
      continue;
    }
    for (std::size_t sent = 0; sent < answer.size();) {
      const auto n =
        ::send(connection, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
      if (n <= 0)
        break; // the client has seen enough
      sent += static_cast<std::size_t>(n);
    }
    ::close(connection);
  }
}

std::string scripted_server::read_request(int connection) const {
  std::string text;
  for (;;) {
    if (const auto end = text.find("\r\n\r\n"); end != std::string::npos) {
      const auto field = text.find("Content-Length: ");
      const auto length =
        field < end ? std::strtoul(text.c_str() + field + 16, nullptr, 10) : 0;
      if (text.size() >= end + 4 + length)
        return text;
    }
    char buffer[4096];
    const auto n = ::recv(connection, buffer, sizeof buffer, 0);
    if (n <= 0)
      return text;
    text.append(buffer, static_cast<std::size_t>(n));
  }
}

std::string answer_text(int status, const std::string& body,
                        const std::string& more_headers) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\n" + more_headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

} // namespace habitd
