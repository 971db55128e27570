#include "tools/habitd/jobs_text.hpp"

#include "messages/analysis_counts.hpp"
#include "storage/records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace habitd {

namespace {

constexpr std::size_t columns = 11;
using table_row = std::array<std::string, columns>;

constexpr std::array<const char*, columns> titles{
  "id",   "kind", "trigger",  "started",     "duration", "outcome",
  "rows", "days", "patterns", "suggestions", "problem"};
constexpr bool is_number(std::size_t column) {
  return column >= 6 && column <= 9;
}

/// Text from elsewhere may name files: nothing in it commands a terminal.
std::string printable(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      c = ' ';
  return text;
}

/// "2026-11-22 03:00:00", as the home's clock shows it.
std::string local_time(wall_time at, const home_calendar& calendar) {
  auto text = calendar.format(at).substr(0, 19);
  std::replace(text.begin(), text.end(), 'T', ' ');
  return text;
}

std::string duration_of(const job_record& job, wall_time now) {
  return duration_text((job.finished == wall_time{} ? now : job.finished) - job.started);
}

std::string count_text(const job_record& job, std::string_view count) {
  return std::to_string(count_of(job, count));
}

table_row row_of(const job_record& job, const home_calendar& calendar, wall_time now) {
  return {job.id,
          job.kind,
          printable(job.trigger),
          local_time(job.started, calendar),
          duration_of(job, now),
          std::string{outcome_word(job.outcome)},
          std::to_string(rows_of(job).stored),
          count_text(job, analysis_count::days),
          count_text(job, analysis_count::patterns),
          count_text(job, analysis_count::suggestions),
          printable(job.problem)};
}

std::string rows_text(const read_counts& rows) {
  auto text = fmt::format("{} stored", rows.stored);
  const auto left_out = [&text](std::uint64_t count, const char* why) {
    if (count > 0)
      text += fmt::format(", {} {}", count, why);
  };
  left_out(rows.excluded, "excluded by the settings");
  left_out(rows.too_late, "too late");
  left_out(rows.bad, "unreadable");
  left_out(rows.out_of_range, "with an impossible time");
  return text;
}

} // namespace

std::string duration_text(std::chrono::milliseconds span) {
  const auto ms = std::max<std::int64_t>(span.count(), 0);
  const auto seconds = ms / 1000;
  if (seconds < 60)
    return fmt::format("{}.{} s", seconds, ms % 1000 / 100);
  if (seconds < 3600)
    return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {:02} min", seconds / 3600, seconds / 60 % 60);
}

std::string jobs_table(const std::vector<job_record>& jobs, const home_calendar& calendar,
                       wall_time now) {
  std::vector<table_row> rows(1);
  std::copy(titles.begin(), titles.end(), rows[0].begin());
  for (const auto& job : jobs)
    rows.push_back(row_of(job, calendar, now));
  std::array<std::size_t, columns> widths{};
  for (const auto& row : rows)
    for (std::size_t i = 0; i < columns; ++i)
      widths[i] = std::max(widths[i], row[i].size());
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i + 1 < columns; ++i)
      line += is_number(i) ? fmt::format("{:>{}}  ", row[i], widths[i])
                           : fmt::format("{:<{}}  ", row[i], widths[i]);
    line += row.back();
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

std::string job_text(const job_record& job, const home_calendar& calendar,
                     wall_time now) {
  std::string text;
  const auto line = [&text](const char* what, const std::string& value) {
    if (value.empty())
      return;
    text += fmt::format("{:<12} {}", what, printable(value));
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  };
  line("id", job.id);
  line("kind", job.kind);
  line("trigger", job.trigger);
  line("correlation", job.correlation);
  line("resumes", job.resumes);
  line("started", local_time(job.started, calendar) + " (" + calendar.zone_name() + ")");
  line("duration", duration_of(job, now));
  line("outcome", std::string{outcome_word(job.outcome)});
  if (job.outcome == job_outcome::running && job.cancel_requested)
    line("", "ends at its next safe step: it is being cancelled");
  if (job.outcome == job_outcome::interrupted)
    line("", job.stopped ? "habitd was stopped" : "habitd did not end as it should");
  line("problem", job.problem);
  line("rows", rows_text(rows_of(job)));
  line("days", count_text(job, analysis_count::days));
  line("patterns", count_text(job, analysis_count::patterns));
  line("suggestions", count_text(job, analysis_count::suggestions));
  for (const auto& phase : job.phases)
    line(phase.phase == job.phases.front().phase ? "phases" : "",
         fmt::format("{:<8}  {:<6}  {:>10}  {}", phase.phase, phase.ok ? "ok" : "failed",
                     duration_text(std::chrono::milliseconds{phase.milliseconds}),
                     phase.problem));
  for (const auto& problem : job.notes)
    line("left out", problem);
  return text;
}

} // namespace habitd
