#include "tools/habitd/log_setup.hpp"

#include "messages/log_correlation.hpp"
#include "messages/log_of.hpp"

#include <boost/json.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>

namespace habitd {

namespace {

constexpr std::array<std::string_view, 4> level_words{"debug", "info", "warning",
                                                      "error"};

constexpr const char* text_pattern = "%Y-%m-%dT%H:%M:%S.%e%z %l %n %*%v";

/// `[4f1c20aa] ` if the line has a correlation id: enough of it to tell jobs apart.
class correlation_flag final : public spdlog::custom_flag_formatter {
public:
  void format(const spdlog::details::log_msg&, const std::tm&,
              spdlog::memory_buf_t& to) override {
    if (const auto id = log_correlation::current(); !id.empty())
      fmt::format_to(std::back_inserter(to), "[{:.8}] ", id);
  }

  std::unique_ptr<spdlog::custom_flag_formatter> clone() const override {
    return std::make_unique<correlation_flag>();
  }
};

std::unique_ptr<spdlog::formatter> text_formatter() {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<correlation_flag>('*').set_pattern(text_pattern);
  return formatter;
}

/// One JSON object a line: time (UTC), level, area, message, and correlation if it has one.
class json_formatter final : public spdlog::formatter {
public:
  void format(const spdlog::details::log_msg& message,
              spdlog::memory_buf_t& to) override {
    const auto since_epoch = message.time.time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(since_epoch - seconds);
    const auto time = static_cast<std::time_t>(seconds.count());
    std::tm utc{};
    gmtime_r(&time, &utc);
    std::array<char, 32> stamp{};
    const auto length =
      std::strftime(stamp.data(), stamp.size(), "%Y-%m-%dT%H:%M:%S", &utc);
    const auto level = spdlog::level::to_string_view(message.level);
    boost::json::object line{
      {"time",
       fmt::format("{}.{:03}Z", std::string_view{stamp.data(), length}, ms.count())},
      {"level", boost::json::string_view{level.data(), level.size()}},
      {"area",
       boost::json::string_view{message.logger_name.data(), message.logger_name.size()}},
      {"message",
       boost::json::string_view{message.payload.data(), message.payload.size()}}};
    if (const auto id = log_correlation::current(); !id.empty())
      line["correlation"] = boost::json::string_view{id.data(), id.size()};
    const auto text = boost::json::serialize(line) + '\n';
    to.append(text.data(), text.data() + text.size());
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<json_formatter>();
  }
};

spdlog::level::level_enum level_of(log_level level) {
  switch (level) {
  case log_level::debug:
    return spdlog::level::debug;
  case log_level::info:
    return spdlog::level::info;
  case log_level::warning:
    return spdlog::level::warn;
  case log_level::error:
    return spdlog::level::err;
  }
  return spdlog::level::info;
}

} // namespace

void log_to_stderr() {
  auto logger = spdlog::stderr_color_mt("habitd");
  logger->set_formatter(text_formatter());
  spdlog::set_default_logger(std::move(logger));
}

void set_logging(const log_config& settings) {
  for (std::size_t i = 0; i < log_area_words.size(); ++i) {
    const auto area = static_cast<log_area>(i);
    const auto own = settings.areas.find(area);
    log_of(area).set_level(
      level_of(own == settings.areas.end() ? settings.level : own->second));
  }
  if (settings.format == log_format::json)
    spdlog::set_formatter(std::make_unique<json_formatter>());
  else
    spdlog::set_formatter(text_formatter());
}

void log_control::set(log_config settings) {
  const std::lock_guard lock{mutex_};
  settings_ = std::move(settings);
  set_logging(settings_);
}

bool log_control::set_level(const std::string& word) {
  const auto at = std::find(level_words.begin(), level_words.end(), word);
  if (at == level_words.end())
    return false;
  const std::lock_guard lock{mutex_};
  settings_.level = static_cast<log_level>(at - level_words.begin());
  set_logging(settings_);
  return true;
}

std::string log_control::level() const {
  const std::lock_guard lock{mutex_};
  return std::string{level_words.at(static_cast<std::size_t>(settings_.level))};
}

} // namespace habitd
