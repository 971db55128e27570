#include "raw_client.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <stdexcept>
#include <utility>

namespace habitd {

namespace {

sockaddr_in endpoint(const char* address, std::uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  inet_pton(AF_INET, address, &result.sin_addr);
  return result;
}

std::string lower(std::string text) {
  for (auto& c : text)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

} // namespace

raw_client::raw_client(std::uint16_t port, const char* from)
    : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  const auto local = endpoint(from, 0);
  const auto remote = endpoint("127.0.0.1", port);
  const timeval patience{20, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (bind(socket_, reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0 ||
      connect(socket_, reinterpret_cast<const sockaddr*>(&remote), sizeof remote) != 0)
    throw std::runtime_error{"no connection"};
}

raw_client::~raw_client() {
  if (socket_ >= 0)
    ::close(socket_);
}

raw_client::raw_client(raw_client&& other) noexcept
    : socket_{std::exchange(other.socket_, -1)}, unread_{std::move(other.unread_)} {}

void raw_client::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::optional<raw_response> raw_client::receive(bool without_body) {
  auto end = unread_.find("\r\n\r\n");
  for (; end == std::string::npos; end = unread_.find("\r\n\r\n"))
    if (!read_more())
      return std::nullopt;
  raw_response result;
  const auto head = unread_.substr(0, end + 2);
  unread_.erase(0, end + 4);
  result.status = std::stoi(head.substr(head.find(' ')));
  for (auto line = head.find("\r\n") + 2; line < head.size();) {
    const auto next = head.find("\r\n", line);
    const auto colon = head.find(": ", line);
    result.headers[lower(head.substr(line, colon - line))] =
      head.substr(colon + 2, next - colon - 2);
    line = next + 2;
  }
  const auto length = result.headers.find("content-length");
  if (without_body || length == result.headers.end())
    return result;
  const auto size = std::stoul(length->second);
  while (unread_.size() < size)
    if (!read_more())
      return std::nullopt;
  result.body = unread_.substr(0, size);
  unread_.erase(0, size);
  return result;
}

bool raw_client::closed() {
  while (read_more()) {
  }
  char byte = 0;
  const auto size = recv(socket_, &byte, 1, MSG_DONTWAIT);
  return size == 0 || (size < 0 && errno != EAGAIN);
}

bool raw_client::read_more() {
  std::array<char, 4096> block{};
  const auto size = recv(socket_, block.data(), block.size(), 0);
  if (size <= 0)
    return false;
  unread_.append(block.data(), static_cast<std::size_t>(size));
  return true;
}

std::string request_text(std::uint16_t port, std::string_view first_line,
                         std::string_view more, std::string_view body) {
  auto text = fmt::format("{}\r\nHost: 127.0.0.1:{}\r\n{}", first_line, port, more);
  if (!body.empty())
    text += fmt::format("Content-Length: {}\r\n", body.size());
  return text + "\r\n" + std::string{body};
}

raw_response ask_once(std::uint16_t port, std::string_view bytes) {
  raw_client client{port};
  client.send(bytes);
  return client.receive(bytes.starts_with("HEAD ")).value_or(raw_response{});
}

} // namespace habitd
