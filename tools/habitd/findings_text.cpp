#include "tools/habitd/findings.hpp"

#include "actors/suggestion/wording.hpp"
#include "messages/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

/// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number) {
  auto text = std::to_string(number);
  for (auto at = static_cast<int>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

class styles {
public:
  explicit styles(bool colour) : colour_{colour} {}
  std::string bold(const std::string& text) const { return wrap("1", text); }
  std::string dim(const std::string& text) const { return wrap("2", text); }

private:
  std::string wrap(const char* code, const std::string& text) const {
    return colour_ ? fmt::format("\033[{}m{}\033[0m", code, text) : text;
  }
  bool colour_;
};

std::string headline(const pattern& habit) {
  const auto seen = event_words(habit.entities.back(), habit.turns.back());
  if (habit.time)
    return fmt::format("{} around {} {}", seen, clock_phrase(*habit.time),
                       weekday_phrase(habit.weekdays));
  return fmt::format("{} after {}", seen,
                     event_words(habit.entities.front(), habit.turns.front()));
}

std::string evidence(const pattern& habit) {
  auto text = habit.time ? fmt::format("{} of {} days, within {:.0f} min", habit.support,
                                       habit.trials, std::max(1.0, habit.spread_minutes))
                         : fmt::format("{} of {} times on {} days", habit.support,
                                       habit.trials, habit.support_days);
  if (habit.lag)
    text += fmt::format(", after {} ({} to {})", span_phrase(habit.lag->median),
                        span_phrase(habit.lag->p10), span_phrase(habit.lag->p90));
  text += fmt::format("; {:.1f}x chance, q = {:.1g}", habit.lift, habit.q);
  if (!habit.dates.empty())
    text += "; last on " + format_date(habit.dates.back());
  return text;
}

std::string pattern_lines(const findings& all, pattern_status status,
                          const styles& style) {
  std::string text;
  for (const auto& habit : all.patterns) {
    if (habit.status != status)
      continue;
    text += fmt::format("  {}\n      {}\n", style.bold(headline(habit)),
                        style.dim(evidence(habit)));
  }
  return text;
}

std::string indented(const std::string& block, const char* by) {
  std::string text;
  std::size_t begin = 0;
  while (begin < block.size()) {
    const auto end = block.find('\n', begin);
    text += by + block.substr(begin, end - begin) + "\n";
    begin = end == std::string::npos ? block.size() : end + 1;
  }
  return text;
}

std::string suggestion_lines(const findings& all, const styles& style) {
  std::string text;
  int number = 0;
  for (const auto& made : all.suggestions) {
    const auto& test = made.test;
    text += fmt::format(
      "  {}. {}{}\n     {}\n     On the {} stored days it would have run "
      "{} times: {} right, {} unwanted.\n\n{}\n",
      ++number, style.bold(made.title), made.asks_first ? " (asks first)" : "",
      made.reason, test.days, test.fired, test.right, test.unwanted,
      style.dim(indented(made.yaml, "       ")));
  }
  return text;
}

std::string rows_line(const findings& all) {
  const auto& rows = all.rows;
  const auto read = rows_of(all.job);
  std::string text = fmt::format("{} acts of people and devices", grouped(rows.kept));
  const auto left_out = [&text](std::uint64_t count, const char* why) {
    if (count > 0)
      text += fmt::format(", {} {}", grouped(count), why);
  };
  left_out(rows.automated, "by automations");
  left_out(rows.not_a_turn, "readings or changes that are no act");
  left_out(rows.attribute_only, "without a change of state");
  left_out(rows.unavailable, "to or from unavailable");
  left_out(rows.restart, "around a restart");
  left_out(rows.echo, "echoes of a group or scene");
  left_out(rows.periodic, "by the clock of a device");
  left_out(rows.duplicate, "read twice");
  left_out(read.excluded, "excluded by the settings");
  left_out(read.too_late, "too late");
  left_out(read.out_of_range, "with an impossible time");
  left_out(read.bad, "unreadable");
  return text;
}

std::string section(const styles& style, const std::string& title,
                    const std::string& content, const char* otherwise) {
  return style.bold(title) + "\n" +
         (content.empty() ? std::string{"  "} + otherwise + "\n" : content) + "\n";
}

} // namespace

std::string findings_text(const findings& all, bool colour) {
  const styles style{colour};
  const auto unread = rows_of(all.job);
  const auto span = all.first_day ? fmt::format("{} to {}", format_date(*all.first_day),
                                                format_date(*all.last_day))
                                  : std::string{"no day"};
  auto text =
    fmt::format("{} rows of {} entities from {}, {} ({} days, {})\n",
                grouped(all.rows.rows + unread.bad + unread.out_of_range),
                grouped(all.entities), all.source, span, all.days, all.time_zone);
  text += style.dim("  " + rows_line(all)) + "\n";
  for (const auto& problem : all.job.notes)
    text += style.dim("  left out: " + problem) + "\n";
  text += "\n";
  text += section(style, "Habits", pattern_lines(all, pattern_status::confirmed, style),
                  "None yet. A habit shows after one to three weeks, and is named only "
                  "when later days confirm it.");
  const auto candidates = pattern_lines(all, pattern_status::candidate, style);
  if (!candidates.empty())
    text +=
      section(style, "Candidates, to be confirmed by the coming days", candidates, "");
  text += section(style, "Automations you could have", suggestion_lines(all, style),
                  "None: no confirmed habit ends in something that can be switched.");
  return text;
}

} // namespace habitd
