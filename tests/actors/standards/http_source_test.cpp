#include "actors/standards/http_source.hpp"

#include "tests/actors/standards/standards_fixture.hpp"
#include "tests/http/scripted_server.hpp"

using namespace habitd;
using Catch::Contains;
using kind = fetched_text::kind;

namespace {

fetched_text fetch_from(const scripted_server& server, standard document = {}) {
  auto limits = http_source_limits();
  limits.total = 2s;
  document.source = server.url("/doc.md");
  return http_source("habitd/test", limits)({document, {}, {}});
}

} // namespace

TEST_CASE("an HTTP source gives the text with what its state is told by") {
  const scripted_server server{[](const std::string&) {
    return answer_text(200, "# A\n",
                       "Content-Type: text/plain; charset=utf-8\r\n"
                       "ETag: \"1\"\r\nLast-Modified: Mon, 02 Mar 2026 "
                       "10:00:00 GMT\r\n");
  }};

  const auto result = fetch_from(server);

  CHECK(result.what == kind::text);
  CHECK(result.text == "# A\n");
  CHECK(result.etag == "\"1\"");
  CHECK(result.last_modified == "Mon, 02 Mar 2026 10:00:00 GMT");
}

TEST_CASE("an HTTP source is asked only for what is newer") {
  const scripted_server server{[](const std::string&) { return answer_text(304); }};
  standard document;
  document.etag = "\"1\"";
  document.last_modified = "Mon, 02 Mar 2026 10:00:00 GMT";

  CHECK(fetch_from(server, document).what == kind::unchanged);
  CHECK_THAT(server.requests().at(0), Contains("If-None-Match: \"1\""));
  CHECK_THAT(server.requests().at(0),
             Contains("If-Modified-Since: Mon, 02 Mar 2026 10:00:00 GMT"));
}

TEST_CASE("what an HTTP source should not answer is a failure with the reason") {
  const auto [answer, problem] = GENERATE(table<std::string, std::string>({
    {answer_text(404, "# gone\n"), "status 404"},
    {answer_text(503, "", "Retry-After: 7\r\n"), "status 503"},
    {answer_text(200, "<h1>a</h1>", "Content-Type: text/html\r\n"), "text/html"},
    {answer_text(200, "{}", "Content-Type: application/json\r\n"), "application/json"},
    {answer_text(200, std::string(2 << 20, 'x')), "bytes"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n# A\n", "bytes"},
    {"rubbish\r\n\r\n", ""},
    {scripted_server::stall, ""},
    {"", ""},
  }));
  const scripted_server server{[&, text = answer](const std::string&) { return text; }};

  const auto result = fetch_from(server);

  CHECK(result.what == kind::failed);
  CHECK_THAT(result.problem, Contains(problem));
  CHECK_FALSE(result.problem.empty());
  CHECK(result.wait_seconds == (problem == "status 503" ? 7 : 0));
}

TEST_CASE_METHOD(standards_home,
                 "a source that hangs, fails or floods leaves the old version "
                 "with readers") {
  const scripted_server server{[](const std::string& request) {
    if (request.find("/hangs") != request.npos)
      return std::string{scripted_server::stall};
    if (request.find("/floods") != request.npos)
      return answer_text(200, std::string(50 << 20, 'x'));
    return answer_text(500);
  }};
  auto limits = http_source_limits();
  limits.total = 500ms;
  fetch = http_source("habitd/test", limits);
  for (const auto* id : {"hangs", "floods", "fails"})
    plant(id, sample_text(id), 40, server.url(std::string{"/"} + id));
  start();

  for (const auto* id : {"hangs", "floods", "fails"})
    CHECK(read(id).text == sample_text(id));
  pass(180s);

  for (const auto* id : {"hangs", "floods", "fails"}) {
    INFO(id);
    CHECK(read(id).text == sample_text(id));
    CHECK(document(id).failures == 1);
    CHECK(read(id).state == freshness::waiting);
  }
  CHECK(tally->counts().failures == 9);
  CHECK(tally->counts().given_up == 3);
}
