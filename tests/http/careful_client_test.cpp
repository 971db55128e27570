#include "http/client.hpp"

#include "tests/http/packed.hpp"
#include "tests/http/scripted_server.hpp"

#include <catch2/catch.hpp>

using namespace habitd;
using namespace std::chrono_literals;
using Catch::Contains;
using Catch::StartsWith;

namespace {

const reach loopback_trusted{
  .only_public = true, .only_https = true, .trusted = {"127.0.0.1"}};

http_client client_with(client_limits limits = {}, reach allowed = {}) {
  auto client = http_client::make("habitd/test", limits, std::move(allowed));
  REQUIRE(client);
  return std::move(*client);
}

client_request page(const std::string& url) {
  client_request request;
  request.url = url;
  request.takes_gzip = true;
  return request;
}

std::string failure(const std::string& url, client_limits limits = {},
                    reach allowed = {}) {
  const auto answer = client_with(limits, std::move(allowed)).send(page(url));
  return answer ? "status " + std::to_string(answer->status) : describe(answer.error());
}

} // namespace

TEST_CASE("a page is asked for gzipped, and unpacked") {
  const std::string text(3000, 'a');
  const scripted_server server{[&](const std::string&) {
    return answer_text(200, gzipped(text), "Content-Encoding: gzip\r\n");
  }};

  const auto answer = client_with().send(page(server.url()));

  REQUIRE(answer);
  CHECK(answer->body == text);
  CHECK(answer->wire_bytes < 300);
  CHECK_THAT(server.requests().at(0), Contains("\r\nAccept-Encoding: gzip\r\n"));
}

TEST_CASE("a page that is still the same costs no body") {
  const scripted_server server{[](const std::string& request) {
    const bool same =
      request.find("If-None-Match: W/\"v7\"\r\n") != request.npos &&
      request.find("If-Modified-Since: Wed, 25 Nov 2026 04:00:00 GMT\r\n") !=
        request.npos;
    return same ? "HTTP/1.1 304 Not Modified\r\nETag: W/\"v7\"\r\n\r\n"
                : answer_text(200, "text",
                              "ETag: W/\"v7\"\r\n"
                              "Last-Modified: Wed, 25 Nov 2026 04:00:00 GMT\r\n");
  }};
  auto client = client_with();

  const auto first = client.send(page(server.url()));
  auto again = page(server.url());
  again.if_changed = first->validators;
  const auto second = client.send(again);

  REQUIRE(first);
  CHECK(first->validators ==
        page_validators{"W/\"v7\"", "Wed, 25 Nov 2026 04:00:00 GMT"});
  REQUIRE(second);
  CHECK(second->not_modified());
  CHECK(second->body.empty());
  CHECK(second->validators.etag == "W/\"v7\"");
}

TEST_CASE("a gzip bomb is refused long before it is unpacked") {
  const auto bomb = gzipped(std::string(64 << 20, '\0'));
  const scripted_server server{[&](const std::string&) {
    return answer_text(200, bomb, "Content-Encoding: gzip\r\n");
  }};

  CHECK_THAT(failure(server.url(), {.response_bytes = 1 << 30}),
             StartsWith("invalid input") && Contains("more than 100 times its size"));
  CHECK_THAT(failure(server.url(), {.response_bytes = 1 << 20, .ratio = 1'000'000}),
             StartsWith("invalid input") && Contains("more than 1048576 bytes"));
}

TEST_CASE("a body packed twice, or otherwise than by gzip, is refused") {
  for (const auto* encoding : {"gzip, gzip", "br", "deflate", "zstd"}) {
    const scripted_server server{[&](const std::string&) {
      return answer_text(200, "x", std::string{"Content-Encoding: "} + encoding + "\r\n");
    }};
    CHECK_THAT(failure(server.url()),
               StartsWith("invalid input") && Contains("not by gzip"));
  }
}

TEST_CASE("a body that is no gzip though it says so is a failure") {
  const scripted_server server{[](const std::string&) {
    return answer_text(200, "no gzip", "Content-Encoding: gzip\r\n");
  }};
  CHECK_THAT(failure(server.url()), StartsWith("unavailable"));
}

TEST_CASE("redirects in a circle end") {
  std::string own;
  const scripted_server server{[&own](const std::string&) {
    return answer_text(302, "", "Location: " + own + "\r\n");
  }};
  own = server.url("/again");

  CHECK_THAT(failure(own, {.redirects = 3}),
             StartsWith("invalid input") && Contains("more than 3 redirects"));
  CHECK(server.requests().size() == 4);
}

TEST_CASE("every hop of a redirect is held against what may be asked") {
  const scripted_server target{[](const std::string&) { return answer_text(200, "in"); }};
  auto inside = target.url();
  inside.replace(inside.find("127.0.0.1"), 9, "127.0.0.2");
  const scripted_server server{[&](const std::string&) {
    return answer_text(302, "", "Location: " + inside + "\r\n");
  }};

  CHECK_THAT(failure(server.url(), {.redirects = 3}, loopback_trusted),
             StartsWith("invalid input: GET " + inside) && Contains("not https"));
  auto plain = loopback_trusted;
  plain.only_https = false;
  CHECK_THAT(failure(server.url(), {.redirects = 3}, plain),
             Contains("address 127.0.0.2 is not public"));
  plain.hosts = {"gist.github.com"};
  CHECK_THAT(failure(server.url(), {.redirects = 3}, plain),
             Contains("host 127.0.0.2 is not on the list"));
  CHECK(target.requests().empty());
}

TEST_CASE("a name that leads into the home is not connected to") {
  const scripted_server server{[](const std::string&) { return answer_text(200, "in"); }};
  const auto by_name = "http://localhost:" + std::to_string(server.port()) + "/";

  CHECK_THAT(failure(by_name, {}, {.only_public = true}),
             StartsWith("invalid input") && Contains("is not public"));
  CHECK(server.requests().empty());
  CHECK(failure(by_name, {}, {.only_public = true, .trusted = {"localhost"}}) ==
        "status 200");
}

TEST_CASE("another origin is told nothing but what is wanted") {
  const scripted_server target{[](const std::string&) { return answer_text(200); }};
  const scripted_server server{[&](const std::string&) {
    return answer_text(302, "", "Location: " + target.url("/there") + "\r\n");
  }};
  auto request = page(server.url());
  request.headers = {{"Authorization", "Bearer secret"}, {"Accept", "text/html"}};
  request.if_changed.etag = "\"mine\"";

  const auto answer = client_with({.redirects = 2}).send(request);

  REQUIRE(answer);
  CHECK(answer->url == target.url("/there"));
  CHECK_THAT(server.requests().at(0), Contains("Bearer secret") && Contains("If-None"));
  CHECK_THAT(target.requests().at(0), !Contains("secret") && !Contains("If-None") &&
                                        Contains("Accept: text/html"));
}

TEST_CASE("a wait told as a date counts from the server's own date") {
  const scripted_server server{[](const std::string&) {
    return answer_text(503, "",
                       "Date: Wed, 25 Nov 2026 04:00:00 GMT\r\n"
                       "Retry-After: Wed, 25 Nov 2026 04:02:00 GMT\r\n");
  }};

  const auto answer = client_with().send(page(server.url()));

  REQUIRE(answer);
  CHECK(answer->retry_after == 120s);
  CHECK(answer->server_time.has_value());
}
