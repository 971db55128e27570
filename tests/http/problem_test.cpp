#include "http/problem.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

using namespace habitd;

TEST_CASE("to_problem answers with the status a caller can act on") {
  CHECK(to_problem(make_error(ec::not_found, "pattern x")).status == 404);
  CHECK(to_problem(make_error(ec::invalid_input, "limit")).status == 400);
  CHECK(to_problem(make_error(ec::busy, "analysis")).status == 409);
  CHECK(to_problem(make_error(ec::unavailable, "store")).status == 503);
  CHECK(to_problem(make_error(ec::corrupt_data, "record")).status == 500);
  CHECK(to_problem(make_error(ec::unexpected, "bug")).status == 500);
  CHECK(to_problem(make_error(ec::not_found, "pattern x")).detail ==
        "not found: pattern x");
}

TEST_CASE("to_problem keeps the text of our own faults for the log") {
  const auto response =
    to_problem(make_error(ec::corrupt_data, "/var/lib/secret/000.sst"));

  CHECK(response.detail->find("secret") == std::string::npos);
  CHECK(response.log == "corrupt data: /var/lib/secret/000.sst");
}

TEST_CASE("render_problem writes the members of RFC 9457") {
  const auto body =
    boost::json::parse(render_problem(404, "no \"x\"\n", "1-2")).as_object();

  CHECK(body.at("type") == "about:blank");
  CHECK(body.at("title") == "Not Found");
  CHECK(body.at("status") == 404);
  CHECK(body.at("detail") == "no \"x\"\n");
  CHECK(body.at("instance") == "urn:uuid:1-2");
}
