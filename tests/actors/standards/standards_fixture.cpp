#include "tests/actors/standards/standards_fixture.hpp"

#include "actors/standards/take_text.hpp"

namespace habitd {

std::string sample_text(const std::string& title, const std::string& changed) {
  return "# " + title +
         "\n\nWhat it is about.\n\n## Use\n\nIt is used like this.\n\n```yaml\na: 1\n"
         "```\n\n## More\n\nThere is more" +
         changed + ".\n";
}

fetched_text given(std::string text, std::string origin) {
  fetched_text result;
  result.what = fetched_text::kind::text;
  result.text = std::move(text);
  result.origin = std::move(origin);
  return result;
}

standards_home::standards_home() {
  reopen();
}

standards_home::~standards_home() {
  stop();
}

void standards_home::reopen() {
  store.reset();
  auto opened = home_store::open(scratch.options());
  REQUIRE(opened);
  store = std::move(*opened);
}

void standards_home::plant(const std::string& id, const std::string& text, int days_ago,
                           const std::string& source) {
  standard document;
  document.id = id;
  document.title = id;
  document.source = source;
  document.created = clock->now() - std::chrono::days{days_ago};
  batch changes;
  stage_version(*store, changes, document, {},
                first_version(text, "folder", document.created), text);
  REQUIRE_FALSE(store->db->write(std::move(changes)));
}

void standards_home::start() {
  const auto counted = [this](const fetch_task& task) {
    fetched.push_back(task.document.id);
    return fetch(task);
  };
  for (std::size_t i = 0; i < worker_count; ++i)
    workers.push_back(sys.spawn(provider_worker, fetch_document{counted}));
  queue = sys.spawn(refresh_queue, workers, store, clock, tally, options);
  access = sys.spawn(access_service, queue, store, clock, tally, access_with);
  sched.run();
}

void standards_home::stop() {
  if (access)
    self->send_exit(access, caf::exit_reason::user_shutdown);
  sched.run();
  crash();
}

void standards_home::crash() {
  if (access)
    self->send_exit(access, caf::exit_reason::kill);
  if (queue)
    self->send_exit(queue, caf::exit_reason::user_shutdown);
  for (const auto& worker : workers)
    self->send_exit(worker, caf::exit_reason::user_shutdown);
  sched.run();
  access = nullptr;
  queue = nullptr;
  workers.clear();
}

void standards_home::pass(std::chrono::seconds time) {
  for (; time > 0s; time -= 1s) {
    clock->advance(1s);
    advance(1s);
  }
}

standard_reading standards_home::read(const std::string& id, bool force, bool skip) {
  auto reading = ask<standard_reading>(access, read_standard{id, force, skip, {}});
  if (!reading)
    FAIL(describe(reading.error()));
  return std::move(*reading);
}

standard standards_home::document(const std::string& id) {
  auto found = store->standards.get(id);
  REQUIRE(found);
  return std::move(*found);
}

std::string standards_home::text(const std::string& id) {
  auto found = store->standard_versions.text(id, document(id).current);
  REQUIRE(found);
  return std::move(*found);
}

std::vector<standard_version> standards_home::versions(const std::string& id) {
  auto found = store->standard_versions.list(id);
  REQUIRE(found);
  return std::move(*found);
}

refresh_status standards_home::queue_status() {
  auto status = ask<refresh_status>(queue, list_refreshes{});
  REQUIRE(status);
  return std::move(*status);
}

} // namespace habitd
