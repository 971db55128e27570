#include "messages/log_of.hpp"

#include <catch2/catch.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <sstream>
#include <thread>
#include <vector>

namespace habitd {
namespace {

/// What the default logger is given while one lives; a line each, as "area: message".
class default_log {
public:
  default_log() {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "default", std::make_shared<spdlog::sinks::ostream_sink_mt>(text_)));
    spdlog::default_logger()->set_pattern("%n: %v");
  }
  ~default_log() {
    spdlog::set_default_logger(before_);
    spdlog::set_level(spdlog::level::info);
  }
  default_log(const default_log&) = delete;
  default_log& operator=(const default_log&) = delete;

  std::string text() const { return text_.str(); }

private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
};

void log_in_every_area() {
  for (std::size_t i = 0; i < log_area_words.size(); ++i)
    log_of(static_cast<log_area>(i)).error("x");
}

TEST_CASE("every area writes under its name to where the default logger writes") {
  const default_log log;

  log_in_every_area();

  CHECK(log.text() == "analysis: x\nevents: x\nhttp: x\nstorage: x\nschedule: x\n"
                      "supervision: x\nnotify: x\ndaemon: x\nmqtt: x\n"
                      "community: x\n");
}

TEST_CASE("spdlog's own level silences every area") {
  const default_log log;

  spdlog::set_level(spdlog::level::off);
  log_in_every_area();

  CHECK(log.text().empty());
}

TEST_CASE("areas can be logged in from several threads at once") {
  const default_log log;

  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([] {
      for (int line = 0; line < 100; ++line)
        log_of(log_area::events).error("x");
    });
  for (auto& thread : threads)
    thread.join();

  const auto text = log.text();
  CHECK(std::count(text.begin(), text.end(), '\n') == 400);
}

} // namespace
} // namespace habitd
