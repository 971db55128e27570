#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace habitd {

struct raw_response {
  int status = 0;
  std::map<std::string, std::string> headers; // names in lower case
  std::string body;
};

/// A blocking TCP client on loopback that can say anything. Gives up after 20 s, so that a
/// broken server fails a test instead of hanging it.
class raw_client {
public:
  explicit raw_client(std::uint16_t port, const char* from = "127.0.0.1");
  ~raw_client();
  raw_client(raw_client&& other) noexcept;
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  /// What the server no longer wants to hear is dropped.
  void send(std::string_view bytes) const;

  /// The next answer; none if the connection ends before it is complete.
  std::optional<raw_response> receive(bool without_body = false);

  /// Reads until the server closes; false if it doesn't.
  bool closed();

private:
  int socket_;
  std::string unread_;

  bool read_more();
};

/// "GET /a HTTP/1.1" with a right Host, and `more` header lines, each with its CRLF.
std::string request_text(std::uint16_t port, std::string_view first_line,
                         std::string_view more = {}, std::string_view body = {});

/// One request on a connection of its own; status 0 if there is no answer.
raw_response ask_once(std::uint16_t port, std::string_view bytes);

} // namespace habitd
