#include "http/metrics.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>

using namespace habitd;

namespace {

std::vector<metric> one_of_each() {
  return {
    {.name = "habitd_events_total",
     .help = "State changes read.",
     .kind = metric_kind::counter,
     .values = {{{{"source", "recorder"}}, 12345678901}, {{{"source", "mqtt"}}, 0}}},
    {.name = "habitd_store_size_bytes",
     .help = "Size on disk, \\ and\nall.",
     .kind = metric_kind::gauge,
     .values = {{{{"path", "a\"b\\c\nd"}}, 0.5}}},
    {.name = "habitd_query_duration_seconds",
     .help = "Time to answer.",
     .kind = metric_kind::histogram,
     .histograms = {{{{"route", "/health"}}, {0.005, 0.1, 1}, {3, 2, 0, 1}, 1.75}}},
  };
}

} // namespace

TEST_CASE("render_metrics writes the text format, with cumulative buckets") {
  CHECK(render_metrics(one_of_each()) ==
        "# HELP habitd_events_total State changes read.\n"
        "# TYPE habitd_events_total counter\n"
        "habitd_events_total{source=\"recorder\"} 12345678901\n"
        "habitd_events_total{source=\"mqtt\"} 0\n"
        "# HELP habitd_store_size_bytes Size on disk, \\\\ and\\nall.\n"
        "# TYPE habitd_store_size_bytes gauge\n"
        "habitd_store_size_bytes{path=\"a\\\"b\\\\c\\nd\"} 0.5\n"
        "# HELP habitd_query_duration_seconds Time to answer.\n"
        "# TYPE habitd_query_duration_seconds histogram\n"
        "habitd_query_duration_seconds_bucket{route=\"/health\",le=\"0.005\"} 3\n"
        "habitd_query_duration_seconds_bucket{route=\"/health\",le=\"0.1\"} 5\n"
        "habitd_query_duration_seconds_bucket{route=\"/health\",le=\"1\"} 5\n"
        "habitd_query_duration_seconds_bucket{route=\"/health\",le=\"+Inf\"} 6\n"
        "habitd_query_duration_seconds_sum{route=\"/health\"} 1.75\n"
        "habitd_query_duration_seconds_count{route=\"/health\"} 6\n");
}

TEST_CASE("render_metrics writes numbers that are none as Prometheus spells them") {
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  const std::vector<metric> metrics{
    {.name = "x", .help = "h", .values = {{{}, infinity}, {{}, -infinity}, {{}, NAN}}}};

  CHECK(render_metrics(metrics) == "# HELP x h\n# TYPE x gauge\nx +Inf\nx -Inf\nx NaN\n");
}

TEST_CASE("render_metrics leaves out a metric without samples") {
  const std::vector<metric> metrics{{.name = "x", .help = "h"}};

  CHECK(render_metrics(metrics).empty());
}

TEST_CASE("promtool has nothing to say about our metrics") {
  if (std::system("command -v promtool >/dev/null 2>&1") != 0) {
    WARN("skipped: promtool (Debian package prometheus) is not installed");
    return;
  }
  const auto file = std::filesystem::temp_directory_path() / "habitd_metrics_test.prom";
  std::ofstream{file} << render_metrics(one_of_each());

  const auto status = std::system(("promtool check metrics < " + file.string()).c_str());

  CHECK(status == 0);
  std::filesystem::remove(file);
}
