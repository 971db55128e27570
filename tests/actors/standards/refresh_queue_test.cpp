#include "tests/actors/standards/standards_fixture.hpp"

using namespace habitd;
using Catch::Contains;

TEST_CASE_METHOD(standards_home,
                 "a stale document is answered at once, refreshed, and the "
                 "next reading has the new version") {
  const auto old_text = sample_text("Doc");
  const auto new_text = sample_text("Doc", ", and more");
  plant("a/doc", old_text, 40);
  fetch = [&](const fetch_task&) { return given(new_text); };
  start();

  const auto first = read("a/doc");
  const auto second = read("a/doc");

  CHECK(first.text == old_text);
  CHECK(first.state == freshness::stale);
  CHECK(first.queued);
  CHECK(second.text == new_text);
  CHECK(second.state == freshness::fresh);
  CHECK(second.document.version == "1.0.1");
  const auto all = versions("a/doc");
  REQUIRE(all.size() == 2);
  CHECK(all[0].version == "1.0.0");
  CHECK(store->standard_versions.text("a/doc", 1) == old_text);
  CHECK(all[1].bump == version_bump::patch);
  CHECK(all[1].changes == std::vector<std::string>{
                            "changed section \"More\": 1 line added, 1 line removed"});
  CHECK(fetched == std::vector<std::string>{"a/doc"});
  CHECK(queue_status().entries.empty());
}

TEST_CASE_METHOD(standards_home,
                 "a source without news makes a document fresh and leaves "
                 "its version") {
  plant("doc", sample_text("Doc"), 40);
  fetch = [](const fetch_task& task) {
    CHECK(task.text == sample_text("Doc"));
    fetched_text same;
    same.what = fetched_text::kind::unchanged;
    same.etag = "\"e\"";
    return same;
  };
  start();
  read("doc");

  const auto reading = read("doc");

  CHECK(reading.state == freshness::fresh);
  CHECK(reading.document.version == "1.0.0");
  CHECK(reading.document.last_success == clock->now());
  CHECK(reading.document.etag == "\"e\"");
  CHECK(versions("doc").size() == 1);
}

TEST_CASE_METHOD(standards_home,
                 "a refresh that fails is tried again after one minute, then "
                 "after two, and given up") {
  plant("doc", sample_text("Doc"), 40);
  fetch = [](const fetch_task&) { return fetch_failed("status 500"); };
  start();
  read("doc");
  CHECK(fetched.size() == 1);
  CHECK(queue_status().entries.at(0).entry.next_attempt == clock->now() + 60s);
  CHECK(queue_status().entries.at(0).waiting_for == "its next attempt");

  pass(59s);
  CHECK(fetched.size() == 1);
  pass(1s);
  CHECK(fetched.size() == 2);
  pass(119s);
  CHECK(fetched.size() == 2);
  pass(1s);
  CHECK(fetched.size() == 3);

  CHECK(queue_status().entries.empty());
  const auto after = document("doc");
  CHECK(after.failures == 1);
  CHECK(after.last_error == "status 500");
  CHECK(read("doc").state == freshness::waiting);
  CHECK(fetched.size() == 3);
  pass(3600s);
  CHECK(read("doc").state == freshness::stale);
  CHECK(fetched.size() == 4);
}

TEST_CASE_METHOD(standards_home, "what asks for a document in the queue joins it") {
  plant("doc", sample_text("Doc"), 40);
  fetch = [](const fetch_task&) { return fetch_failed("down"); };
  start();
  for (int i = 0; i < 50; ++i)
    read("doc");

  const auto status = queue_status();

  CHECK(fetched.size() == 1);
  REQUIRE(status.entries.size() == 1);
  CHECK(status.entries[0].demand == 50);
}

TEST_CASE_METHOD(standards_home, "at most three refreshes are under way at once") {
  int asked = 0;
  const auto deaf = [&asked](caf::event_based_actor* me) -> caf::behavior {
    return {[&asked, me, kept = std::make_shared<std::vector<caf::response_promise>>()](
              const fetch_task&) {
      ++asked;
      return kept->emplace_back(me->make_response_promise());
    }};
  };
  worker_count = 0;
  for (int i = 0; i < 3; ++i)
    workers.push_back(caf::actor_cast<provider_actor>(sys.spawn(deaf)));
  for (int i = 0; i < 7; ++i)
    plant("doc " + std::to_string(i), sample_text("Doc"), 40 + i);
  start();
  for (int i = 0; i < 7; ++i)
    read("doc " + std::to_string(i));

  const auto status = queue_status();

  CHECK(asked == 3);
  REQUIRE(status.entries.size() == 7);
  for (std::size_t i = 0; i < 7; ++i)
    CHECK(status.entries[i].running == (i < 3));
  CHECK(status.entries[3].waiting_for == "a free worker");
}

TEST_CASE_METHOD(standards_home, "the most stale and most wanted documents come first") {
  worker_count = 1;
  plant("old", sample_text("Doc"), 300);
  plant("older", sample_text("Doc"), 600);
  plant("wanted", sample_text("Doc"), 310);
  plant("by name", sample_text("Doc"), 1);
  bool down = true;
  fetch = [&](const fetch_task&) {
    return down ? fetch_failed("down") : given(sample_text("Doc", "!"));
  };
  start();
  for (const auto* id : {"old", "older", "wanted", "wanted", "wanted", "wanted", "wanted",
                         "wanted", "wanted"})
    read(id);
  REQUIRE(ask<refresh_ticket>(queue, queue_refresh{"by name", "request", true, {}}));
  const auto status = queue_status();
  std::vector<std::string> order;
  for (const auto& one : status.entries)
    order.push_back(one.entry.id);
  CHECK(order == std::vector<std::string>{"by name", "wanted", "older", "old"});
  down = false;
  fetched.clear();

  clock->advance(60s);
  advance(60s);

  CHECK(fetched == order);
}

TEST_CASE_METHOD(standards_home, "entries survive a restart with their attempts") {
  plant("doc", sample_text("Doc"), 40);
  fetch = [](const fetch_task&) { return fetch_failed("down"); };
  start();
  read("doc");
  stop();
  reopen();
  start();

  const auto status = queue_status();

  REQUIRE(status.entries.size() == 1);
  CHECK(status.entries[0].entry.attempts == 1);
  CHECK(status.entries[0].entry.last_error == "down");
  CHECK(fetched.size() == 1);
  fetch = [](const fetch_task&) { return given(sample_text("Doc", "!")); };
  pass(60s);
  CHECK(document("doc").version == "1.0.1");
}

TEST_CASE_METHOD(standards_home,
                 "a cancelled refresh is gone, and its result is not taken") {
  plant("doc", sample_text("Doc"), 40);
  fetch = [this](const fetch_task& task) {
    caf::anon_send(queue, cancel_refresh{"doc"});
    while (!task.stop->stop_requested() && sched.jobs.size() > 0)
      sched.run_once();
    CHECK(task.stop->stop_requested());
    return given(sample_text("Doc", "!"));
  };
  start();

  read("doc");

  CHECK(queue_status().entries.empty());
  CHECK(document("doc").version == "1.0.0");
  CHECK(code_of(ask<refresh_ticket>(queue, cancel_refresh{"doc"}).error()) ==
        ec::not_found);
}

TEST_CASE_METHOD(standards_home,
                 "a source that hangs costs an attempt, and its late answer "
                 "is not taken") {
  plant("doc", sample_text("Doc"), 40);
  options.overdue = 30s;
  const auto hanging = sys.spawn([](caf::event_based_actor* self) -> caf::behavior {
    auto kept = std::make_shared<caf::response_promise>();
    return {[self, kept](const fetch_task&) {
              *kept = self->make_response_promise();
              return *kept;
            },
            [kept](int) { kept->deliver(given(sample_text("Doc", "!"))); }};
  });
  workers = {caf::actor_cast<provider_actor>(hanging)};
  worker_count = 0;
  start();
  read("doc");

  pass(30s);

  const auto status = queue_status();
  REQUIRE(status.entries.size() == 1);
  CHECK(status.entries[0].entry.last_error == "no answer within 30 s");
  CHECK_FALSE(status.entries[0].running);
  CHECK(tally->counts().failures == 1);
  tell(hanging, 1);
  CHECK(document("doc").version == "1.0.0");
}

TEST_CASE_METHOD(standards_home, "a day's allowance of calls is not overdrawn") {
  options.limits.calls = 2;
  for (const auto* id : {"a", "b", "c"})
    plant(id, sample_text("Doc"), 40);
  fetch = [](const fetch_task&) { return given(sample_text("Doc", "!")); };
  start();
  for (const auto* id : {"a", "b", "c"})
    read(id);
  CHECK(fetched.size() == 2);
  REQUIRE(queue_status().entries.size() == 1);
  CHECK(queue_status().entries[0].waiting_for == "the allowance of the next day");
  stop();
  reopen();
  start();
  pass(120s);
  CHECK(fetched.size() == 2);

  clock->advance(12h);
  advance(60s);

  CHECK(fetched.size() == 3);
}

TEST_CASE_METHOD(standards_home,
                 "the switch stops new refreshes at once, over restarts") {
  plant("doc", sample_text("Doc"), 40);
  fetch = [](const fetch_task&) { return given(sample_text("Doc", "!")); };
  start();
  REQUIRE(ask<refresh_status>(queue, switch_refreshes{false}));

  CHECK(read("doc").state == freshness::switched_off);
  CHECK(code_of(ask<refresh_ticket>(queue, queue_refresh{"doc", "request", true, {}})
                  .error()) == ec::busy);
  stop();
  reopen();
  start();
  pass(120s);
  CHECK_FALSE(queue_status().enabled);
  CHECK(fetched.empty());

  REQUIRE(ask<refresh_status>(queue, switch_refreshes{true}));
  read("doc");
  CHECK(fetched.size() == 1);
}

TEST_CASE_METHOD(standards_home, "the switch holds back what waits already") {
  plant("doc", sample_text("Doc"), 40);
  fetch = [](const fetch_task&) { return fetch_failed("down"); };
  start();
  read("doc");
  REQUIRE(ask<refresh_status>(queue, switch_refreshes{false}));
  pass(300s);
  CHECK(fetched.size() == 1);
  CHECK(queue_status().entries.at(0).waiting_for == "the switch of all refreshes");

  REQUIRE(ask<refresh_status>(queue, switch_refreshes{true}));

  CHECK(fetched.size() == 2);
}

TEST_CASE_METHOD(standards_home,
                 "a rollback makes an earlier version current, and another "
                 "the later one again") {
  const auto old_text = sample_text("Doc");
  const auto new_text = sample_text("Doc", "!");
  plant("doc", old_text, 40);
  fetch = [&](const fetch_task&) { return given(new_text); };
  start();
  read("doc");

  REQUIRE(ask<standard>(queue, roll_back{"doc", {}}));
  CHECK(read("doc").text == old_text);
  CHECK(read("doc").document.version == "1.0.0");
  REQUIRE(ask<refresh_ticket>(queue, queue_refresh{"doc", "request", true, {}}));
  CHECK(document("doc").version ==
        "1.0.0"); // the source has what somebody went back from
  CHECK(document("doc").failures == 0);

  REQUIRE(ask<standard>(queue, roll_back{"doc", "1.0.1"}));
  CHECK(read("doc").text == new_text);
  CHECK(versions("doc").size() == 2);
  CHECK(code_of(ask<standard>(queue, roll_back{"doc", "9.9.9"}).error()) ==
        ec::not_found);
  CHECK(code_of(ask<standard>(queue, roll_back{"doc", "1.0.1"}).error()) ==
        ec::invalid_input);
}

TEST_CASE_METHOD(standards_home, "what is no document, or an older one, is not taken") {
  const auto old_text = sample_text("Doc");
  const auto new_text = sample_text("Doc", "!");
  plant("doc", old_text, 40);
  fetched_text next = given(new_text);
  fetch = [&](const fetch_task&) { return next; };
  start();
  read("doc");
  REQUIRE(document("doc").version == "1.0.1");
  const auto text = GENERATE_COPY(
    std::string{old_text}, std::string{}, std::string{"rubbish"},
    std::string{"{\"error\": 1}"}, std::string{"<!doctype html><h1>Log in</h1>"},
    std::string{"# T\n\nShort.\n"}, new_text + "\xff",
    new_text + std::string(1 << 20, 'x'), new_text + "```yaml\n");
  next = given(text);

  REQUIRE(ask<refresh_ticket>(queue, queue_refresh{"doc", "request", true, {}}));

  CHECK(read("doc").text == new_text);
  CHECK(versions("doc").size() == 2);
  REQUIRE(queue_status().entries.size() == 1);
  CHECK_THAT(queue_status().entries[0].entry.last_error, Contains("not taken: "));
  CHECK(tally->counts().failures == 1);
}

TEST_CASE_METHOD(standards_home, "metrics are what was done") {
  plant("a", sample_text("A"), 40);
  plant("b", sample_text("B"), 40);
  plant("fresh", sample_text("C"), 1);
  fetch = [this](const fetch_task& task) {
    advance(task.document.id == "a" ? 2s : 4s);
    return task.document.id == "a" ? given(sample_text("A", "!")) : fetch_failed("down");
  };
  start();
  read("a");
  read("b");
  read("fresh");
  read("fresh");

  const auto counts = tally->counts();

  CHECK(counts.accesses == 4);
  CHECK(counts.stale_found == 2);
  CHECK(counts.attempts == 2);
  CHECK(counts.successes == 1);
  CHECK(counts.failures == 1);
  CHECK(counts.updates == 1);
  CHECK(counts.success_rate() == 0.5);
  CHECK(counts.mean_seconds() == 3.0);
}

TEST_CASE_METHOD(standards_home,
                 "a tenth of failing calls leaves nearly all refreshes to "
                 "succeed") {
  constexpr int documents = 200;
  options.limits.calls = 1000;
  for (int i = 0; i < documents; ++i)
    plant("doc " + std::to_string(i), sample_text("Doc " + std::to_string(i)), 40);
  std::minstd_rand random{7};
  fetch = [&](const fetch_task& task) {
    return random() % 10 == 0 ? fetch_failed("status 503")
                              : given(sample_text(task.document.id, "!"));
  };
  start();
  for (int i = 0; i < documents; ++i)
    read("doc " + std::to_string(i));
  pass(400s);

  const auto counts = tally->counts();

  CHECK(counts.updates >= documents * 95 / 100);
  CHECK(counts.attempts <= documents * 12 / 10);
  CHECK(queue_status().entries.empty());
}
