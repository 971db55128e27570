#include "tools/habitd/log_setup.hpp"

#include "messages/log_correlation.hpp"
#include "messages/log_of.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>
#include <thread>
#include <vector>

namespace habitd {
namespace {

/// The default logger writes to a text while one lives.
struct captured_log {
  std::ostringstream text;
  std::shared_ptr<spdlog::logger> before = spdlog::default_logger();

  explicit captured_log(const log_config& settings) {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "captured", std::make_shared<spdlog::sinks::ostream_sink_mt>(text)));
    set_logging(settings);
  }
  ~captured_log() {
    spdlog::set_default_logger(before);
    set_logging({});
  }

  /// The messages of JSON lines.
  std::vector<std::string> messages() const {
    std::vector<std::string> result;
    for (const auto& line : objects())
      result.emplace_back(line.at("message").as_string());
    return result;
  }

  std::vector<boost::json::object> objects() const {
    std::vector<boost::json::object> result;
    std::istringstream lines{text.str()};
    for (std::string line; std::getline(lines, line);)
      result.push_back(boost::json::parse(line).as_object());
    return result;
  }
};

log_config with_format(log_format format) {
  log_config settings;
  settings.format = format;
  return settings;
}

/// A line of each of three areas at a level.
void log_each(spdlog::level::level_enum level) {
  for (const auto area : {log_area::http, log_area::schedule, log_area::storage})
    log_of(area).log(level, "{}", log_area_words.at(static_cast<std::size_t>(area)));
}

constexpr auto some_id = "8f0e6a52-1d2c-4b3a-9c4d-5e6f70819203";

TEST_CASE("lines of a scope carry its correlation, and no others do") {
  captured_log log{with_format(log_format::json)};
  {
    const log_correlation scope{some_id};
    log_of(log_area::analysis).info("within");
    std::thread{[] { log_of(log_area::analysis).info("beside"); }}.join();
    {
      const log_correlation none{""};
      log_of(log_area::analysis).info("without");
    }
    log_of(log_area::http).info("within again");
  }
  log_of(log_area::analysis).info("after");

  std::vector<std::string> with;
  for (const auto& line : log.objects())
    if (line.contains("correlation")) {
      CHECK(line.at("correlation") == some_id);
      with.emplace_back(line.at("message").as_string());
    }
  CHECK(with == std::vector<std::string>{"within", "within again"});
}

TEST_CASE("JSON lines name their level and area") {
  captured_log log{with_format(log_format::json)};

  log_of(log_area::supervision).error("a");
  log_of(log_area::notify).info("b");

  const auto lines = log.objects();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].at("level") == "error");
  CHECK(lines[0].at("area") == "supervision");
  CHECK(lines[1].at("level") == "info");
  CHECK(lines[1].at("area") == "notify");
}

TEST_CASE("text lines show their area and the first characters of their correlation") {
  captured_log log{with_format(log_format::text)};
  {
    const log_correlation scope{some_id};
    log_of(log_area::storage).warn("within");
  }
  log_of(log_area::daemon).warn("after");

  CHECK_THAT(log.text.str(), Catch::Contains(" warning storage [8f0e6a52] within\n") &&
                               Catch::Contains(" warning daemon after\n"));
}

TEST_CASE("an area has the level that is set for it, the others have the common one") {
  captured_log log{
    {log_level::warning,
     log_format::json,
     {{log_area::http, log_level::debug}, {log_area::schedule, log_level::error}}}};

  log_each(spdlog::level::debug);
  CHECK(log.messages() == std::vector<std::string>{"http"});
  log.text.str("");
  log_each(spdlog::level::warn);
  CHECK(log.messages() == std::vector<std::string>{"http", "storage"});
}

TEST_CASE("levels change at run time, also back to the common one") {
  captured_log log{
    {log_level::warning, log_format::json, {{log_area::http, log_level::debug}}}};

  set_logging(
    {log_level::error, log_format::json, {{log_area::storage, log_level::info}}});

  log_each(spdlog::level::info);
  CHECK(log.messages() == std::vector<std::string>{"storage"});
  log.text.str("");
  log_each(spdlog::level::warn);
  CHECK(log.messages() == std::vector<std::string>{"storage"});
}

} // namespace
} // namespace habitd
