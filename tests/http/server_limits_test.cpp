#include "http/server.hpp"

#include "raw_client.hpp"
#include "sample_routes.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace habitd;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<server>
with(const http_limits& limits,
     const std::shared_ptr<held_requests>& held = std::make_shared<held_requests>()) {
  auto running = started(on_free_port(limits), sample_routes(held));
  REQUIRE(running);
  return running;
}

std::string many_fields(int count) {
  std::string result;
  for (int i = 0; i < count; ++i)
    result += fmt::format("X-{}: y\r\n", i);
  return result;
}

} // namespace

TEST_CASE("the server answers bad requests with what is wrong, and closes") {
  const auto running = with({});
  const auto port = running->port();
  const auto host = fmt::format("Host: 127.0.0.1:{}\r\n", port);
  const auto post = [&](const std::string& more, const std::string& body) {
    return "POST /echo HTTP/1.1\r\n" + host + more + "\r\n" + body;
  };
  struct bad_case {
    std::string bytes;
    int status;
  };
  const std::vector<bad_case> cases{
    {"hello\r\n\r\n", 400},
    {"\x16\x03\x01\x02\x01\x01\xfc\x03\x03\r\n\r\n", 400}, // TLS
    {"GET /hello\r\n\r\n", 400},
    {"GET  /hello HTTP/1.1\r\n" + host + "\r\n", 400},
    {"GET /hello HTTP/2.0\r\n" + host + "\r\n", 505},
    {"GET /hello HTTP/1.1\r\n\r\n", 400},
    {"GET /hello HTTP/1.1\r\n" + host + host + "\r\n", 400},
    {"GET /hello HTTP/1.1\r\n" + host + "X y: z\r\n\r\n", 400},
    {"GET /hello HTTP/1.1\r\n" + host + "Transfer-Encoding : chunked\r\n\r\n", 400},
    {"GET /../hello HTTP/1.1\r\n" + host + "\r\n", 400},
    {"GET http://127.0.0.1/hello HTTP/1.1\r\n" + host + "\r\n", 400},
    {"CONNECT 127.0.0.1:1 HTTP/1.1\r\n" + host + "\r\n", 400},
    {"OPTIONS * HTTP/1.1\r\n" + host + "\r\n", 400},
    {post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
    {post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400},
    {post("Content-Length: 5\r\nContent-Length: 6\r\n", "abcde"), 400},
    {post("Content-Length: 5\r\nContent-Length: 5\r\n", "abcde"), 400},
    {post("Content-Length: -1\r\n", ""), 400},
    {post("Content-Length: 0x5\r\n", "abcde"), 400},
    {post("Content-Length: 99999999999999999999\r\n", ""), 400},
    {post("Transfer-Encoding: gzip\r\n", ""), 400},
    {post("Transfer-Encoding: chunked, identity\r\n", ""), 400},
    {post("Transfer-Encoding: chunked\r\n", "zz\r\nabc\r\n"), 400},
    {post("Transfer-Encoding: chunked\r\n", "-3\r\nabc\r\n"), 400},
    {"GET /" + std::string(2048, 'a') + " HTTP/1.1\r\n" + host + "\r\n", 414},
    {"GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n" + host + "\r\n", 414},
    {"GET /hello HTTP/1.1\r\n" + host + many_fields(100) + "\r\n", 431},
    {"GET /hello HTTP/1.1\r\n" + host + "X: " + std::string(8192, 'y') + "\r\n\r\n", 431},
    {"GET /hello HTTP/1.1\r\n" + host + many_fields(5000) + "\r\n", 431},
    {post("Content-Length: 262145\r\n", std::string(262'145, 'x')), 413},
    {post("Content-Length: 9999999999\r\n", "x"), 413},
    {post("Transfer-Encoding: chunked\r\n",
          "40001\r\n" + std::string(0x40001, 'x') + "\r\n0\r\n\r\n"),
     413},
  };
  for (const auto& [bytes, status] : cases) {
    INFO(bytes.substr(0, 100));
    raw_client client{port};
    client.send(bytes);
    const auto answer = client.receive();
    REQUIRE(answer);
    CHECK(answer->status == status);
    CHECK(answer->headers.at("content-type") == "application/problem+json");
    if (status != 414 && status != 431) { // those two may be told before the body is lost
      CHECK(answer->headers.at("connection") == "close");
      CHECK(client.closed());
    }
  }
  CHECK(ask_once(port, request_text(port, "GET /hello HTTP/1.1")).status == 200);
}

TEST_CASE("the server takes what is just within the limits") {
  const auto running = with({});
  const auto port = running->port();

  const auto body = std::string(256 * 1024, 'x');
  CHECK(ask_once(port, request_text(port, "POST /echo HTTP/1.1", "", body)).body == body);
  CHECK(
    ask_once(port, request_text(port, "GET /hello HTTP/1.1", many_fields(99))).status ==
    200);
  const auto longest = "GET /hello?" + std::string(2048 - 7, 'x') + " HTTP/1.1";
  CHECK(ask_once(port, request_text(port, longest)).status == 200);
}

TEST_CASE("the server does not read a refused body as the next request") {
  const auto running = with({});
  const auto port = running->port();
  raw_client client{port};
  client.send(request_text(port, "POST /nothing HTTP/1.1", "",
                           request_text(port, "GET /hello HTTP/1.1")));

  CHECK(client.receive()->status == 404);
  CHECK_FALSE(client.receive());
}

TEST_CASE("the server keeps a connection after a refusal without a body") {
  const auto running = with({});
  const auto port = running->port();
  raw_client client{port};
  client.send(request_text(port, "DELETE /hello HTTP/1.1"));
  CHECK(client.receive()->headers.at("allow") == "GET, HEAD");

  client.send(request_text(port, "GET /hello HTTP/1.1"));

  CHECK(client.receive()->status == 200);
}

TEST_CASE("the server cuts off who is slow with a header, a body or the next request") {
  http_limits limits;
  limits.header = 30ms;
  limits.body = 30ms;
  limits.idle = 30ms;
  const auto running = with(limits);
  const auto port = running->port();

  raw_client silent{port};
  CHECK(silent.closed());
  raw_client halfway{port};
  halfway.send("GET /hello HTTP/1.1\r\nHost:");
  CHECK(halfway.closed());
  raw_client without_body{port};
  without_body.send(request_text(port, "POST /echo HTTP/1.1", "Content-Length: 5\r\n"));
  CHECK_FALSE(without_body.receive());
  raw_client idle{port};
  idle.send(request_text(port, "GET /hello HTTP/1.1"));
  CHECK(idle.receive()->status == 200);
  CHECK(idle.closed());
}

TEST_CASE("the server cuts off who does not take an answer") {
  http_limits limits;
  limits.body = 30ms;
  limits.stop = 1h;
  const auto held = std::make_shared<held_requests>();
  const auto running = with(limits, held);
  raw_client client{running->port()};
  client.send(request_text(running->port(), "GET /held HTTP/1.1"));
  const auto answers = held->take(1);
  REQUIRE(answers.size() == 1);
  answers[0](text(std::string(64UL << 20U, 'x'))); // more than sockets buffer

  running->stop(); // returns once the connection is gone

  CHECK_FALSE(client.receive());
}

TEST_CASE("the server turns away an address with too many connections at work") {
  http_limits limits;
  limits.connections_per_address = 3;
  limits.evict_after = 0ms;
  const auto held = std::make_shared<held_requests>();
  const auto running = with(limits, held);
  const auto port = running->port();
  std::vector<raw_client> clients;
  std::vector<respond> answers;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back(port);
    clients.back().send(request_text(port, "GET /held HTTP/1.1"));
    std::ranges::move(held->take(1), std::back_inserter(answers));
  }
  REQUIRE(answers.size() == 3);

  raw_client fourth{port};
  const auto refusal = fourth.receive(); // without a word of its own
  REQUIRE(refusal);
  CHECK(refusal->status == 503);
  CHECK(refusal->headers.at("connection") == "close");
  CHECK(fourth.closed());
  raw_client neighbour{port, "127.0.0.2"};
  neighbour.send(request_text(port, "GET /hello HTTP/1.1", "Connection: close\r\n"));
  CHECK(neighbour.receive()->status == 200);
  CHECK(neighbour.closed());

  answers[0](text("done"));
  CHECK(clients[0].receive()->body == "done");
  clients[0].send(request_text(port, "GET /hello HTTP/1.1"));
  CHECK(clients[0].receive()->status == 200);
}

TEST_CASE("the server turns everybody away when all places are at work") {
  http_limits limits;
  limits.connections = 2;
  const auto held = std::make_shared<held_requests>();
  const auto running = with(limits, held);
  const auto port = running->port();
  raw_client one{port};
  raw_client two{port, "127.0.0.2"};
  one.send(request_text(port, "GET /held HTTP/1.1"));
  const auto first = held->take(1);
  two.send(request_text(port, "GET /held HTTP/1.1"));
  const auto second = held->take(1);

  raw_client three{port, "127.0.0.3"};

  CHECK(three.receive()->status == 503);
}

TEST_CASE("sockets held open with half a header do not shut out a good request") {
  http_limits limits;
  limits.header = 1h;
  limits.evict_after = 0ms;
  const auto running = with(limits);
  const auto port = running->port();
  std::vector<raw_client> slow;
  for (int i = 0; i < 300; ++i) {
    slow.emplace_back(port);
    slow.back().send("GET /hello HTTP/1.1\r\nX-Slow: ");
  }

  for (int i = 0; i < 20; ++i)
    CHECK(ask_once(port, request_text(port, "GET /hello HTTP/1.1")).status == 200);
}

TEST_CASE("sockets held open with a body of one byte do not shut out a good request") {
  http_limits limits;
  limits.body = 1h;
  limits.evict_after = 0ms;
  const auto running = with(limits);
  const auto port = running->port();
  std::vector<raw_client> slow;
  for (int i = 0; i < 300; ++i) {
    slow.emplace_back(port);
    slow.back().send(request_text(port, "POST /echo HTTP/1.1", "Content-Length: 5\r\n") +
                     "x");
  }

  for (int i = 0; i < 20; ++i)
    CHECK(ask_once(port, request_text(port, "GET /hello HTTP/1.1")).status == 200);
}

TEST_CASE("the server refuses a body where it would mean nothing") {
  const auto running = with({});
  const auto port = running->port();

  const auto answer =
    ask_once(port, request_text(port, "GET /hello HTTP/1.1", "Content-Length: 1\r\n"));

  CHECK(answer.status == 400);
}
