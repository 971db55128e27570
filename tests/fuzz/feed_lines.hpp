#pragma once

#include "actors/home/line_layout.hpp"
#include "actors/home/read_time.hpp"

#include <cstdlib>

namespace habitd {

/// Gives bytes line by line to a layout, as a source does, and checks the page it makes.
inline void feed_lines(line_layout layout, std::string_view bytes) {
  row_sink rows;
  std::uint64_t number = 0;
  std::vector<char> padded;
  while (true) {
    const auto end = bytes.find('\n');
    const auto line = bytes.substr(0, end);
    padded.assign(line.begin(), line.end());
    padded.resize(line.size() + 64); // exactly as much as is promised
    rows.set_place("fuzz", ++number);
    layout.take({{padded.data(), line.size()}, "DAY_1.txt", number}, rows);
    if (end == std::string_view::npos)
      break;
    bytes.remove_prefix(end + 1);
  }
  layout.finish(rows);
  const auto page = rows.take_page();
  for (const auto& row : page.rows) {
    const auto texts = page.texts.size();
    if (row.entity >= texts || row.state >= texts || row.old_state >= texts)
      std::abort();
    if (!in_range(row.at) || page.texts[row.state].size() > 255)
      std::abort();
    if (row.kind != row_kind::restart && page.texts[row.entity].empty())
      std::abort();
  }
}

inline home_facts fuzz_home() {
  static const auto calendar =
    std::make_shared<const home_calendar>(*home_calendar::open("Europe/Berlin"));
  return {calendar, std::make_shared<attribution>(std::vector<std::string>{"machine"})};
}

} // namespace habitd
