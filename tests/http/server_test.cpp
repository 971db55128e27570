#include "http/server.hpp"

#include "raw_client.hpp"
#include "sample_routes.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <atomic>
#include <thread>

using namespace habitd;
using namespace std::chrono_literals;

namespace {

struct house {
  std::shared_ptr<held_requests> held = std::make_shared<held_requests>();
  std::unique_ptr<server> running;
  std::uint16_t port = 0;

  explicit house(server_options options = on_free_port())
      : running{started(std::move(options), sample_routes(held))} {
    REQUIRE(running);
    port = running->port();
  }

  raw_response get(std::string_view path) const {
    return ask_once(port, request_text(port, fmt::format("GET {} HTTP/1.1", path)));
  }
};

} // namespace

TEST_CASE("the server answers with its route's body and safe headers") {
  const house house;

  const auto answer = house.get("/hello");

  CHECK(answer.status == 200);
  CHECK(answer.body == "hello");
  CHECK(answer.headers.at("content-type") == "text/plain");
  CHECK(answer.headers.at("x-content-type-options") == "nosniff");
  CHECK(answer.headers.at("content-security-policy") ==
        "default-src 'self'; frame-ancestors 'self'");
  CHECK(answer.headers.at("cache-control") == "no-store");
  CHECK(answer.headers.at("x-correlation-id").size() == 36);
  CHECK_FALSE(answer.headers.count("access-control-allow-origin"));
}

TEST_CASE("the server answers HEAD like GET, without the body") {
  const house house;
  raw_client client{house.port};
  client.send(request_text(house.port, "HEAD /hello HTTP/1.1"));
  client.send(request_text(house.port, "GET /hello HTTP/1.1"));

  const auto head = client.receive(true);
  const auto get = client.receive();

  REQUIRE(head);
  CHECK(head->status == 200);
  CHECK(head->headers.at("content-length") == "5");
  REQUIRE(get); // would be read out of step if HEAD had sent a body
  CHECK(get->body == "hello");
}

TEST_CASE("the server writes problems as RFC 9457 with the id of its log lines") {
  const house house;

  const auto answer = house.get("/nothing");

  CHECK(answer.status == 404);
  CHECK(answer.headers.at("content-type") == "application/problem+json");
  const auto body = boost::json::parse(answer.body).as_object();
  const auto id = answer.headers.at("x-correlation-id");
  CHECK(body.at("instance").as_string() == std::string_view{"urn:uuid:" + id});
  CHECK(body.at("status") == 404);
}

TEST_CASE("the server keeps a connection and answers pipelined requests in order") {
  const house house;
  raw_client client{house.port};
  client.send(request_text(house.port, "POST /echo HTTP/1.1", "", "one") +
              request_text(house.port, "POST /echo HTTP/1.1", "", "two"));

  const auto first = client.receive();
  const auto second = client.receive();

  REQUIRE((first && second));
  CHECK(first->body == "one");
  CHECK(second->body == "two");
  client.send(request_text(house.port, "GET /hello HTTP/1.1", "Connection: close\r\n"));
  CHECK(client.receive()->body == "hello");
  CHECK(client.closed());
}

TEST_CASE("the server takes chunked bodies and asks for expected ones") {
  const house house;
  raw_client client{house.port};
  client.send(request_text(house.port, "POST /echo HTTP/1.1",
                           "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n"));
  CHECK(client.receive(true)->status == 100);
  client.send("3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");

  CHECK(client.receive()->body == "abcde");
}

TEST_CASE("the server sends an answer that comes from another thread") {
  const house house;
  raw_client client{house.port};
  client.send(request_text(house.port, "GET /held HTTP/1.1"));
  auto held = house.held->take(1);
  REQUIRE(held.size() == 1);

  std::thread{[&] { held[0](text("late")); }}.join();

  CHECK(client.receive()->body == "late");
}

TEST_CASE("the server takes the first answer only") {
  const house house;
  raw_client client{house.port};
  client.send(request_text(house.port, "GET /twice HTTP/1.1"));
  CHECK(client.receive()->body == "first");

  client.send(request_text(house.port, "GET /hello HTTP/1.1"));

  CHECK(client.receive()->body == "hello");
}

TEST_CASE("the server answers 503 for a handler that is late, and forgets its answer") {
  http_limits limits;
  limits.answer = 20ms;
  const house house{on_free_port(limits)};
  raw_client client{house.port};
  client.send(request_text(house.port, "GET /held HTTP/1.1"));
  CHECK(client.receive()->status == 503);
  const auto held = house.held->take(1);
  REQUIRE(held.size() == 1);

  held[0](text("too late"));
  client.send(request_text(house.port, "GET /hello HTTP/1.1"));

  CHECK(client.receive()->body == "hello");
}

TEST_CASE("the server answers 503 at once for a handler that lets go of its request") {
  const house house; // whose handlers have ten seconds

  CHECK(house.get("/dropped").status == 503);
}

TEST_CASE("the server answers 500 for a handler that throws, and keeps the text") {
  const house house;

  const auto answer = house.get("/throwing");

  CHECK(answer.status == 500);
  CHECK(answer.body.find("secret") == std::string::npos);
}

TEST_CASE("the server does not let a handler's header break out of its line") {
  const house house;

  const auto answer = house.get("/splitting");

  CHECK_FALSE(answer.headers.count("set-cookie"));
  CHECK(answer.headers.at("content-length") == "5");
}

TEST_CASE("the server checks token, origin and host of real requests") {
  auto options = on_free_port();
  options.tokens = {{sha256_hex("owner"), scope::admin}};
  options.allowed_hosts = {"habitd.lan"};
  const house house{options};
  const auto post = [&](const std::string& more) {
    return ask_once(house.port,
                    request_text(house.port, "POST /echo HTTP/1.1", more, "x"));
  };
  const std::string token = "Authorization: Bearer owner\r\n";

  CHECK(post(token).body == "x");
  CHECK(post("").headers.at("www-authenticate") == "Bearer realm=\"habitd\"");
  CHECK(post("Authorization: Bearer other\r\n").status == 401);
  CHECK(post(token + "Origin: http://evil.example\r\n").status == 403);
  CHECK(post(token + "Sec-Fetch-Site: cross-site\r\n").status == 403);
  const auto named = [&](const char* host) {
    return ask_once(house.port, fmt::format("GET /hello HTTP/1.1\r\nHost: {}:{}\r\n\r\n",
                                            host, house.port))
      .status;
  };
  CHECK(named("habitd.lan") == 200);
  CHECK(named("localhost") == 200);
  CHECK(named("evil.example") == 421);
}

TEST_CASE("the server answers two hundred requests at once") {
  http_limits limits;
  limits.connections = 256;
  limits.connections_per_address = 256;
  const house house{on_free_port(limits)};
  std::vector<raw_client> clients;
  for (int i = 0; i < 200; ++i) {
    clients.emplace_back(house.port);
    clients.back().send(request_text(house.port, "GET /held HTTP/1.1"));
  }
  std::vector<respond> held;
  while (held.size() < clients.size()) {
    auto more = house.held->take(1);
    REQUIRE_FALSE(more.empty());
    std::ranges::move(more, std::back_inserter(held));
  }

  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (auto k = next++; k < held.size(); k = next++)
        held[k](text("here"));
    });
  for (auto& thread : threads)
    thread.join();

  for (auto& client : clients) {
    const auto answer = client.receive();
    REQUIRE(answer);
    CHECK(answer->body == "here");
  }
}

TEST_CASE("the server gives an answer under way the time to finish when it stops") {
  const house house;
  raw_client waiting{house.port};
  raw_client silent{house.port};
  waiting.send(request_text(house.port, "GET /held HTTP/1.1"));
  const auto held = house.held->take(1);
  REQUIRE(held.size() == 1);

  std::thread stopper{[&] { house.running->stop(); }};
  CHECK(silent.closed()); // the stop is under way
  held[0](text("just in time"));

  const auto answer = waiting.receive();
  stopper.join();
  REQUIRE(answer);
  CHECK(answer->body == "just in time");
  CHECK(answer->headers.at("connection") == "close");
  CHECK(waiting.closed());
  CHECK_THROWS(raw_client{house.port});
}

TEST_CASE("the server stops without an answer that does not come, and may be answered") {
  http_limits limits;
  limits.stop = 10ms;
  house house{on_free_port(limits)};
  raw_client client{house.port};
  client.send(request_text(house.port, "GET /held HTTP/1.1"));
  const auto held = house.held->take(1);
  REQUIRE(held.size() == 1);

  house.running->stop();
  house.running->stop();
  house.running.reset();
  held[0](text("to nobody"));

  CHECK(client.closed());
}

TEST_CASE("server::start names the address it can't have, and a way out") {
  const house house;
  auto options = on_free_port();
  options.port = house.port;

  const auto second = server::start(options, {});

  REQUIRE_FALSE(second);
  CHECK(code_of(second.error()) == ec::unavailable);
  CHECK_THAT(
    describe(second.error()),
    Catch::StartsWith(fmt::format(
      "unavailable: listen on 127.0.0.1:{}: Address already in use: ", house.port)));
  auto elsewhere = on_free_port();
  elsewhere.address = "192.0.2.1"; // TEST-NET-1: nobody's
  elsewhere.tokens = {{sha256_hex("owner"), scope::admin}};
  const auto third = server::start(elsewhere, {});
  REQUIRE_FALSE(third);
  CHECK(code_of(third.error()) == ec::unavailable);
}

TEST_CASE("server::start refuses to let strangers in, and options without sense") {
  const auto refused = [](auto change) {
    auto options = on_free_port();
    change(options);
    const auto made = server::start(options, {});
    return !made && code_of(made.error()) == ec::invalid_input;
  };
  CHECK(refused([](auto& o) { o.address = "0.0.0.0"; }));
  CHECK(refused([](auto& o) { o.address = "::"; }));
  CHECK(refused([](auto& o) { o.address = "192.168.1.5"; }));
  CHECK(refused([](auto& o) { o.address = "localhost"; }));
  CHECK(refused([](auto& o) { o.tokens = {{"plain text", scope::admin}}; }));
  CHECK(refused([](auto& o) { o.allowed_hosts = {"http://x/"}; }));
}

TEST_CASE("the server on a wildcard address answers to the address it was reached at") {
  auto options = on_free_port();
  options.address = "0.0.0.0";
  options.tokens = {{sha256_hex("owner"), scope::admin}};
  const house house{options};

  CHECK(house.get("/hello").status == 200);
  CHECK(
    ask_once(house.port,
             fmt::format("GET /hello HTTP/1.1\r\nHost: 0.0.0.0:{}\r\n\r\n", house.port))
      .status == 421);
}
