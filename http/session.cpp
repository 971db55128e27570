#include "http/session.hpp"

#include "http/answer_message.hpp"
#include "http/problem.hpp"
#include "messages/log_correlation.hpp"
#include "messages/log_of.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <algorithm>
#include <exception>
#include <tuple>

namespace habitd {

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = net::ip::tcp;

constexpr auto as_result = net::as_tuple(net::use_awaitable);

std::string new_correlation_id() {
  thread_local boost::uuids::random_generator generate;
  return to_string(generate());
}

bool is_parse_error(beast::error_code failure) {
  return failure.category() == make_error_code(http::error::bad_method).category() &&
         failure != http::error::end_of_stream && failure != http::error::partial_message;
}

} // namespace

session::session(tcp::socket socket, std::shared_ptr<server_door> door, gate& admission,
                 const http_limits& limits, session_hooks hooks)
    : stream_{std::move(socket)}, door_{std::move(door)}, gate_{admission},
      limits_{limits}, hooks_{std::move(hooks)}, buffer_{2 * limits.header_bytes},
      answer_timer_{stream_.get_executor()} {
  beast::error_code ignored; // a peer that is gone already shows when it is read from
  const auto plain = [](const net::ip::address& address) {
    return address.is_v6() && address.to_v6().is_v4_mapped()
             ? net::ip::address{make_address_v4(net::ip::v4_mapped, address.to_v6())}
             : address;
  };
  const auto peer = plain(stream_.socket().remote_endpoint(ignored).address());
  peer_ = peer.to_string();
  peer_is_loopback_ = !ignored && peer.is_loopback();
  local_address_ = plain(stream_.socket().local_endpoint(ignored).address()).to_string();
  stream_.socket().set_option(tcp::no_delay{true}, ignored);
}

void session::run() {
  spawn(&session::serve);
}

void session::turn_away() {
  spawn(&session::say_full);
}

void session::stop() {
  stopping_ = true;
  if (waiting_)
    close();
}

void session::close() {
  stopping_ = true;
  stream_.close();
  answer_timer_.cancel();
}

void session::take_answer(std::uint64_t number, http_response response) {
  if (!answer_wanted_ || number != request_number_ || answer_)
    return;
  answer_ = std::move(response);
  answer_timer_.cancel();
}

void session::spawn(net::awaitable<void> (session::*work)()) {
  net::co_spawn(
    stream_.get_executor(), [self = shared_from_this(), work] { return (*self.*work)(); },
    [self = shared_from_this()](const std::exception_ptr& failure) {
      try {
        if (failure)
          std::rethrow_exception(failure);
      } catch (const std::exception& e) {
        log_of(log_area::http).error("http connection of {}: {}", self->peer_, e.what());
      } catch (...) {
        log_of(log_area::http)
          .error("http connection of {}: unknown exception", self->peer_);
      }
      self->stream_.close();
      self->hooks_.closed();
    });
}

net::awaitable<void> session::serve() {
  // No co_await inside ?: or && in this file: g++ 12 miscompiles it.
  bool going_on = true;
  while (going_on && !stopping_) {
    going_on = co_await read_head();
    if (going_on)
      going_on = co_await serve_one();
  }
  co_await linger();
}

/// Serves the request whose header is there; false if it was the last one.
net::awaitable<bool> session::serve_one() {
  waiting_ = false;
  hooks_.busy();
  auto verdict = gate_.admit(head(), begun_);
  if (auto* refusal = std::get_if<http_response>(&verdict)) {
    // What is left of a refused request would be read as the next one.
    const bool keep = refusal->status != 400 && !has_body();
    const bool kept = co_await write(std::move(*refusal), keep);
    co_return kept;
  }
  const bool complete = co_await read_body();
  if (!complete)
    co_return false;
  auto answer = co_await ask(std::move(std::get<admission>(verdict)));
  const bool kept = co_await write(std::move(answer), true);
  co_return kept;
}

/// Waits for a request and reads its header; false if none is coming.
net::awaitable<bool> session::read_head() {
  waiting_ = true;
  hooks_.waiting();
  if (buffer_.size() == 0) {
    stream_.expires_after(request_number_ == 0 ? limits_.header : limits_.idle);
    const auto [failure, size] =
      co_await stream_.async_read_some(buffer_.prepare(4096), as_result);
    if (failure)
      co_return false;
    buffer_.commit(size);
  }
  begun_ = std::chrono::steady_clock::now();
  correlation_id_ = new_correlation_id();
  ++request_number_;
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
  parser_->body_limit(limits_.body_bytes);
  stream_.expires_after(limits_.header);
  const auto [failure, size] =
    co_await http::async_read_header(stream_, buffer_, *parser_, as_result);
  if (failure)
    co_await refuse_unreadable(failure);
  co_return !failure;
}

net::awaitable<bool> session::read_body() {
  stream_.expires_after(limits_.body);
  if (has_body() && beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto [failure, size] = co_await net::async_write(
      stream_, net::buffer(go_on.data(), go_on.size()), as_result);
    if (failure)
      co_return false;
  }
  if (parser_->is_done())
    co_return true;
  const auto [failure, size] =
    co_await http::async_read(stream_, buffer_, *parser_, as_result);
  if (failure)
    co_await refuse_unreadable(failure);
  co_return !failure;
}

/// Says what is wrong with bytes that are no request, if anybody is left to hear it.
net::awaitable<void> session::refuse_unreadable(beast::error_code failure) {
  if (!is_parse_error(failure))
    co_return;
  waiting_ = false;
  hooks_.busy();
  co_await write(reading_problem(failure), false);
}

http_response session::reading_problem(beast::error_code failure) const {
  if (failure == http::error::body_limit)
    return problem(413, "the body is too long");
  if (failure == http::error::header_limit || failure == http::error::buffer_overflow)
    return first_line_bytes() > limits_.target_bytes
             ? problem(414, "the target is too long")
             : problem(431, "the header is too long");
  if (failure == http::error::bad_version)
    return problem(505, "this server speaks HTTP/1.1");
  return problem(400, "not an HTTP request: " + failure.message());
}

/// Runs the handler and waits for its answer, which may come from any thread.
net::awaitable<http_response> session::ask(admission admitted) {
  admitted.request.body = std::move(parser_->get().body());
  admitted.request.correlation_id = correlation_id_;
  answer_.reset();
  answer_wanted_ = true;
  const auto wait = std::max(limits_.answer, admitted.found->answer);
  try {
    admitted.found->handle(std::move(admitted.request), respond_to(request_number_));
  } catch (const std::exception& e) {
    answer_ = to_problem(make_error(ec::unexpected, e.what()));
  } catch (...) {
    answer_ = to_problem(make_error(ec::unexpected, "unknown exception"));
  }
  if (!answer_) {
    answer_timer_.expires_after(wait);
    co_await answer_timer_.async_wait(as_result);
  }
  answer_wanted_ = false;
  co_return answer_ ? std::move(*answer_)
                    : problem(503, "no answer within the time for it");
}

/// Writes an answer; false if the connection ends with it.
net::awaitable<bool> session::write(http_response response, bool keep_alive) {
  const auto& request = parser_->get();
  auto message = answer_message(std::move(response), correlation_id_);
  message.version(request.version() == 10 ? 10 : 11);
  message.keep_alive(keep_alive && !stopping_ && request.keep_alive());
  http::response_serializer<http::string_body> serializer{message};
  stream_.expires_after(limits_.body);
  beast::error_code failure;
  if (request.method() == http::verb::head)
    std::tie(failure, std::ignore) =
      co_await http::async_write_header(stream_, serializer, as_result);
  else
    std::tie(failure, std::ignore) =
      co_await http::async_write(stream_, serializer, as_result);
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
    std::chrono::steady_clock::now() - begun_);
  const auto target = request.target();
  {
    const log_correlation lines{correlation_id_}; // must not outlast a co_await
    log_of(log_area::http)
      .debug(
        "http {} {} {} {} {} us", peer_, std::string_view{request.method_string()},
        std::string_view{target.substr(0, std::min(target.find('?'), target.size()))},
        message.result_int(), took.count());
  }
  co_return !failure && message.keep_alive();
}

/// Closes in a way that lets the client read the last answer: closing with bytes unread
/// makes the kernel send a reset, which overtakes it.
net::awaitable<void> session::linger() {
  beast::error_code failure;
  stream_.socket().shutdown(tcp::socket::shutdown_send, failure);
  stream_.expires_after(limits_.linger);
  hooks_.waiting(); // its place may go to somebody else
  buffer_.clear();
  while (!failure)
    std::tie(failure, std::ignore) =
      co_await stream_.async_read_some(buffer_.prepare(4096), as_result);
}

net::awaitable<void> session::say_full() {
  waiting_ = false;
  begun_ = std::chrono::steady_clock::now();
  correlation_id_ = new_correlation_id();
  parser_.emplace();
  parser_->get().version(11);
  co_await write(problem(503, "too many connections"), false);
  co_await linger();
}

request_head session::head() const {
  const auto& request = parser_->get();
  request_head result;
  result.method = std::string{request.method_string()};
  result.target = std::string{request.target()};
  result.http_1_0 = request.version() == 10;
  for (const auto& field : request) {
    std::string name{field.name_string()};
    std::ranges::transform(name, name.begin(), [](char c) {
      return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    result.fields.emplace_back(std::move(name), std::string{field.value()});
  }
  result.local_address = local_address_;
  result.peer_is_loopback = peer_is_loopback_;
  return result;
}

bool session::has_body() const {
  return parser_->chunked() || parser_->content_length().value_or(0) > 0;
}

/// Of the request line, which may still be in the buffer.
std::size_t session::first_line_bytes() const {
  if (const auto target = parser_->get().target(); !target.empty())
    return target.size();
  const auto* data = static_cast<const char*>(buffer_.data().data());
  const auto* end = data + buffer_.size();
  return static_cast<std::size_t>(std::find(data, end, '\n') - data);
}

/// The session is looked up on the server's thread: a handler elsewhere could otherwise
/// hold its last copy, and end it there.
respond session::respond_to(std::uint64_t number) {
  return make_respond(door_, [asker = weak_from_this(), number](http_response response) {
    if (const auto session = asker.lock())
      session->take_answer(number, std::move(response));
  });
}

} // namespace habitd
