#include "actors/outbox/courier.hpp"

#include "actors/outbox/outbox.hpp"
#include "tests/actor_fixture.hpp"
#include "tests/storage/scratch_directory.hpp"

namespace habitd {
namespace {

using namespace std::chrono_literals;
using kind = delivery_result::kind;

struct set_clock final : wall_clock {
  wall_time time{1'790'000'000'000ms};
  wall_time now() const override { return time; }
};

/// A courier whose target does what the test says.
struct courier_fixture : actor_fixture {
  scratch_directory scratch;
  std::shared_ptr<home_store> store = open();
  std::shared_ptr<set_clock> clock = std::make_shared<set_clock>();
  std::function<delivery_result(const outbox_entry&)> answer = [](const auto&) {
    return delivery_result{};
  };
  std::vector<std::string> received; // payloads, each attempt
  courier_actor carrier;
  outbox_actor desk;

  ~courier_fixture() { stop(); }

  std::shared_ptr<home_store> open() const {
    auto opened = home_store::open(scratch.options());
    REQUIRE(opened);
    return *opened;
  }

  void start() {
    courier_options options;
    options.target = "webhook";
    options.policy.jitter = 0;
    options.deliver = [this](const outbox_entry& entry) {
      received.push_back(entry.payload);
      return answer(entry);
    };
    carrier =
      sys.spawn(courier, options, store, std::shared_ptr<const wall_clock>{clock});
    desk = sys.spawn(outbox, store,
                     std::map<std::string, courier_actor>{{"webhook", carrier}});
    sched.run();
  }

  void stop() {
    self->send_exit(carrier, caf::exit_reason::user_shutdown);
    self->send_exit(desk, caf::exit_reason::user_shutdown);
    sched.run();
  }

  void add(const std::string& payload) const {
    batch changes;
    outbox_entry entry;
    entry.target = "webhook";
    entry.payload = payload;
    entry.created = clock->time;
    REQUIRE(store->outbox.stage(changes, entry));
    REQUIRE_FALSE(store->db->write(std::move(changes)));
  }

  void pass(std::chrono::seconds time) {
    for (auto left = time; left > 0s; left -= 1s) {
      clock->time += 1s;
      advance(1s);
    }
  }

  void tell_couriers() { tell(desk, outbox_changed{}); }

  outbox_counts counts() const { return (*store->outbox.counts())["webhook"]; }
};

TEST_CASE_METHOD(courier_fixture, "a courier delivers what a crash left, then news") {
  add("1");
  add("2");

  start();
  CHECK(received == std::vector<std::string>{"1", "2"});
  add("3");
  tell_couriers();

  CHECK(received == std::vector<std::string>{"1", "2", "3"});
  CHECK(counts().waiting == 0);
  CHECK(counts().delivered == 3);
}

TEST_CASE_METHOD(courier_fixture, "what no message tells of leaves within a minute") {
  start();
  add("1");

  pass(60s);

  CHECK(received.size() == 1);
}

TEST_CASE_METHOD(courier_fixture, "the first entry is tried again before the second") {
  add("1");
  add("2");
  answer = [this](const auto&) {
    return received.size() < 4 ? delivery_result{kind::failed, "down", {}}
                               : delivery_result{};
  };

  start();
  CHECK(received.size() == 1);
  pass(1s);
  CHECK(received.size() == 2);
  tell_couriers(); // no reason to be early
  CHECK(received.size() == 2);
  pass(2s);
  CHECK(received.size() == 3);
  pass(5s);

  CHECK(received == std::vector<std::string>{"1", "1", "1", "1", "2"});
}

TEST_CASE_METHOD(courier_fixture, "a restart keeps attempts, backoff and the problem") {
  add("1");
  answer = [](const auto&) {
    return delivery_result{kind::failed, "down", std::chrono::seconds{100}};
  };
  start();
  stop();

  start();
  pass(99s);
  CHECK(received.size() == 1);
  pass(1s);

  CHECK(received.size() == 2);
  CHECK(store->outbox.next("webhook")->attempts == 2);
  CHECK(store->outbox.next("webhook")->last_error == "down");
}

TEST_CASE_METHOD(courier_fixture, "a refused entry is set aside, the next goes on") {
  add("bad");
  add("good");
  answer = [](const outbox_entry& entry) {
    return entry.payload == "bad" ? delivery_result{kind::refused, "status 400", {}}
                                  : delivery_result{};
  };

  start();
  pass(1s);

  CHECK(received == std::vector<std::string>{"bad", "good"});
  CHECK(counts().dead == 1);
  CHECK(store->outbox.dead_letters()->front().last_error == "status 400");
}

TEST_CASE_METHOD(courier_fixture, "a dead letter that is retried goes out at once") {
  add("bad");
  answer = [](const auto&) { return delivery_result{kind::refused, "status 400", {}}; };
  start();
  pass(1s);
  const auto sequence = store->outbox.dead_letters()->front().sequence;
  answer = [](const auto&) { return delivery_result{}; };

  CHECK(*ask<std::string>(desk, retry_dead_letter{sequence}) == "webhook");
  tell_couriers();

  CHECK(received == std::vector<std::string>{"bad", "bad"});
  CHECK(counts().dead == 0);
  CHECK(counts().delivered == 1);
  const auto again = ask<std::string>(desk, retry_dead_letter{sequence});
  REQUIRE_FALSE(again);
  CHECK(code_of(again.error()) == ec::not_found);
}

TEST_CASE_METHOD(courier_fixture, "a target's code that throws costs no entry") {
  add("1");
  answer = [this](const auto&) -> delivery_result {
    if (received.size() == 1)
      throw std::runtime_error("secret of the house");
    return {};
  };

  start();
  CHECK(store->outbox.next("webhook")->last_error == "unexpected");
  pass(1s);

  CHECK(received.size() == 2);
  CHECK(counts().delivered == 1);
}

TEST_CASE_METHOD(courier_fixture, "entries of a target that is gone are set aside") {
  add("1");
  add("2");

  CHECK_FALSE(bury_for_lack_of_target(*store, {"file"}));

  CHECK(counts().dead == 2);
  CHECK(counts().waiting == 0);
  CHECK_FALSE(bury_for_lack_of_target(*store, {"webhook"}));
  CHECK(counts().dead == 2);
}

} // namespace
} // namespace habitd
