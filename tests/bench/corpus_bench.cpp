// What questions, near-duplicates and memory of the community corpus cost, beside SQLite's
// FTS5 on the same words. Usage: corpus_bench [entries …]

#include "actors/community/corpus_index.hpp"
#include "actors/community/near_duplicates.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace habitd;
using steady = std::chrono::steady_clock;

constexpr std::size_t queries = 2'000;

double ms_since(steady::time_point begun) {
  return std::chrono::duration<double, std::milli>{steady::now() - begun}.count();
}

double resident_mb() {
  std::ifstream statm{"/proc/self/statm"};
  double total = 0, resident = 0;
  statm >> total >> resident;
  return resident * 4096 / 1e6;
}

/// Words by Zipf's law, as texts have them.
class words {
public:
  std::string next() {
    const auto rank = static_cast<int>(std::exp(uniform_(random_) * 9.2));
    return fmt::format("w{}", rank);
  }
  std::string text(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
      text += (i ? " " : "") + next();
    return text;
  }
  std::mt19937& random() { return random_; }

private:
  std::mt19937 random_{7};
  std::uniform_real_distribution<> uniform_{0, 1};
};

std::vector<corpus_entry> make_entries(std::size_t count, words& from) {
  constexpr std::array domains{"light", "switch", "cover", "climate", "fan", "lock"};
  constexpr std::array classes{"motion", "door", "window", "temperature", "power"};
  std::vector<corpus_entry> entries(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto& entry = entries[i];
    auto& random = from.random();
    entry.id = fmt::format("{:016x}", i);
    entry.title = from.text(6);
    entry.url = "https://community.home-assistant.io/t/topic/" + entry.id;
    entry.facts.name = from.text(4);
    entry.facts.description = from.text(40);
    entry.quality = std::uniform_real_distribution<>{0.4, 1}(random);
    entry.facts.domains = {domains[random() % domains.size()]};
    entry.facts.device_classes = {classes[random() % classes.size()]};
    for (int n = 0; n < 4; ++n) {
      blueprint_input input;
      input.key = fmt::format("input_{}", n);
      input.selector = "entity";
      input.entities.push_back({{},
                                {domains[random() % domains.size()]},
                                {classes[random() % classes.size()]},
                                {}});
      entry.facts.inputs.push_back(std::move(input));
    }
  }
  return entries;
}

struct quantiles {
  double median, p99;
};

template <class Ask>
quantiles timed(const std::vector<std::string>& asked, Ask ask) {
  std::vector<double> all;
  for (const auto& text : asked) {
    const auto begun = steady::now();
    ask(text);
    all.push_back(ms_since(begun));
  }
  std::sort(all.begin(), all.end());
  return {all[all.size() / 2], all[all.size() * 99 / 100]};
}

quantiles fts5(const std::vector<corpus_entry>& entries,
               const std::vector<std::string>& asked) {
  sqlite3* db = nullptr;
  sqlite3_open(":memory:", &db);
  sqlite3_exec(db, "create virtual table c using fts5(title, name, description); begin",
               nullptr, nullptr, nullptr);
  sqlite3_stmt* put = nullptr;
  sqlite3_prepare_v2(db, "insert into c values(?,?,?)", -1, &put, nullptr);
  for (const auto& entry : entries) {
    int i = 0;
    for (const auto* text : {&entry.title, &entry.facts.name, &entry.facts.description})
      sqlite3_bind_text(put, ++i, text->c_str(), -1, SQLITE_STATIC);
    sqlite3_step(put);
    sqlite3_reset(put);
  }
  sqlite3_finalize(put);
  sqlite3_exec(db, "commit", nullptr, nullptr, nullptr);
  sqlite3_stmt* get = nullptr;
  sqlite3_prepare_v2(db, "select rowid from c where c match ? order by rank limit 20", -1,
                     &get, nullptr);
  const auto result = timed(asked, [&](const std::string& text) {
    sqlite3_bind_text(get, 1, text.c_str(), -1, SQLITE_STATIC);
    while (sqlite3_step(get) == SQLITE_ROW)
      ;
    sqlite3_reset(get);
  });
  sqlite3_finalize(get);
  sqlite3_close(db);
  return result;
}

void measure_near_duplicates(std::size_t count) {
  std::mt19937 random{3};
  std::vector<std::vector<std::uint32_t>> sets;
  while (sets.size() < count) {
    std::vector<std::uint32_t> base(50 + random() % 500);
    std::generate(base.begin(), base.end(), std::ref(random));
    for (int copy = 0; copy < 1 + static_cast<int>(random() % 3) && sets.size() < count;
         ++copy) {
      auto set = base;
      for (auto& shingle : set)
        if (random() % 100 < static_cast<unsigned>(copy * 3))
          shingle = static_cast<std::uint32_t>(random());
      std::sort(set.begin(), set.end());
      sets.push_back(std::move(set));
    }
  }
  const auto begun = steady::now();
  const auto into = absorbers(
    sets.size(), [&](std::size_t i) -> const auto& { return sets[i]; }, 0.9);
  const auto took = ms_since(begun);
  std::size_t absorbed = 0;
  for (std::size_t i = 0; i < into.size(); ++i)
    absorbed += into[i] != i;
  fmt::print("  near-duplicates: {:.0f} ms, {} absorbed\n", took, absorbed);
}

void measure(std::size_t count) {
  words from;
  auto entries = make_entries(count, from);
  std::vector<std::string> asked;
  for (std::size_t i = 0; i < queries; ++i)
    asked.push_back(from.text(1 + i % 3));
  const auto theirs = fts5(entries, asked);
  const auto before = resident_mb();
  const auto begun = steady::now();
  const corpus_index index{entries};
  fmt::print("{} entries: index built in {:.0f} ms, {:.1f} MB by its own count, resident "
             "{:+.1f} MB\n",
             count, ms_since(begun), static_cast<double>(index.bytes()) / 1e6,
             resident_mb() - before);
  const auto ours = timed(asked, [&](const std::string& text) {
    if (index.search({.text = text}).total > count)
      std::abort();
  });
  fmt::print(
    "  search: median {:.3f} ms, p99 {:.3f} ms; FTS5 median {:.3f} ms, p99 {:.3f} "
    "ms; ratio of p99 {:.2f}\n",
    ours.median, ours.p99, theirs.median, theirs.p99, ours.p99 / theirs.p99);
  measure_near_duplicates(count);
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2)
    for (const auto count : {std::size_t{3'000}, std::size_t{100'000}})
      measure(count);
  for (int i = 1; i < argc; ++i)
    measure(static_cast<std::size_t>(std::strtoull(argv[i], nullptr, 10)));
}
