#include "http/metrics.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

namespace habitd {

namespace {

std::string_view kind_name(metric_kind kind) {
  switch (kind) {
  case metric_kind::counter:
    return "counter";
  case metric_kind::gauge:
    return "gauge";
  case metric_kind::histogram:
    return "histogram";
  }
  return "untyped";
}

std::string number_text(double value) {
  if (std::isnan(value))
    return "NaN";
  if (std::isinf(value))
    return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

std::string escaped(std::string_view text, bool in_quotes) {
  std::string result;
  for (const char c : text) {
    if (c == '\\')
      result += "\\\\";
    else if (c == '\n')
      result += "\\n";
    else if (c == '"' && in_quotes)
      result += "\\\"";
    else
      result += c;
  }
  return result;
}

/// {a="1",le="5"}; `le` is left out if empty.
std::string label_text(const metric_labels& labels, std::string_view le = {}) {
  std::string result;
  for (const auto& [name, value] : labels)
    result +=
      fmt::format("{}{}=\"{}\"", result.empty() ? "" : ",", name, escaped(value, true));
  if (!le.empty())
    result += fmt::format("{}le=\"{}\"", result.empty() ? "" : ",", le);
  return result.empty() ? result : "{" + result + "}";
}

void append_histogram(std::string& out, const std::string& name,
                      const metric_histogram& histogram) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    total += histogram.counts[i];
    const auto le =
      i < histogram.bounds.size() ? number_text(histogram.bounds[i]) : "+Inf";
    out += fmt::format("{}_bucket{} {}\n", name, label_text(histogram.labels, le), total);
  }
  const auto labels = label_text(histogram.labels);
  out += fmt::format("{}_sum{} {}\n", name, labels, number_text(histogram.sum));
  out += fmt::format("{}_count{} {}\n", name, labels, total);
}

} // namespace

std::string render_metrics(std::span<const metric> metrics) {
  std::string out;
  for (const auto& metric : metrics) {
    if (metric.values.empty() && metric.histograms.empty())
      continue;
    out += fmt::format("# HELP {} {}\n", metric.name, escaped(metric.help, false));
    out += fmt::format("# TYPE {} {}\n", metric.name, kind_name(metric.kind));
    for (const auto& sample : metric.values)
      out += fmt::format("{}{} {}\n", metric.name, label_text(sample.labels),
                         number_text(sample.value));
    for (const auto& histogram : metric.histograms)
      append_histogram(out, metric.name, histogram);
  }
  return out;
}

} // namespace habitd
