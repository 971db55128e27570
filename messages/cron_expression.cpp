#include "messages/cron_expression.hpp"

#include <date/date.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace habitd {

namespace {

constexpr int longest_wait = 40 * 366; // days

/// One of the five fields: what it may hold.
struct field_kind {
  std::string_view name;
  int least = 0;
  int most = 0;
  std::string_view words{}; // three letters each, from `least` on
};

constexpr auto fields = std::array{
  field_kind{"minute", 0, 59},
  field_kind{"hour", 0, 23},
  field_kind{"day of month", 1, 31},
  field_kind{"month", 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"},
  field_kind{"day of week", 0, 7, "sunmontuewedthufrisat"},
};

constexpr std::size_t weekday_field = 4;

struct nickname {
  std::string_view name;
  std::string_view fields;
};

constexpr auto nicknames = std::array{
  nickname{"@hourly", "0 * * * *"},
  nickname{"@daily", "0 0 * * *"},
  nickname{"@weekly", "0 0 * * 0"},
  nickname{"@monthly", "0 0 1 * *"},
};

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const auto end = std::min(text.find_first_of(separators, from), text.size());
    parts.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return parts;
}

/// Reads one field into the set of its values.
class field_reader {
public:
  explicit field_reader(std::size_t number) : number_{number}, kind_{fields.at(number)} {}

  expected<std::bitset<60>> read(std::string_view text) const {
    std::bitset<60> values;
    for (const auto item : split(text, ","))
      if (auto failed = add(item, values))
        return failed;
    return values;
  }

private:
  error add(std::string_view item, std::bitset<60>& values) const {
    const auto slash = item.find('/');
    const auto range = item.substr(0, slash);
    const auto dash = range.find('-');
    int first = kind_.least, last = kind_.most, step = 1;
    if (range != "*") {
      if (auto failed = value(range.substr(0, dash), first))
        return failed;
      last = first;
      if (dash != std::string_view::npos) {
        if (auto failed = value(range.substr(dash + 1), last))
          return failed;
        if (number_ == weekday_field && last == 0 && first > 0)
          last = 7; // "fri-sun"
      } else if (slash != std::string_view::npos) {
        return wrong(item, "has a step, which takes a range or * before it");
      }
    }
    if (last < first)
      return wrong(range, "is a range that runs backwards");
    if (slash != std::string_view::npos && !number(item.substr(slash + 1), step))
      return wrong(item, "has a step that is no number");
    if (step < 1 || step > kind_.most)
      return wrong(item, "has a step that is not within 1-" + std::to_string(kind_.most));
    for (int at = first; at <= last; at += step)
      values.set(static_cast<std::size_t>(number_ == weekday_field ? at % 7 : at));
    return {};
  }

  error value(std::string_view text, int& result) const {
    if (text.empty())
      return wrong("a value", "is missing" + allowed());
    if (!number(text, result)) {
      const auto at = kind_.words.find(lower(text));
      if (text.size() != 3 || at == std::string_view::npos || at % 3 != 0)
        return wrong(text, "is not understood" + allowed());
      result = kind_.least + static_cast<int>(at / 3);
    }
    if (result < kind_.least || result > kind_.most)
      return wrong(text, "is not within " + limits());
    return {};
  }

  /// A number too large for an int is as wrong as any other outside the limits.
  static bool number(std::string_view text, int& result) {
    const auto* end = text.end();
    const auto [stop, failed] = std::from_chars(text.begin(), end, result);
    if (failed == std::errc::result_out_of_range)
      result = -1;
    return !text.empty() && text[0] != '-' && failed != std::errc::invalid_argument &&
           stop == end;
  }

  std::string limits() const {
    return std::to_string(kind_.least) + "-" + std::to_string(kind_.most);
  }

  std::string allowed() const {
    std::string text = " (allowed: " + limits();
    if (!kind_.words.empty())
      text += ", " + std::string{kind_.words.substr(0, 3)} + "-" +
              std::string{kind_.words.substr(kind_.words.size() - 3)};
    return text + ", *, ranges a-b, lists a,b and steps a-b/n)";
  }

  error wrong(std::string_view text, const std::string& reason) const {
    return make_error(ec::invalid_input, "field " + std::to_string(number_ + 1) + " (" +
                                           std::string{kind_.name} +
                                           "): " + std::string{text.substr(0, 40)} + " " +
                                           reason);
  }

  std::size_t number_;
  const field_kind& kind_;
};

template <std::size_t Size>
std::bitset<Size> narrowed(const std::bitset<60>& values) {
  return std::bitset<Size>{values.to_ullong()};
}

expected<std::string> without_nickname(std::string_view text) {
  if (!text.starts_with('@'))
    return std::string{text};
  std::string names;
  for (const auto& [name, meaning] : nicknames) {
    if (lower(text) == name)
      return std::string{meaning};
    names += (names.empty() ? "" : ", ") + std::string{name};
  }
  return make_error(ec::invalid_input,
                    std::string{text.substr(0, 40)} + " is none of " + names);
}

} // namespace

expected<cron_expression> parse_cron(std::string_view text) {
  const auto plain = without_nickname(text);
  if (!plain)
    return plain.error();
  auto parts = split(*plain, " \t");
  std::erase_if(parts, [](std::string_view part) { return part.empty(); });
  if (parts.size() != fields.size())
    return make_error(ec::invalid_input,
                      std::to_string(parts.size()) +
                        (parts.size() == 1 ? " field" : " fields") +
                        " instead of 5: minute, hour, day of month, month, day of week");
  std::array<std::bitset<60>, fields.size()> values;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    auto read = field_reader{i}.read(parts[i]);
    if (!read)
      return read.error();
    values[i] = *read;
  }
  cron_expression result;
  result.text = text;
  result.minutes = values[0];
  result.hours = narrowed<24>(values[1]);
  result.days = narrowed<32>(values[2]);
  result.months = narrowed<13>(values[3]);
  result.weekdays = narrowed<7>(values[4]);
  result.any_hour = parts[1].starts_with('*');
  result.any_day = parts[2].starts_with('*');
  result.any_weekday = parts[4].starts_with('*');
  if (!next_date(result, {}))
    return make_error(ec::invalid_input,
                      "no date ever matches: fields 3 to 5 are " + std::string{parts[2]} +
                        " " + std::string{parts[3]} + " " + std::string{parts[4]});
  return result;
}

bool falls_on(const cron_expression& expression, local_day date) {
  const date::year_month_day ymd{date::local_days{date::days{date.number}}};
  if (!expression.months[static_cast<unsigned>(ymd.month())])
    return false;
  const bool day = expression.days[static_cast<unsigned>(ymd.day())];
  const bool weekday =
    expression.weekdays[static_cast<std::size_t>((weekday_of(date) + 1) % 7)];
  if (expression.any_day || expression.any_weekday)
    return day && weekday;
  return day || weekday;
}

std::optional<local_day> next_date(const cron_expression& expression, local_day from) {
  for (int i = 0; i < longest_wait; ++i)
    if (falls_on(expression, from + i))
      return from + i;
  return std::nullopt;
}

} // namespace habitd
