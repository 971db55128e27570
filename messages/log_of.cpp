#include "messages/log_of.hpp"

#include <spdlog/sinks/sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

namespace habitd {

namespace {

/// Where the default logger writes, in its format; so whoever sets that one up, or takes its
/// place to see what is logged, need not know of areas.
class sinks_of_default final : public spdlog::sinks::sink {
public:
  void log(const spdlog::details::log_msg& line) override {
    for (const auto& sink : spdlog::default_logger_raw()->sinks())
      if (sink->should_log(line.level))
        sink->log(line);
  }
  void flush() override { spdlog::default_logger_raw()->flush(); }
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}
};

using area_loggers = std::array<std::shared_ptr<spdlog::logger>, log_area_words.size()>;

area_loggers make_loggers() {
  area_loggers loggers;
  for (std::size_t i = 0; i < loggers.size(); ++i) {
    loggers[i] = std::make_shared<spdlog::logger>(std::string{log_area_words[i]},
                                                  std::make_shared<sinks_of_default>());
    // From now on spdlog::set_level means this one too.
    spdlog::initialize_logger(loggers[i]);
  }
  return loggers;
}

} // namespace

spdlog::logger& log_of(log_area area) {
  static const auto loggers = make_loggers();
  return *loggers.at(static_cast<std::size_t>(area));
}

} // namespace habitd
