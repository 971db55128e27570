// The admin interface of a running habitd, asked by curl.

#include "tests/end_to_end/program.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

namespace habitd {
namespace {

namespace json = boost::json;

struct served_home {
  program running{{habitd_path(), "try", "--demo", "--port", "0"}};
  std::string url;

  served_home() {
    const auto rest = running.wait_for("Serving on http://127.0.0.1:");
    REQUIRE(rest);
    url = "http://127.0.0.1:" + rest->substr(0, rest->find('/'));
  }

  std::string get(const std::string& path, const std::string& write_out = "") const {
    return run_program({"/usr/bin/curl", "-s", "-m", "20", "-w", write_out, url + path})
      .out;
  }
};

TEST_CASE("health, patterns, suggestions and jobs are served as JSON") {
  const served_home home;

  const auto health = json::parse(home.get("/health")).as_object();
  CHECK(health.at("status") == "ok");
  CHECK(health.at("components").as_object().contains("analysis"));
  const auto patterns = json::parse(home.get("/api/v1/patterns?limit=3")).as_object();
  REQUIRE(patterns.at("items").as_array().size() == 3);
  const auto next = std::string{patterns.at("next").as_string()};
  const auto rest = json::parse(home.get("/api/v1/patterns?after=" + next)).as_object();
  CHECK(rest.at("items").as_array().size() > 3);
  CHECK(rest.at("next").is_null());
  const auto suggestion =
    json::parse(home.get("/api/v1/suggestions")).at("items").at(0).as_object();
  const auto id = std::string{suggestion.at("id").as_string()};
  CHECK(json::parse(home.get("/api/v1/suggestions/" + id)).as_object() == suggestion);
  const auto job = json::parse(home.get("/api/v1/jobs")).at("items").at(0);
  CHECK(job.at("outcome") == "ok");
}

TEST_CASE("what is not there, or asked for wrongly, is answered with a problem") {
  const served_home home;

  const auto missing = json::parse(home.get("/api/v1/patterns/nonsense")).as_object();
  CHECK(missing.at("status") == 404);
  CHECK_THAT(std::string{missing.at("detail").as_string()}, Catch::Contains("nonsense"));
  CHECK(json::parse(home.get("/api/v1/patterns?limit=many")).at("status") == 400);
  CHECK(json::parse(home.get("/no/such/page")).at("status") == 404);
}

TEST_CASE("an analysis is started by POST, and refused while one runs") {
  const served_home home;
  const std::string trigger = home.url + "/api/analyze/trigger";
  const std::vector<std::string> post{
    "-s", "-m", "20", "-o", "/dev/null", "-w", "%{http_code} ", "-X", "POST", trigger};
  std::vector<std::string> twice{"/usr/bin/curl"};
  twice.insert(twice.end(), post.begin(), post.end());
  twice.push_back("--next");
  twice.insert(twice.end(), post.begin(), post.end());

  CHECK(run_program(twice).out == "202 409 ");

  const auto status = json::parse(home.get("/api/analyze/status")).as_object();
  CHECK(status.contains("running"));
  CHECK(status.at("job").as_object().at("trigger") == "http");
}

TEST_CASE("metrics are what Prometheus reads") {
  const served_home home;

  const auto text = home.get("/metrics", "%{content_type}");

  CHECK_THAT(text, Catch::Contains("# TYPE habitd_resident_memory_bytes gauge") &&
                     Catch::Contains("habitd_patterns ") &&
                     Catch::Contains("habitd_storage_bytes{family=\"days\"}") &&
                     Catch::Contains("text/plain; version=0.0.4"));
}

TEST_CASE("a request for another host is refused") {
  const served_home home;

  const auto result =
    run_program({"/usr/bin/curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H",
                 "Host: evil.example", home.url + "/health"});

  CHECK(result.out == "421");
}

} // namespace
} // namespace habitd
