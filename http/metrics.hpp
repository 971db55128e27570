#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace habitd {

enum class metric_kind : std::uint8_t { counter, gauge, histogram };

/// Names [a-zA-Z_][a-zA-Z0-9_]*, values any UTF-8.
using metric_labels = std::vector<std::pair<std::string, std::string>>;

struct metric_value {
  metric_labels labels;
  double value = 0;
};

struct metric_histogram {
  metric_labels labels;
  std::vector<double> bounds;        // upper, inclusive, ascending; +Inf is implied
  std::vector<std::uint64_t> counts; // per bucket, one more than `bounds`; not cumulative
  double sum = 0;                    // of all that was observed
};

/// One metric with its samples; no two of them with the same labels.
struct metric {
  std::string name; // base units and suffix as Prometheus wants: _seconds, _bytes, _total
  std::string help;
  metric_kind kind = metric_kind::gauge;
  std::vector<metric_value> values{};         // of a counter or gauge
  std::vector<metric_histogram> histograms{}; // of a histogram
};

constexpr const char* metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

/// Prometheus text format 0.0.4; a metric without samples is left out.
std::string render_metrics(std::span<const metric> metrics);

} // namespace habitd
