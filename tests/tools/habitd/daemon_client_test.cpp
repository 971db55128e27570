#include "tools/habitd/daemon_client.hpp"

#include <catch2/catch.hpp>

namespace habitd {
namespace {

http_config listening_on(const std::string& address) {
  http_config settings;
  settings.listen = address;
  return settings;
}

client_response answer(int status, const std::string& body = {}) {
  client_response response;
  response.status = status;
  response.body = body;
  return response;
}

TEST_CASE("a daemon that listens on every address is asked on loopback") {
  CHECK(url_of(listening_on("127.0.0.1")) == "http://127.0.0.1:8380");
  CHECK(url_of(listening_on("0.0.0.0")) == "http://127.0.0.1:8380");
  CHECK(url_of(listening_on("::")) == "http://[::1]:8380");
  CHECK(url_of(listening_on("fd00::5")) == "http://[fd00::5]:8380");
}

TEST_CASE("whatever is asked for stays one segment of the path") {
  CHECK(path_segment("20261122T030000123") == "20261122T030000123");
  CHECK(path_segment("../x?y#z") == "..%2Fx%3Fy%23z");
  CHECK(path_segment("\xc3\xa9\n") == "%C3%A9%0A");
}

TEST_CASE("a refusal of a daemon is an error with its words") {
  const auto refused = [](int status) {
    return body_of(answer(status, R"({"detail":"busy: analysis 7 is running"})"),
                   "http://h:1")
      .error();
  };

  CHECK(describe(refused(409)) == "busy: analysis 7 is running");
  CHECK(code_of(refused(404)) == ec::not_found);
  CHECK(code_of(refused(503)) == ec::unavailable);
  CHECK(code_of(refused(500)) == ec::unexpected);
  CHECK(code_of(refused(401)) == ec::invalid_input);
  CHECK_THAT(describe(refused(401)), Catch::Contains("HABITD__HTTP__TOKEN"));
  CHECK_THAT(describe(body_of(answer(502, "<html>"), "http://h:1").error()),
             Catch::Contains("http://h:1: HTTP status 502"));
  CHECK(body_of(answer(202, "{}"), "http://h:1") == "{}");
}

} // namespace
} // namespace habitd
