#include "http/client.hpp"

#include "tests/http/scripted_server.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace habitd;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

http_client client_with(client_limits limits = {}) {
  auto client = http_client::make("habitd/test", limits);
  REQUIRE(client);
  return std::move(*client);
}

expected<client_response> get(const std::string& url, client_limits limits = {}) {
  client_request request;
  request.url = url;
  return client_with(limits).send(request);
}

scripted_server always(const std::string& answer) {
  return scripted_server{[answer](const std::string&) { return answer; }};
}

/// How a request that can't work ends.
std::string failure(const std::string& url, client_limits limits = {}) {
  const auto answer = get(url, limits);
  return answer ? "status " + std::to_string(answer->status) : describe(answer.error());
}

} // namespace

TEST_CASE("the client sends what it is given, and brings the answer") {
  const scripted_server server{[](const std::string&) {
    return answer_text(429, "slowly", "Content-Type: text/x\r\nRetry-After: 7\r\n");
  }};
  client_request request;
  request.method = "POST";
  request.url = server.url("/hook?x=1");
  request.headers = {{"Idempotency-Key", "17"}, {"Content-Type", "text/plain"}};
  request.body = std::string("a\0b", 3);

  const auto answer = client_with().send(request);

  REQUIRE(answer);
  CHECK(answer->status == 429);
  CHECK(answer->body == "slowly");
  CHECK(answer->content_type == "text/x");
  CHECK(answer->retry_after == 7s);
  const auto sent = server.requests().at(0);
  CHECK_THAT(sent, Catch::StartsWith("POST /hook?x=1 HTTP/1.1\r\n"));
  CHECK_THAT(sent, Contains("\r\nIdempotency-Key: 17\r\n"));
  CHECK_THAT(sent, Contains("\r\nUser-Agent: habitd/test\r\n"));
  CHECK_THAT(sent, !Contains("Expect:") && !Contains("x-www-form-urlencoded"));
  CHECK_THAT(sent, Catch::EndsWith(std::string("\r\n\r\na\0b", 7)));
}

TEST_CASE("a server that stalls is given up after the limit") {
  const auto server = always(scripted_server::stall);

  const auto failed = failure(server.url(), {.total = 200ms});

  CHECK(failed == "unavailable: GET " + server.url() + ": Timeout was reached");
}

TEST_CASE("a server that stops within its answer is a failure, not an answer") {
  const auto short_body = always("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  const auto half_header = always("HTTP/1.1 200 OK\r\nContent-Le");
  const auto bad_chunk =
    always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
  const auto nothing = always("");
  const auto other = always("220 mail.example ESMTP\r\n");
  for (const auto* server : {&short_body, &half_header, &bad_chunk, &nothing, &other})
    CHECK_THAT(failure(server->url(), {.total = 5s}), Catch::StartsWith("unavailable"));
}

TEST_CASE(
  "a server that sends more than it should is cut off, whatever length it tells") {
  const std::string large(5000, 'x');
  const auto honest = always(answer_text(200, large));
  const auto silent = always("HTTP/1.1 200 OK\r\n\r\n" + large);
  const auto in_headers =
    always("HTTP/1.1 200 OK\r\nX: " + large + "\r\nContent-Length: 0\r\n\r\n");
  for (const auto* server : {&honest, &silent, &in_headers})
    CHECK_THAT(failure(server->url(), {.response_bytes = 4000}),
               Contains("more than 4000 bytes"));
  CHECK(get(honest.url(), {.response_bytes = 6000})->body == large);
}

TEST_CASE("without wanting a body, the status is all that is read") {
  const auto server = always("HTTP/1.1 200 OK\r\n\r\n" + std::string(100'000, 'x'));
  client_request request;
  request.url = server.url();
  request.wants_body = false;

  const auto answer = client_with({.response_bytes = 4000}).send(request);

  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->body.empty());
}

TEST_CASE("a redirect is the answer unless following is allowed, and only to http") {
  const auto target = always(answer_text(200, "here"));
  const auto redirecting =
    always(answer_text(302, "", "Location: " + target.url() + "\r\n"));
  const auto to_file = always(answer_text(302, "", "Location: file:///etc/passwd\r\n"));

  CHECK(get(redirecting.url())->status == 302);
  CHECK(target.requests().empty());
  CHECK(get(redirecting.url(), {.redirects = 1})->body == "here");
  CHECK_THAT(failure(to_file.url(), {.redirects = 1}),
             Catch::StartsWith("invalid input") && Contains("redirects elsewhere"));
}

TEST_CASE("only http and https are spoken, with certificates checked") {
  const auto plain = always(answer_text(200, "no TLS"));
  auto tls_url = plain.url();
  tls_url.replace(0, 4, "https");

  CHECK_THAT(failure("file:///etc/passwd"), Catch::StartsWith("invalid input"));
  CHECK_THAT(failure("ftp://localhost/"), Catch::StartsWith("invalid input"));
  CHECK_THAT(failure("127.0.0.1"), Catch::StartsWith("invalid input"));
  CHECK_THAT(failure("http://a b/"), Catch::StartsWith("invalid input"));
  CHECK_THAT(failure(tls_url), Catch::StartsWith("unavailable"));
}

TEST_CASE("errors never show user, password or query, nor the path if it is secret") {
  std::string url;
  {
    const auto server = always("");
    url = "http://me:pass@127.0.0.1:" + std::to_string(server.port()) + "/path?key=42#x";
  } // refuses from now on
  client_request request;
  request.url = url;
  auto client = client_with();

  const auto open = describe(client.send(request).error());
  request.path_is_public = false;
  const auto closed = describe(client.send(request).error());

  CHECK_THAT(open, Contains("127.0.0.1") && Contains("/path") && !Contains("me:") &&
                     !Contains("pass@") && !Contains("key") && !Contains("42"));
  CHECK_THAT(closed, Contains("GET http://127.0.0.1:") && !Contains("/path"));
  CHECK(public_url("nonsense\n") == "(not a URL)");
}

TEST_CASE("a header that breaks out of its line is refused") {
  const auto server = always(answer_text(200));
  client_request request;
  request.url = server.url();
  request.headers = {{"X", "a\r\nY: b"}};

  const auto answer = client_with().send(request);

  REQUIRE_FALSE(answer);
  CHECK(code_of(answer.error()) == ec::invalid_input);
  CHECK(server.requests().empty());
}

TEST_CASE("a request under way ends when habitd stops") {
  const auto server = always(scripted_server::stall);
  client_request request;
  request.url = server.url();
  std::stop_source stop;
  std::jthread stopper{[&] {
    while (server.requests().empty())
      std::this_thread::yield();
    stop.request_stop();
  }};

  const auto answer = client_with({.total = 60s}).send(request, stop.get_token());

  REQUIRE_FALSE(answer);
  CHECK_THAT(describe(answer.error()), Contains("habitd is stopping"));
}

TEST_CASE("cookies, .netrc and proxies of the environment are not used") {
  const scripted_server server{
    [](const std::string&) { return answer_text(200, "", "Set-Cookie: a=b\r\n"); }};
  const auto home = std::filesystem::temp_directory_path() / "habitd-client-test-home";
  std::filesystem::create_directories(home);
  std::ofstream{home / ".netrc"} << "machine 127.0.0.1 login me password pass\n";
  ::setenv("HOME", home.c_str(), 1);
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  auto client = client_with();
  client_request request;
  request.url = server.url();

  REQUIRE(client.send(request));
  REQUIRE(client.send(request));

  ::unsetenv("http_proxy");
  std::filesystem::remove_all(home);
  CHECK_THAT(server.requests().at(1), !Contains("Cookie") && !Contains("Authorization"));
}
