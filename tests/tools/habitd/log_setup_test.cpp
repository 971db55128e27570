#include "tools/habitd/log_setup.hpp"

#include "messages/log_correlation.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>
#include <thread>

namespace habitd {
namespace {

/// The default logger writes to a text while one lives.
struct captured_log {
  std::ostringstream text;
  std::shared_ptr<spdlog::logger> before = spdlog::default_logger();

  explicit captured_log(log_format format) {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "captured", std::make_shared<spdlog::sinks::ostream_sink_mt>(text)));
    log_config settings;
    settings.format = format;
    set_logging(settings);
  }
  ~captured_log() { spdlog::set_default_logger(before); }
};

constexpr auto some_id = "8f0e6a52-1d2c-4b3a-9c4d-5e6f70819203";

TEST_CASE("lines of a scope carry its correlation, and no others do") {
  captured_log log{log_format::json};
  {
    const log_correlation scope{some_id};
    spdlog::info("within");
    std::thread{[] { spdlog::info("beside"); }}.join();
    {
      const log_correlation none{""};
      spdlog::info("without");
    }
    spdlog::info("within again");
  }
  spdlog::info("after");

  std::istringstream lines{log.text.str()};
  std::string line;
  std::vector<std::string> with;
  while (std::getline(lines, line)) {
    const auto object = boost::json::parse(line).as_object();
    if (object.contains("correlation")) {
      CHECK(object.at("correlation") == some_id);
      with.emplace_back(object.at("message").as_string());
    }
  }
  CHECK(with == std::vector<std::string>{"within", "within again"});
}

TEST_CASE("text lines show the first characters of their correlation") {
  captured_log log{log_format::text};
  {
    const log_correlation scope{some_id};
    spdlog::warn("within");
  }
  spdlog::warn("after");

  CHECK_THAT(log.text.str(), Catch::Contains(" warning [8f0e6a52] within\n") &&
                               Catch::Contains(" warning after\n"));
}

} // namespace
} // namespace habitd
