#pragma once

#include "http/gate.hpp"
#include "http/limits.hpp"
#include "http/message.hpp"
#include "http/pending_answer.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace habitd {

/// What a session tells the server, on the server's thread.
struct session_hooks {
  std::function<void()> waiting; // for a request, or for the client to hang up
  std::function<void()> busy;    // with a request
  std::function<void()> closed;  // the last call
};

/// One connection: reads requests, one after the other, and writes their answers. All of
/// it runs on the server's thread.
class session : public std::enable_shared_from_this<session> {
public:
  session(boost::asio::ip::tcp::socket socket, std::shared_ptr<server_door> door,
          gate& admission, const http_limits& limits, session_hooks hooks);

  void run();

  /// Instead of run(): says that the house is full, and closes.
  void turn_away();

  /// Ends after the answer under way, if there is one.
  void stop();

  /// Ends now.
  void close();

  /// Takes the answer to request `number`, unless it has one or is over.
  void take_answer(std::uint64_t number, http_response response);

private:
  using request_parser =
    boost::beast::http::request_parser<boost::beast::http::string_body>;

  boost::asio::awaitable<void> serve();
  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> read_head();
  boost::asio::awaitable<bool> read_body();
  boost::asio::awaitable<http_response> ask(admission admitted);
  boost::asio::awaitable<void> refuse_unreadable(boost::system::error_code failure);
  boost::asio::awaitable<bool> write(http_response response, bool keep_alive);
  boost::asio::awaitable<void> linger();

  http_response reading_problem(boost::system::error_code failure) const;
  request_head head() const;
  bool has_body() const;
  std::size_t first_line_bytes() const;
  respond respond_to(std::uint64_t number);
  void spawn(boost::asio::awaitable<void> (session::*work)());
  boost::asio::awaitable<void> say_full();

  boost::beast::tcp_stream stream_;
  std::shared_ptr<server_door> door_;
  gate& gate_;
  const http_limits& limits_;
  session_hooks hooks_;

  std::string peer_;
  std::string local_address_;
  bool peer_is_loopback_ = false;

  boost::beast::flat_buffer buffer_; // may hold the beginning of the next request
  std::optional<request_parser> parser_;
  std::string correlation_id_;
  std::chrono::steady_clock::time_point begun_;
  std::uint64_t request_number_ = 0;
  bool waiting_ = true;
  bool stopping_ = false;

  boost::asio::steady_timer answer_timer_;
  bool answer_wanted_ = false;
  std::optional<http_response> answer_;
};

} // namespace habitd
