#pragma once

#include "actors/standards/access_service.hpp"
#include "actors/standards/provider_worker.hpp"
#include "actors/standards/refresh_queue.hpp"
#include "tests/actor_fixture.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <memory>
#include <string>
#include <vector>

namespace habitd {

using namespace std::chrono_literals;

class manual_clock : public wall_clock {
public:
  wall_time now() const override { return now_; }
  void set(wall_time to) { now_ = to; }
  void advance(std::chrono::milliseconds by) { now_ += by; }

private:
  wall_time now_ = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h;
};

/// "# Title", and so many sections of which `changed` tell it from others.
std::string sample_text(const std::string& title, const std::string& changed = "");

fetched_text given(std::string text, std::string origin = "http");

/// The actors of this room on one thread over a store of their own, with a source that says
/// what a test wants.
class standards_home : public actor_fixture {
public:
  standards_home();
  ~standards_home();

  /// Stores a document as it was seeded so many days ago.
  void plant(const std::string& id, const std::string& text, int days_ago,
             const std::string& source = "http://source.example/doc.md");

  void start(); // the actors
  void stop();  // in order, as the daemon does
  void crash(); // without any word to them
  void reopen();

  /// Moves both clocks, in steps of a second at most so that timers fire one by one.
  void pass(std::chrono::seconds time);

  standard_reading read(const std::string& id, bool force = false, bool skip = false);
  standard document(const std::string& id);
  std::string text(const std::string& id);
  std::vector<standard_version> versions(const std::string& id);
  refresh_status queue_status();

  scratch_directory scratch;
  std::shared_ptr<home_store> store;
  std::shared_ptr<manual_clock> clock = std::make_shared<manual_clock>();
  std::shared_ptr<refresh_tally> tally = std::make_shared<refresh_tally>();
  fetch_document fetch = [](const fetch_task&) { return fetch_failed("no source"); };
  std::vector<std::string> fetched; // ids, in order
  std::size_t worker_count = 3;
  refresh_options options{};
  access_options access_with{};
  std::vector<provider_actor> workers;
  refresh_actor queue;
  access_actor access;
};

} // namespace habitd
