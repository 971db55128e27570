#include "storage/keys.hpp"
#include "tests/storage/peer_process.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <random>
#include <vector>

using namespace habitd;

namespace {

/// Numbers a family holds, as `storage_peer write` put them.
std::vector<std::uint64_t> numbers_in(const database& db, family in) {
  std::vector<std::uint64_t> numbers;
  const auto failed = db.scan(in, {}, {}, [&](std::string_view key, std::string_view) {
    numbers.push_back(big_endian<std::uint64_t>(key));
    return true;
  });
  CHECK_FALSE(failed);
  return numbers;
}

} // namespace

TEST_CASE("a process killed while it writes leaves whole batches and all acknowledged") {
  const scratch_directory scratch;
  std::mt19937 random{20261122};
  std::uint64_t before = 0;
  for (int round = 0; round < 8; ++round) {
    std::uint64_t acknowledged = 0;
    {
      peer_process writer{"write", scratch.store()};
      const auto lines = std::uniform_int_distribution{1, 250}(random);
      for (int i = 0; i < lines; ++i)
        acknowledged = std::stoull(writer.line());
      writer.kill_now();
    }

    const auto db = must_open(scratch.options());
    const auto numbers = numbers_in(*db, family::events);

    CHECK(db->recovered_from().empty());
    CHECK_FALSE(db->lost_last_writes());
    CHECK(acknowledged > before);
    REQUIRE(numbers.size() >= acknowledged);
    CHECK(numbers.back() == numbers.size()); // from 1, without a gap
    for (const auto in : {family::days, family::patterns, family::jobs})
      CHECK(numbers_in(*db, in) == numbers);
    CHECK(big_endian<std::uint64_t>(*db->get(family::meta, "last")) == numbers.back());
    before = numbers.back();
  }
}
