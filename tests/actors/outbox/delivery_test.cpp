// Delivery as plain functions, over a store that is opened again after every crash.

#include "actors/outbox/delivery.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <map>
#include <random>

namespace habitd {
namespace {

using namespace std::chrono_literals;
using kind = delivery_result::kind;

const wall_time noon{1'790'000'000'000ms};

outbox_entry tried(std::uint32_t attempts, wall_time created = noon) {
  outbox_entry entry;
  entry.sequence = 7;
  entry.target = "webhook";
  entry.created = created;
  entry.attempts = attempts;
  return entry;
}

settlement after(const outbox_entry& entry, const delivery_result& result,
                 double random = 0, wall_time now = noon) {
  return settle(entry, result, now, {}, random);
}

const delivery_result failed{kind::failed, "no answer", {}};

TEST_CASE("attempts wait from 1 s, twice as long each time, to 5 min, plus jitter") {
  CHECK(after(tried(0), failed).wait == 1s);
  CHECK(after(tried(1), failed).wait == 2s);
  CHECK(after(tried(8), failed).wait == 256s);
  CHECK(after(tried(9), failed).wait == 300s);
  CHECK(after(tried(0), failed, 0.5).wait == 1100ms);
  std::mt19937 random{1};
  std::uniform_real_distribution<> uniform{0, 1};
  for (std::uint32_t attempts = 0; attempts < 499; ++attempts) {
    const auto settled = after(tried(attempts), failed, uniform(random));
    const auto least =
      std::min<std::chrono::milliseconds>(1s * (1LL << std::min(attempts, 20U)), 300s);
    REQUIRE(settled.what == fate::again);
    CHECK(settled.wait >= least);
    CHECK(settled.wait <= least * 12 / 10);
    CHECK(settled.entry.next_attempt == noon + settled.wait);
    CHECK(settled.entry.attempts == attempts + 1);
    CHECK(settled.entry.last_error == "no answer");
  }
}

TEST_CASE(
  "a target that asks for time gets it, up to an hour, and never less than ours") {
  const auto asked = [](std::chrono::seconds wait, std::uint32_t attempts) {
    return after(tried(attempts), {kind::failed, "", wait}).wait;
  };

  CHECK(asked(30s, 0) == 30s);
  CHECK(asked(1s, 6) == 64s);
  CHECK(asked(24h, 0) == 1h);
  CHECK(asked(std::chrono::seconds::max(), 0) == 1h);
}

TEST_CASE("what is refused, or tried for a day or 500 times, becomes a dead letter") {
  CHECK(after(tried(0), {kind::refused, "status 400", {}}).what == fate::dead);
  CHECK(after(tried(9), failed, 0, noon + 24h).what == fate::dead);
  CHECK(after(tried(9), failed, 0, noon + 24h - 1ms).what == fate::again);
  CHECK(after(tried(499), failed).what == fate::dead);
  CHECK(after(tried(0), {kind::refused, "status 400", {}}).entry.dead);
}

TEST_CASE(
  "a clock that jumps, or a long time off, gives up nothing that was hardly tried") {
  CHECK(after(tried(0), failed, 0, noon + 24h * 365 * 30).what == fate::again);
  CHECK(after(tried(8), failed, 0, noon + 48h).what == fate::again);
  auto entry = tried(3);
  entry.next_attempt = noon;

  CHECK(time_left(entry, noon - 1min, {}) == 1min);
  CHECK(time_left(entry, noon - 24h * 365 * 50, {}) == 1h);
  CHECK(time_left(entry, noon + 1ms, {}) == 0ms);
}

TEST_CASE("statuses mean what HTTP says") {
  for (const int status : {200, 201, 204, 299})
    CHECK(meaning_of_status(status) == kind::delivered);
  for (const int status : {301, 302, 307, 408, 425, 429, 500, 502, 503, 599, 0})
    CHECK(meaning_of_status(status) == kind::failed);
  for (const int status : {400, 401, 403, 404, 410, 413, 422, 499})
    CHECK(meaning_of_status(status) == kind::refused);
}

/// Where a crash strikes.
enum class crash { nowhere, before_delivery, after_delivery, after_commit };

/// A target that fails at will, and a process that dies at will between any two steps.
struct unreliable_world {
  scratch_directory scratch;
  std::unique_ptr<database> db = must_open(scratch.options());
  std::unique_ptr<outbox_store> outbox = std::make_unique<outbox_store>(*db);
  std::mt19937_64 random;
  wall_time now = noon;
  std::map<std::string, std::vector<std::uint64_t>> committed, received;
  std::map<std::uint64_t, int>
    unacknowledged; // delivered, then a crash before the commit
  std::vector<std::uint64_t> refused;

  void begin(std::uint64_t seed) {
    random.seed(seed);
    committed.clear();
    received.clear();
    unacknowledged.clear();
    refused.clear();
    batch changes;
    changes.erase_range(family::outbox, "a", "z");
    REQUIRE_FALSE(db->write(std::move(changes)));
  }

  bool chance(int percent) { return static_cast<int>(random() % 100) < percent; }

  /// What is written is there for the next process; now and then it really is opened again.
  void restart() {
    outbox.reset();
    if (random() % 1000 == 0) {
      db.reset();
      db = must_open(scratch.options());
    }
    outbox = std::make_unique<outbox_store>(*db);
  }

  void produce() {
    batch changes;
    outbox_entry entry;
    entry.target = chance(50) ? "file" : "webhook";
    entry.created = now;
    const auto sequence = outbox->stage(changes, entry);
    REQUIRE(sequence);
    if (chance(20))
      return restart(); // before the commit: nothing was promised
    REQUIRE_FALSE(db->write(std::move(changes)));
    committed[entry.target].push_back(*sequence);
    if (chance(10))
      restart();
  }

  delivery_result deliver(const outbox_entry& entry) {
    const auto dice = random() % 100;
    if (dice < 30)
      return failed;
    if (dice < 35) {
      refused.push_back(entry.sequence);
      return {kind::refused, "status 400", {}};
    }
    received[entry.target].push_back(entry.sequence);
    return {};
  }

  void step(const std::string& target, crash at) {
    const auto entry = outbox->next(target);
    if (!entry)
      return;
    now += time_left(*entry, now, {});
    if (at == crash::before_delivery)
      return restart();
    const auto result = deliver(*entry);
    if (at == crash::after_delivery) {
      if (result.how == kind::delivered)
        ++unacknowledged[entry->sequence];
      if (result.how == kind::refused)
        refused.pop_back(); // nobody remembers
      return restart();
    }
    batch changes;
    const auto settled = settle(*entry, result, now, {}, 0.5);
    REQUIRE_FALSE(stage_settlement(*outbox, changes, settled));
    REQUIRE_FALSE(db->write(std::move(changes)));
    if (at == crash::after_commit)
      restart();
  }

  crash any_crash() {
    return chance(75) ? crash::nowhere : static_cast<crash>(1 + random() % 3);
  }
};

TEST_CASE("everything arrives in order, at least once, whatever crashes when") {
  unreliable_world world;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    CAPTURE(seed);
    world.begin(seed);
    for (int i = 0; i < 60; ++i) {
      if (world.chance(40))
        world.produce();
      world.step(world.chance(50) ? "file" : "webhook", world.any_crash());
    }
    for (int i = 0; i < 2000 && !world.outbox->list()->empty(); ++i)
      for (const auto* target : {"file", "webhook"})
        world.step(target, i < 20 ? world.any_crash() : crash::nowhere);

    const auto letters = *world.outbox->dead_letters();
    std::vector<std::uint64_t> dead;
    for (const auto& letter : letters)
      dead.push_back(letter.sequence);
    std::sort(world.refused.begin(), world.refused.end());
    CHECK(dead == world.refused);
    for (const auto& [target, sequences] : world.committed) {
      const auto& got = world.received[target];
      CHECK(std::is_sorted(got.begin(), got.end()));
      for (const auto sequence : sequences) {
        const auto times = std::count(got.begin(), got.end(), sequence);
        const auto is_dead = std::binary_search(dead.begin(), dead.end(), sequence);
        CHECK(times == (is_dead ? 0 : 1) + world.unacknowledged[sequence]);
      }
      CHECK_FALSE(world.outbox->next(target));
    }
  }
}

} // namespace
} // namespace habitd
