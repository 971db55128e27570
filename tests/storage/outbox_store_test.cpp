#include "storage/outbox_store.hpp"
#include "tests/storage/scratch_directory.hpp"

using namespace habitd;

namespace {

struct open_outbox {
  scratch_directory scratch;
  std::unique_ptr<database> db = must_open(scratch.options());
  std::unique_ptr<outbox_store> outbox = std::make_unique<outbox_store>(*db);

  void commit(batch&& changes) const { REQUIRE_FALSE(db->write(std::move(changes))); }

  std::uint64_t add(const std::string& target, const std::string& payload) const {
    batch changes;
    outbox_entry entry;
    entry.target = target;
    entry.payload = payload;
    const auto sequence = outbox->stage(changes, entry);
    REQUIRE(sequence);
    commit(std::move(changes));
    return *sequence;
  }

  void open_again() {
    outbox.reset();
    db.reset();
    db = must_open(scratch.options());
    outbox = std::make_unique<outbox_store>(*db);
  }
};

} // namespace

TEST_CASE_METHOD(open_outbox, "an outbox entry comes back as it was staged") {
  outbox_entry entry;
  entry.target = "webhook";
  entry.content_type = "text/plain";
  entry.payload = std::string("a\0\xff\n", 4);
  entry.correlation_id = "job-1";
  entry.created = wall_time{std::chrono::milliseconds{1'790'000'000'123}};
  entry.attempts = 300;
  entry.next_attempt = wall_time{std::chrono::milliseconds{-5}};
  entry.last_error = "timed out";
  batch changes;
  entry.sequence = *outbox->stage(changes, entry);
  commit(std::move(changes));

  open_again();

  CHECK(*outbox->next("webhook") == entry);
  CHECK(code_of(outbox->next("file").error()) == ec::not_found);
}

TEST_CASE_METHOD(open_outbox, "entries that are not committed are not there") {
  {
    batch dropped;
    REQUIRE(outbox->stage(dropped, {.target = "file"}));
  }

  CHECK_FALSE(outbox->next("file"));
}

TEST_CASE_METHOD(open_outbox,
                 "sequences ascend and are never given twice, over restarts too") {
  std::uint64_t last = 0;
  for (int start = 0; start < 5; ++start) {
    for (int i = 0; i < 50 * start + 3; ++i) {
      const auto sequence = add("file", "x");
      CHECK(sequence > last);
      last = sequence;
      batch changes; // gone at once: nothing but the reservation knows the number
      REQUIRE_FALSE(outbox->erase_delivered(changes, *outbox->next("file")));
      commit(std::move(changes));
    }
    open_again();
  }
}

TEST_CASE_METHOD(open_outbox, "each target has its own line, in order of the sequences") {
  add("webhook", "1");
  add("file", "2");
  add("webhook", "3");
  add("web", "4"); // the beginning of another target's name

  CHECK(outbox->next("webhook")->payload == "1");
  CHECK(outbox->next("web")->payload == "4");
  batch changes;
  REQUIRE_FALSE(outbox->erase_delivered(changes, *outbox->next("webhook")));
  commit(std::move(changes));

  CHECK(outbox->next("webhook")->payload == "3");
  const auto counts = *outbox->counts();
  CHECK(counts.at("webhook").waiting == 1);
  CHECK(counts.at("webhook").delivered == 1);
  CHECK(counts.at("file").waiting == 1);
}

TEST_CASE_METHOD(open_outbox, "a dead letter is out of the way, and back when revived") {
  const auto first = add("file", "1");
  add("file", "2");
  batch bury;
  REQUIRE_FALSE(outbox->bury(bury, *outbox->next("file")));
  commit(std::move(bury));

  CHECK(outbox->next("file")->payload == "2");
  const auto letter = outbox->dead_letter(first);
  REQUIRE(letter);
  CHECK(letter->dead);
  CHECK(outbox->counts()->at("file").dead == 1);
  batch revive;
  outbox->revive(revive, *letter);
  commit(std::move(revive));

  CHECK(outbox->next("file")->payload == "1");
  CHECK(outbox->next("file")->sequence == first);
  CHECK(code_of(outbox->dead_letter(first).error()) == ec::not_found);
}

TEST_CASE_METHOD(open_outbox, "of more than a thousand dead letters the oldest go") {
  for (int i = 0; i < 1003; ++i) {
    add("file", std::to_string(i));
    batch bury;
    REQUIRE_FALSE(outbox->bury(bury, *outbox->next("file")));
    commit(std::move(bury));
  }

  const auto letters = *outbox->dead_letters();

  CHECK(letters.size() == 1000);
  CHECK(outbox->dead_letter(letters.front().sequence)->payload == "3");
  CHECK(outbox->dead_letter(letters.back().sequence)->payload == "1002");
}

TEST_CASE_METHOD(open_outbox, "the outbox is listed page by page, dead letters first") {
  for (const auto* target : {"webhook", "file", "file", "webhook"})
    add(target, target);
  batch bury;
  REQUIRE_FALSE(outbox->bury(bury, *outbox->next("webhook")));
  commit(std::move(bury));

  std::vector<std::uint64_t> sequences;
  std::string after;
  for (;;) {
    const auto rows = *outbox->list(after, 1);
    if (rows.empty())
      break;
    after = rows.front().first;
    sequences.push_back(rows.front().second.sequence);
  }

  CHECK(sequences == std::vector<std::uint64_t>{1, 2, 3, 4});
  CHECK(outbox->list()->front().second.dead);
}

TEST_CASE_METHOD(open_outbox,
                 "odd names of targets and huge payloads are refused when staged") {
  batch changes;
  outbox_entry huge;
  huge.target = "file";
  huge.payload.assign(256 * 1024 + 1, 'x');

  CHECK(code_of(outbox->stage(changes, {.target = "a/b"}).error()) == ec::invalid_input);
  CHECK(code_of(outbox->stage(changes, {.target = ""}).error()) == ec::invalid_input);
  CHECK(code_of(outbox->stage(changes, huge).error()) == ec::invalid_input);
}

TEST_CASE_METHOD(open_outbox, "an entry that does not decode is corrupt data") {
  const auto sequence = add("file", "payload");
  const auto key = outbox->list()->front().first;
  const auto good = *db->get(family::outbox, key);
  for (std::size_t length = 0; length < good.size(); ++length) {
    batch damage;
    damage.put(family::outbox, key, good.substr(0, length));
    commit(std::move(damage));

    CHECK(code_of(outbox->next("file").error()) == ec::corrupt_data);
  }
  CHECK(sequence == 1);
}

TEST_CASE_METHOD(open_outbox, "an entry that doesn't decode is dropped, and keeps nobody "
                              "behind it") {
  add("file", "first");
  const auto second = add("file", "second");
  batch damage;
  damage.put(family::outbox, outbox->list()->front().first, "damaged");
  damage.put(family::outbox, "dead/00000000000000000007", "damaged");
  commit(std::move(damage));
  CHECK(outbox->list()->size() == 1); // a start lists them
  CHECK(outbox->counts()->at("file").waiting == 1);

  batch drop;
  CHECK(*outbox->drop_unreadable(drop) == 2);
  commit(std::move(drop));

  CHECK(outbox->next("file")->sequence == second);
}

TEST_CASE_METHOD(open_outbox, "a new store gives no sequence of the one before it") {
  const auto last = add("webhook", "of the old store");
  scratch_directory other;
  auto options = other.options();
  options.opened_at = wall_time{std::chrono::seconds{1'790'000'000}};
  const auto begun = must_open(options);
  outbox_store anew{*begun};
  batch changes;
  outbox_entry entry;
  entry.target = "webhook";

  const auto first = anew.stage(changes, entry);

  REQUIRE(first);
  CHECK(*first == 1'790'000'000);
  CHECK(*first > last);
}

TEST_CASE_METHOD(open_outbox, "dead letters are listed without what they say") {
  add("file", "long text");
  auto entry = *outbox->next("file");
  entry.dead = true;
  entry.last_error = "refused";
  batch changes;
  REQUIRE_FALSE(outbox->bury(changes, entry));
  commit(std::move(changes));

  const auto letters = outbox->dead_letters();

  REQUIRE(letters);
  REQUIRE(letters->size() == 1);
  CHECK(letters->front().last_error == "refused");
  CHECK(letters->front().payload.empty());
  CHECK(outbox->dead_letter(entry.sequence)->payload == "long text");
}
