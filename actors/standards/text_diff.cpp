#include "actors/standards/text_diff.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

using lines = std::vector<std::string_view>;
using kind = diff_run::kind;

constexpr int longest_edit = 1000; // the memory of its search grows with the square: 4 MB
constexpr std::size_t context = 3;

/// Appends a run, or makes the last one longer.
void append(std::vector<diff_run>& runs, kind what, std::size_t from_old,
            std::size_t from_new, std::size_t count = 1) {
  if (count == 0)
    return;
  if (!runs.empty() && runs.back().what == what)
    runs.back().count += count;
  else
    runs.push_back({what, from_old, from_new, count});
}

/// How far each diagonal k = x - y is reached by an edit of d steps, for d = 0, 1, …
class edit_search {
public:
  edit_search(const lines& before, const lines& after, std::size_t begin,
              std::size_t old_end, std::size_t new_end)
      : before_{before}, after_{after}, begin_{begin},
        width_{static_cast<int>(old_end - begin)}, height_{
                                                     static_cast<int>(new_end - begin)} {}

  /// False if the edit is too long.
  bool run() {
    std::vector<int> last{0, 0, 0}; // k = -1 … 1
    for (int steps = 0; steps <= std::min(width_ + height_, longest_edit); ++steps) {
      std::vector<int> reached(static_cast<std::size_t>(2 * steps + 1));
      for (int k = -steps; k <= steps; k += 2) {
        int x = steps == 0 ? 0 : first_x(last, steps, k);
        while (x < width_ && x - k < height_ && same(x, x - k))
          ++x;
        reached[static_cast<std::size_t>(k + steps)] = x;
        if (x >= width_ && x - k >= height_) {
          reached_.push_back(std::move(reached));
          return true;
        }
      }
      reached_.push_back(reached);
      last = std::move(reached);
    }
    return false;
  }

  /// Where lines are removed (true) or added (false), from the end to the beginning, with
  /// the place before that step.
  struct step {
    bool removes;
    int x, y;
  };
  std::vector<step> steps_back() const {
    std::vector<step> path;
    int k = width_ - height_;
    for (int steps = static_cast<int>(reached_.size()) - 1; steps > 0; --steps) {
      const auto& last = reached_[static_cast<std::size_t>(steps - 1)];
      const bool removes = comes_from_the_left(last, steps, k);
      k += removes ? -1 : 1;
      const int x = at(last, steps - 1, k);
      path.push_back({removes, x, x - k});
    }
    return path;
  }

private:
  static int at(const std::vector<int>& reached, int steps, int k) {
    return k < -steps || k > steps ? -1 : reached[static_cast<std::size_t>(k + steps)];
  }
  /// A diagonal that the last step left at the border is no way to come by.
  bool comes_from_the_left(const std::vector<int>& last, int steps, int k) const {
    if (k == -steps)
      return false;
    if (k == steps)
      return true;
    return at(last, steps - 1, k - 1) >= at(last, steps - 1, k + 1);
  }
  int first_x(const std::vector<int>& last, int steps, int k) const {
    return comes_from_the_left(last, steps, k) ? at(last, steps - 1, k - 1) + 1
                                               : at(last, steps - 1, k + 1);
  }
  bool same(int x, int y) const {
    return before_[begin_ + static_cast<std::size_t>(x)] ==
           after_[begin_ + static_cast<std::size_t>(y)];
  }

  const lines& before_;
  const lines& after_;
  std::size_t begin_;
  int width_;
  int height_;
  std::vector<std::vector<int>> reached_;
};

/// "12,5", as a hunk's header counts: from 1, and the line before if there is none.
std::string place(std::size_t from, std::size_t count) {
  return count == 1 ? fmt::format("{}", from + 1)
                    : fmt::format("{},{}", count == 0 ? from : from + 1, count);
}

/// Changes that are near enough to be shown together, with what is around them.
struct hunk {
  std::size_t old_from, new_from, old_count = 0, new_count = 0;
  std::string text{};
};

void show(hunk& to, char sign, const lines& of, std::size_t from, std::size_t count) {
  for (std::size_t i = from; i < from + count; ++i)
    to.text.append(1, sign).append(of[i]) += '\n';
  to.old_count += sign == '+' ? 0 : count;
  to.new_count += sign == '-' ? 0 : count;
}

} // namespace

std::vector<std::string_view> lines_of(std::string_view text) {
  lines result;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    result.push_back(line);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return result;
}

std::vector<diff_run> diff_lines(const lines& before, const lines& after) {
  std::size_t begin = 0;
  while (begin < before.size() && begin < after.size() && before[begin] == after[begin])
    ++begin;
  std::size_t tail = 0;
  while (tail < before.size() - begin && tail < after.size() - begin &&
         before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
    ++tail;
  const auto old_end = before.size() - tail;
  const auto new_end = after.size() - tail;
  std::vector<diff_run> runs;
  append(runs, kind::same, 0, 0, begin);
  edit_search search{before, after, begin, old_end, new_end};
  auto x = begin, y = begin;
  if (search.run()) {
    const auto path = search.steps_back();
    for (auto step = path.rbegin(); step != path.rend(); ++step) {
      const auto until = begin + static_cast<std::size_t>(step->x);
      append(runs, kind::same, x, y, until - x);
      y += until - x;
      x = until;
      append(runs, step->removes ? kind::removed : kind::added, x, y);
      ++(step->removes ? x : y);
    }
  } else {
    append(runs, kind::removed, x, y, old_end - x);
    append(runs, kind::added, old_end, y, new_end - y);
    x = old_end;
    y = new_end;
  }
  append(runs, kind::same, x, y, before.size() - x);
  return runs;
}

std::string unified_diff(std::string_view before, std::string_view after,
                         std::string_view name_before, std::string_view name_after) {
  const auto old_lines = lines_of(before);
  const auto new_lines = lines_of(after);
  const auto runs = diff_lines(old_lines, new_lines);
  std::vector<hunk> hunks;
  bool open = false;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto& run = runs[i];
    if (run.what != kind::same) {
      if (!open)
        hunks.push_back({run.from_old, run.from_new});
      open = true;
      const bool removed = run.what == kind::removed;
      show(hunks.back(), removed ? '-' : '+', removed ? old_lines : new_lines,
           removed ? run.from_old : run.from_new, run.count);
      continue;
    }
    const bool last = i + 1 == runs.size();
    if (open && !last && run.count <= 2 * context) {
      show(hunks.back(), ' ', old_lines, run.from_old, run.count);
      continue;
    }
    if (open)
      show(hunks.back(), ' ', old_lines, run.from_old, std::min(run.count, context));
    open = !last;
    if (last)
      break;
    const auto lead = std::min(run.count, context);
    hunks.push_back({run.from_old + run.count - lead, run.from_new + run.count - lead});
    show(hunks.back(), ' ', old_lines, run.from_old + run.count - lead, lead);
  }
  if (hunks.empty())
    return {};
  auto result = fmt::format("--- {}\n+++ {}\n", name_before, name_after);
  for (const auto& part : hunks)
    result += fmt::format("@@ -{} +{} @@\n{}", place(part.old_from, part.old_count),
                          place(part.new_from, part.new_count), part.text);
  return result;
}

line_counts count_changes(const std::vector<diff_run>& runs) {
  line_counts counts;
  for (const auto& run : runs) {
    counts.added += run.what == kind::added ? run.count : 0;
    counts.removed += run.what == kind::removed ? run.count : 0;
  }
  return counts;
}

} // namespace habitd
