#include "config/nearest_name.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> two_back, back, row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    two_back = std::move(back);
    back = row;
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t differs = a[i - 1] != b[j - 1];
      row[j] = std::min({back[j] + 1, row[j - 1] + 1, back[j - 1] + differs});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], two_back[j - 2] + 1);
    }
  }
  return row.back();
}

} // namespace

std::string_view nearest_name(std::string_view typed,
                              const std::vector<std::string_view>& names) {
  std::string_view best;
  if (typed.size() > 64) // no key is near that
    return best;
  std::size_t fewest = SIZE_MAX;
  for (const auto name : names) {
    const auto edits = edits_between(typed, name);
    if (edits < fewest && edits <= std::max<std::size_t>(1, name.size() / 3)) {
      fewest = edits;
      best = name;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view typed,
                         const std::vector<std::string_view>& names) {
  const auto meant = nearest_name(typed, names);
  return meant.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", meant);
}

} // namespace habitd
