#include "actors/outbox/webhook_target.hpp"

#include "tests/http/scripted_server.hpp"

#include <catch2/catch.hpp>

namespace habitd {
namespace {

using kind = delivery_result::kind;
using namespace std::chrono_literals;

delivery_result post_to(const std::string& url, client_limits limits = {}) {
  auto client = http_client::make("habitd/test", limits);
  REQUIRE(client);
  outbox_entry entry;
  entry.sequence = 17;
  entry.content_type = "application/json";
  entry.payload = R"({"event":"raised"})";
  entry.correlation_id = "job_failed-1";
  return webhook(std::move(*client), url)(entry);
}

delivery_result answered(const std::string& answer, client_limits limits = {}) {
  const scripted_server server{[answer](const std::string&) { return answer; }};
  return post_to(server.url("/api/webhook/very-secret?key=also-secret"), limits);
}

TEST_CASE("a webhook gets payload, content type and a key that tells repeats") {
  const scripted_server server{[](const std::string&) { return answer_text(204); }};

  CHECK(post_to(server.url("/hook")).how == kind::delivered);

  const auto request = server.requests().at(0);
  CHECK_THAT(request, Catch::StartsWith("POST /hook HTTP/1.1\r\n"));
  CHECK_THAT(request, Catch::Contains("\r\nIdempotency-Key: 17\r\n"));
  CHECK_THAT(request, Catch::Contains("\r\nContent-Type: application/json\r\n"));
  CHECK_THAT(request, Catch::Contains("\r\nX-Correlation-Id: job_failed-1\r\n"));
  CHECK_THAT(request, Catch::EndsWith("\r\n\r\n{\"event\":\"raised\"}"));
}

TEST_CASE("what a webhook answers decides what becomes of the entry") {
  CHECK(answered(answer_text(200, "ok")).how == kind::delivered);
  CHECK(answered(answer_text(404)).how == kind::refused);
  CHECK(answered(answer_text(500)).how == kind::failed);
  CHECK(answered(answer_text(302, "", "Location: /x\r\n")).how == kind::failed);
  CHECK(answered("").how == kind::failed);
  CHECK(answered(scripted_server::stall, {.total = 200ms}).how == kind::failed);
  const auto busy = answered(answer_text(503, "", "Retry-After: 30\r\n"));
  CHECK(busy.how == kind::failed);
  CHECK(busy.retry_after == 30s);
}

TEST_CASE("a webhook that took an entry has it, however long its answer is") {
  CHECK(answered("HTTP/1.1 200 OK\r\n\r\n" + std::string(100'000, 'x'),
                 {.response_bytes = 1000})
          .how == kind::delivered);
  CHECK(answered("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort").how ==
        kind::delivered);
}

TEST_CASE("problems of a webhook name its host, never its secrets") {
  for (const auto* answer : {"", "HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n"}) {
    const auto problem = answered(answer).problem;
    CHECK_THAT(problem, Catch::Contains("127.0.0.1"));
    CHECK_THAT(problem, !Catch::Contains("secret"));
  }
  CHECK_THAT(post_to("ftp://user:secret@host/secret").problem,
             !Catch::Contains("secret"));
  CHECK(post_to("ftp://user:secret@host/secret").how == kind::refused);
}

} // namespace
} // namespace habitd
