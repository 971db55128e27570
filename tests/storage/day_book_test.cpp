#include "storage/day_book.hpp"
#include "storage/keys.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <random>
#include <thread>

namespace habitd::day_book_test {

namespace {

constexpr auto clocks = detector_id::time_of_day;
constexpr auto pairs = detector_id::co_occurrence;

struct open_book {
  scratch_directory scratch;
  std::unique_ptr<database> db = must_open(scratch.options());
  day_book book{*db};

  void change(const std::function<error(day_changes&)>& make) {
    REQUIRE_FALSE(book.change(make));
  }
  void add_rows(local_day day) {
    change([day](day_changes& changes) { return changes.add_rows(day); });
  }
  void seal(local_day day, std::uint64_t epoch, const std::vector<day_observer>& by,
            const std::vector<detector_id>& failed = {}) {
    home_day seen;
    seen.day = day;
    seen.epoch = epoch;
    change([&](day_changes& changes) { return changes.seal(seen, by, failed); });
  }
  detector_set due(local_day day, const std::vector<day_observer>& for_whom) const {
    const auto record = book.get(day);
    REQUIRE(record);
    return due_for(for_whom, *record);
  }
  bool takes_rows(local_day day) {
    bool takes = false;
    change([&](day_changes& changes) {
      takes = *changes.takes_rows(day);
      return error{};
    });
    return takes;
  }
};

detector_set only(detector_id one) {
  return detector_set{}.set(index_of(one));
}

} // namespace

TEST_CASE_METHOD(open_book, "a day is sealed for who observed all of its rows") {
  add_rows({5});
  CHECK(due({5}, {{clocks}, {pairs}}).count() == 2);

  seal({5}, 1, {{clocks}});

  CHECK(due({5}, {{clocks}, {pairs}}) == only(pairs));
  CHECK(is_sealed_for(clocks, *book.get({5})));
  CHECK_FALSE(is_sealed_for(pairs, *book.get({5})));
}

TEST_CASE_METHOD(open_book, "rows that come between loading and sealing open the day") {
  add_rows({5});
  const auto loaded = book.get({5})->epoch;
  add_rows({5});

  seal({5}, loaded, {{clocks}});

  CHECK(due({5}, {{clocks}}) == only(clocks));
  seal({5}, 2, {{clocks}});
  CHECK(due({5}, {{clocks}}).none());
}

TEST_CASE_METHOD(open_book, "a new format opens the days whose rows are still there") {
  for (const int day : {5, 6}) {
    add_rows({day});
    seal({day}, 1, {{clocks, 1}, {pairs, 1}});
  }
  change([](day_changes& changes) { return changes.note_rows_dropped({5}); });

  CHECK(due({5}, {{clocks, 2}, {pairs, 1}}).none()); // from what?
  CHECK(due({6}, {{clocks, 2}, {pairs, 1}}) == only(clocks));
}

TEST_CASE_METHOD(open_book, "who fails to observe a day again has not seen it") {
  add_rows({5});
  seal({5}, 1, {{clocks}, {pairs}});
  add_rows({5});

  seal({5}, 2, {{clocks}}, {pairs});

  const auto record = book.get({5});
  CHECK(record->seals.size() == 1);
  CHECK(record->seals.at(clocks) == day_seal{1, 2});
}

TEST_CASE_METHOD(open_book, "what was forgotten stays forgotten") {
  for (const int day : {5, 6, 7})
    add_rows({day});
  seal({5}, 1, {{clocks}});
  change([](day_changes& changes) {
    changes.erase({5});
    changes.erase({6});
    return changes.forget_before({7});
  });
  change([](day_changes& changes) { return changes.forget_before({3}); }); // or earlier

  CHECK_FALSE(takes_rows({6}));
  CHECK(takes_rows({7}));
  CHECK(book.all()->size() == 1);
  CHECK_FALSE(db->may_hold(family::days, day_key({5}), day_key({7}))); // nor its seals
}

TEST_CASE_METHOD(open_book, "a day whose events were dropped takes no rows") {
  add_rows({5});
  change([](day_changes& changes) { return changes.note_rows_dropped({5}); });

  CHECK_FALSE(takes_rows({5}));
  CHECK(takes_rows({4}));
}

TEST_CASE_METHOD(open_book, "changes of one day by several threads all count") {
  constexpr int each = 25;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([this, i] {
      for (int n = 0; n < each; ++n)
        static_cast<void>(book.change([i](day_changes& changes) {
          return i % 2 ? changes.add_rows({5}) : changes.note_cut_off({5});
        }));
    });
  for (auto& thread : threads)
    thread.join();

  CHECK(book.get({5})->epoch == 2 * each);
  CHECK(book.get({5})->cut_off == 2 * each);
}

TEST_CASE_METHOD(open_book, "changes that fail change nothing") {
  add_rows({5});

  CHECK(book.change([](day_changes& changes) {
    static_cast<void>(changes.add_rows({5}));
    return make_error(ec::unavailable, "the test says so");
  }));

  CHECK(book.get({5})->epoch == 1);
}

TEST_CASE("a day's record comes back as it was stored") {
  for (unsigned seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    std::mt19937 random{seed};
    day_record record;
    record.raw_kept = seed % 3;
    record.cut_off = seed % 7 == 0 ? static_cast<std::uint32_t>(random()) : 0;
    record.epoch = random();
    record.seen_epoch = random();
    for (std::size_t bin = 0; bin < record.observed.size(); ++bin)
      record.observed[bin] = random() % (seed + 1) == 0;
    for (auto& seconds : record.exposure)
      seconds =
        random() % 4 ? std::uint16_t{900} : static_cast<std::uint16_t>(random() % 1801);
    record.counts.rows = random();
    record.counts.echo = UINT64_MAX;
    record.counts.not_a_turn = seed;

    const auto read = decode_day(encode(record), {1});

    REQUIRE(read);
    CHECK(read->raw_kept == record.raw_kept);
    CHECK(read->cut_off == record.cut_off);
    CHECK(read->epoch == record.epoch);
    CHECK(read->seen_epoch == record.seen_epoch);
    CHECK(read->observed == record.observed);
    CHECK(read->exposure == record.exposure);
    CHECK(read->counts == record.counts);
  }
}

TEST_CASE("a day's record cut off or of another version is corrupt") {
  const auto good = encode(day_record{});
  const auto seal = encode(day_seal{7, 300});
  for (std::size_t length = 0; length < good.size(); ++length)
    CHECK(code_of(decode_day(good.substr(0, length), {1}).error()) == ec::corrupt_data);
  for (std::size_t length = 0; length < seal.size(); ++length)
    CHECK(code_of(decode_seal(seal.substr(0, length), {1}).error()) == ec::corrupt_data);
  auto other = good;
  other[0] = 1;
  CHECK(code_of(decode_day(other, {1}).error()) == ec::corrupt_data);
  CHECK(decode_seal(seal, {1}) == day_seal{7, 300});
}

} // namespace habitd::day_book_test
