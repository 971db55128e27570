#include "tests/actors/community/crawl/crawled_home.hpp"

#include <cstdio>
#include <cstdlib>

using namespace habitd;
using namespace std::chrono_literals;

namespace {

struct week_of_life {
  std::size_t fresh = 40;
  std::size_t bumped = 100;
  std::size_t edited = 20;
  std::size_t liked = 400;
  std::size_t deleted = 3;
};

/// What happens to a forum in a week; edits of the first post bump nothing.
void live(forum& at, const week_of_life& week, std::mt19937_64& random,
          std::map<std::uint64_t, wall_time>& edited) {
  std::vector<std::uint64_t> ids;
  for (const auto& [id, topic] : at.topics())
    if (!topic.deleted)
      ids.push_back(id);
  const auto any = [&] { return ids[random() % ids.size()]; };
  at.set_time(at.now() + 24h * 7);
  at.add_topics(week.fresh, 0);
  for (std::size_t i = 0; i < week.bumped; ++i)
    at.reply(any());
  for (std::size_t i = 0; i < week.edited; ++i) {
    const auto id = any();
    at.edit(id, made_blueprint(random()));
    edited[id] = at.now();
  }
  for (std::size_t i = 0; i < week.liked; ++i)
    at.like(any(), static_cast<int>(random() % 5) - 1);
  for (std::size_t i = 0; i < week.deleted; ++i)
    at.remove(any());
}

/// Topics whose text may lag: edited without a bump less than eight weeks ago.
std::set<std::uint64_t> lagging(const std::map<std::uint64_t, wall_time>& edited,
                                wall_time now) {
  std::set<std::uint64_t> ids;
  for (const auto& [id, when] : edited)
    if (now - when < 24h * 7 * 8)
      ids.insert(id);
  return ids;
}

std::size_t deleted_but_here(const crawled_home& home) {
  std::size_t count = 0;
  for (const auto& [id, topic] : home.at.topics())
    count += topic.deleted && home.topic(id) ? 1 : 0;
  return count;
}

/// First the whole forum, then some weeks of its life.
void crawl_weeks(std::size_t topics, const week_of_life& week, int weeks,
                 std::uint64_t most_requests, std::uint64_t most_bytes) {
  crawled_home home;
  home.settings.topics_a_run = static_cast<std::uint32_t>(topics);
  home.policy.budget.requests = topics * 2;
  home.policy.budget.bytes = std::uint64_t{topics} * 40'000;
  std::mt19937_64 random{3};
  for (const auto id : home.at.add_topics(topics, 0)) // as if in the course of a year
    home.at.topic(id).bumped -= std::chrono::minutes{random() % (365 * 24 * 60)};
  const auto first = home.run("first");
  CHECK(differences(home).empty());
  std::printf("first crawl of %zu topics: %llu requests, %.1f MB\n", topics,
              static_cast<unsigned long long>(first.requests),
              static_cast<double>(first.bytes) / 1e6);
  home.policy = {};
  home.settings.topics_a_run = 500;
  std::map<std::uint64_t, wall_time> edited;
  for (int number = 1; number <= weeks; ++number) {
    live(home.at, week, random, edited);
    const auto begun = home.at.now();
    const auto end = home.run(fmt::format("week-{}", number));
    std::printf(
      "week %d: %zu handed over, %zu gone, %llu requests, %.1f MB, %lld min\n", number,
      home.handed_over, end.gone.size(), static_cast<unsigned long long>(end.requests),
      static_cast<double>(end.bytes) / 1e6,
      static_cast<long long>(
        std::chrono::floor<std::chrono::minutes>(home.at.now() - begun).count()));
    CHECK(end.requests <= most_requests);
    CHECK(end.bytes <= most_bytes);
    CHECK(end.missed == 0);
    const auto wrong = differences(home, lagging(edited, home.at.now()));
    CHECK(wrong.empty());
    if (!wrong.empty())
      FAIL(wrong.front());
    CHECK(deleted_but_here(home) <= week.deleted); // of this week alone
  }
}

} // namespace

TEST_CASE("twelve weeks of a small forum are followed, but for what can't be seen yet") {
  crawl_weeks(200, {4, 8, 3, 30, 1}, 12, 80, 1'000'000);
}

TEST_CASE("twelve weeks of 3,000 topics are followed in 700 requests and 10 MB each",
          "[.][long]") {
  crawl_weeks(3'000, {}, 12, 700, 10'000'000);
}

TEST_CASE("what a week costs grows with its new topics, up to the limit of a run",
          "[.][long]") {
  for (const std::size_t fresh : {0, 100, 200, 500}) {
    std::printf("%zu new topics:\n", fresh);
    crawl_weeks(3'000, {fresh, 0, 0, 400, 0}, 1, 2'500, 20 << 20);
  }
}
