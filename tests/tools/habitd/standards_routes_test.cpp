#include "tools/habitd/standards_routes.hpp"

#include "actors/runtime/system_clock.hpp"
#include "actors/standards/take_text.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "tools/habitd/scratch_directory.hpp"
#include "tools/habitd/standards_branch.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

namespace habitd {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

const std::string old_text = "# Doc\n\nOld.\n\n## More\n\nThe same.\n";
const std::string new_text = "# Doc\n\nNew.\n\n## More\n\nThe same.\n";
const std::string odd_id = "a/b c & 100 %/k\u00fcche";

struct reply {
  int status = 0;
  json::value body;
};

/// A daemon's documents, over HTTP, with a source that has `new_text`.
struct document_house {
  explicit document_house(auto_refresh_config settings = {}) {
    storage_options where;
    where.directory = directory.path() / "store";
    where.sync = false;
    auto opened = home_store::open(where);
    REQUIRE(opened);
    store = std::move(*opened);
    plant(odd_id, 40);
    plant("fresh", 1);
    standards_branch::parts parts{store, clock, board};
    parts.fetch = [this](const fetch_task&) {
      fetched_text result;
      result.origin = "http";
      result.text = new_text;
      result.what = works ? fetched_text::kind::text : fetched_text::kind::failed;
      result.problem = works ? "" : "status 500";
      return result;
    };
    auto started = standards_branch::start(system, parts, settings);
    REQUIRE(started);
    branch = std::move(*started);
    auto listening = server::start(
      {.port = 0}, standards_routes({&system, store, clock, branch->access(),
                                     branch->queue(), branch->tally(), settings}));
    REQUIRE(listening);
    http = std::move(*listening);
  }
  ~document_house() {
    http->stop();
    branch->stop();
  }

  void plant(const std::string& id, int days_ago) {
    standard document;
    document.id = document.title = id;
    document.source = "https://source.example/doc.md";
    document.created = clock->now() - std::chrono::days{days_ago};
    batch changes;
    stage_version(*store, changes, document, {},
                  first_version(old_text, "folder", document.created), old_text);
    REQUIRE_FALSE(store->db->write(std::move(changes)));
  }

  reply ask(const std::string& method, const std::string& path,
            const std::string& body = {}) {
    client_request request;
    request.method = method;
    request.url = "http://127.0.0.1:" + std::to_string(http->port()) + path;
    request.body = body;
    if (!body.empty())
      request.headers.emplace_back("Content-Type", "application/json");
    auto client = http_client::make("habitd/test");
    REQUIRE(client);
    const auto answer = client->send(request);
    if (!answer)
      FAIL(describe(answer.error()));
    INFO(answer->body);
    return {answer->status, json::parse(answer->body)};
  }

  /// Until the queue has nothing to do at once.
  void settle() {
    for (;;) {
      const auto items = ask("GET", "/api/v1/refresh-queue").body.at("items").as_array();
      const bool idle = std::all_of(items.begin(), items.end(), [](const auto& item) {
        return item.at("waiting_for") == "its next attempt";
      });
      if (idle)
        return;
      std::this_thread::yield();
    }
  }

  scratch_directory directory = std::move(*scratch_directory::make());
  caf::actor_system_config config;
  caf::actor_system system{config};
  std::shared_ptr<home_store> store;
  std::shared_ptr<const wall_clock> clock = std::make_shared<system_wall_clock>();
  std::shared_ptr<health_board> board = std::make_shared<health_board>(clock);
  std::atomic<bool> works{true};
  std::unique_ptr<standards_branch> branch;
  std::unique_ptr<server> http;
};

const std::string odd = "/api/v1/standards/a/b%20c%20%26%20100%20%25/k%C3%BCche";
const std::string odd_escaped =
  "/api/v1/standards/a%2Fb%20c%20%26%20100%20%25%2Fk%C3%BCche";

} // namespace

TEST_CASE("a document is read, refreshed, compared and rolled back over HTTP") {
  document_house house;

  const auto first = house.ask("GET", odd);
  CHECK(first.status == 200);
  CHECK(first.body.at("id") == odd_id);
  CHECK(first.body.at("content") == old_text);
  CHECK(first.body.at("stale") == true);
  CHECK(first.body.at("refresh_queued") == true);
  house.settle();
  const auto second = house.ask("GET", odd_escaped);
  CHECK(second.body.at("content") == new_text);
  CHECK(second.body.at("version") == "1.0.1");
  CHECK(second.body.at("stale") == false);
  CHECK(second.body.at("access_count") == 2);

  const auto status = house.ask("GET", odd + "/refresh-status");
  CHECK(status.body.at("freshness") == "fresh");
  CHECK(status.body.at("refresh").is_null());
  const auto versions = house.ask("GET", odd + "/versions").body.at("items");
  REQUIRE(versions.as_array().size() == 2);
  CHECK(versions.at(0).at("current") == true);
  CHECK(versions.at(0).at("bump") == "patch");
  CHECK(house.ask("GET", odd + "/versions/1.0.0").body.at("content") == old_text);
  CHECK(
    house.ask("GET", odd + "/diff").body.at("diff").as_string().find("-Old.\n+New.") !=
    json::string::npos);

  CHECK(house.ask("POST", odd + "/rollback").body.at("version") == "1.0.0");
  CHECK(house.ask("GET", odd).body.at("content") == old_text);
  CHECK(house.ask("POST", odd + "/rollback", R"({"version": "1.0.1"})").status == 200);
  CHECK(house.ask("GET", odd).body.at("content") == new_text);
}

TEST_CASE("documents are listed in pages, with how many there are") {
  document_house house;

  const auto all = house.ask("GET", "/api/v1/standards");
  const auto count = all.body.at("items").as_array().size();
  CHECK(all.body.at("standards_count") == count);
  CHECK(count >= 6);
  std::size_t seen = 0;
  for (std::string after;;) {
    const auto page = house.ask("GET", "/api/v1/standards?limit=2" + after);
    seen += page.body.at("items").as_array().size();
    if (page.body.at("next").is_null())
      break;
    std::string cursor = page.body.at("next").as_string().c_str();
    after = "&after=";
    for (const char c : cursor) {
      constexpr auto hex = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      (after += '%') += hex[byte >> 4U];
      after += hex[byte & 15U];
    }
  }
  CHECK(seen == count);
}

TEST_CASE("a refresh is asked for, listed while it waits, and cancelled") {
  document_house house;
  house.works = false;

  const auto ticket = house.ask("POST", "/api/v1/standards/fresh/refresh");
  CHECK(ticket.status == 202);
  CHECK(ticket.body.at("queued") == true);
  house.settle();
  const auto queue = house.ask("GET", "/api/v1/refresh-queue").body.at("items");
  REQUIRE(queue.as_array().size() == 1);
  CHECK(queue.at(0).at("id") == "fresh");
  CHECK(queue.at(0).at("attempts") == 1);
  CHECK(queue.at(0).at("last_error") == "status 500");
  const auto status = house.ask("GET", "/api/v1/standards/fresh/refresh-status");
  CHECK(status.body.at("refresh").at("waiting_for") == "its next attempt");

  CHECK(house.ask("DELETE", "/api/v1/refresh-queue/fresh").status == 200);
  CHECK(house.ask("DELETE", "/api/v1/refresh-queue/fresh").status == 404);
  CHECK(house.ask("GET", "/api/v1/refresh-queue").body.at("items").as_array().empty());
}

TEST_CASE("settings of a document and the switch of all are changed over HTTP") {
  document_house house;

  const auto changed =
    house.ask("PATCH", odd + "/auto-refresh-settings",
              R"({"auto_update_enabled": false, "freshness_threshold_days": 7})");
  CHECK(changed.body.at("auto_update_enabled") == false);
  CHECK(changed.body.at("freshness_threshold_days") == 7);
  CHECK(house.ask("GET", odd).body.at("freshness") == "switched_off");
  CHECK(house
          .ask("PATCH", odd + "/auto-refresh-settings",
               R"({"freshness_threshold_days": null})")
          .body.at("freshness_threshold_days")
          .is_null());

  const std::string all = "/api/v1/auto-refresh-settings";
  CHECK(house.ask("GET", all).body.at("enabled") == true);
  CHECK(house.ask("PATCH", all, R"({"enabled": false})").body.at("enabled") == false);
  CHECK(house.ask("POST", "/api/v1/standards/fresh/refresh").status == 409);
  CHECK(house.ask("GET", "/api/v1/metrics/auto-refresh").body.at("enabled") == false);
  CHECK(house.ask("PATCH", all, R"({"enabled": true})").body.at("enabled") == true);
}

TEST_CASE("requests about documents that make no sense are refused with a problem") {
  document_house house;
  const auto [method, path, body,
              status] = GENERATE(table<std::string, std::string, std::string, int>({
    {"GET", "/api/v1/standards/none", "", 404},
    {"GET", "/api/v1/standards/none/versions", "", 404},
    {"GET", "/api/v1/standards/none/diff", "", 404},
    {"GET", "/api/v1/standards/none/refresh-status", "", 404},
    {"POST", "/api/v1/standards/none/refresh", "", 404},
    {"POST", "/api/v1/standards/none/rollback", "", 404},
    {"PATCH", "/api/v1/standards/none/auto-refresh-settings", "{}", 404},
    {"GET", "/api/v1/standards/fresh/versions/9.9.9", "", 404},
    {"GET", "/api/v1/standards/fresh/diff", "", 404},
    {"POST", "/api/v1/standards/fresh/rollback", "", 404},
    {"POST", "/api/v1/standards/fresh/rollback", R"({"version": 1})", 400},
    {"GET", "/api/v1/standards/fresh?force_refresh=maybe", "", 400},
    {"GET", "/api/v1/standards/fresh?force_refresh=true&skip_auto_refresh=true", "", 400},
    {"GET", "/api/v1/standards?limit=0", "", 400},
    {"PATCH", "/api/v1/standards/fresh/auto-refresh-settings", "[]", 400},
    {"PATCH", "/api/v1/standards/fresh/auto-refresh-settings", R"({"a": 1})", 400},
    {"PATCH", "/api/v1/standards/fresh/auto-refresh-settings",
     R"({"freshness_threshold_days": 0})", 400},
    {"PATCH", "/api/v1/auto-refresh-settings", "{}", 400},
    {"POST", "/api/v1/standards/home-assistant/automations/refresh", "", 400},
    {"PUT", "/api/v1/standards/fresh", "{}", 405},
  }));

  INFO(method << " " << path << " " << body);
  const auto answer = house.ask(method, path, body);

  CHECK(answer.status == status);
  CHECK(answer.body.at("status") == status);
  CHECK(answer.body.at("detail").is_string());
}

TEST_CASE("metrics of refreshes are those of what was done, to the digit") {
  document_house house;
  house.ask("GET", odd);
  house.settle();
  house.ask("GET", odd);
  house.ask("GET", "/api/v1/standards/fresh");

  const auto body = house.ask("GET", "/api/v1/metrics/auto-refresh").body;

  CHECK(body.at("accesses") == 3);
  CHECK(body.at("stale_found") == 1);
  CHECK(body.at("attempts") == 1);
  CHECK(body.at("successes") == 1);
  CHECK(body.at("failures") == 0);
  CHECK(body.at("updates") == 1);
  CHECK(body.at("success_rate").to_number<double>() == 1.0);
  std::int64_t documents = 0;
  for (const auto& bucket : body.at("ages").at("buckets").as_array())
    documents += bucket.at("documents").as_int64();
  CHECK(body.at("standards_count") == documents);
}

TEST_CASE("in blocking mode the answer over HTTP has the new version, or says why not") {
  auto_refresh_config settings;
  settings.mode = refresh_mode::blocking;
  document_house house{settings};
  house.works = false;
  const auto stale = house.ask("GET", odd);
  CHECK(stale.status == 200);
  CHECK(stale.body.at("content") == old_text);
  CHECK(stale.body.at("stale") == true);
  CHECK(stale.body.at("refresh_problem") == "status 500");
  house.works = true;

  const auto forced = house.ask("GET", "/api/v1/standards/fresh?force_refresh=true");

  CHECK(forced.body.at("content") == new_text);
  CHECK(forced.body.at("refreshed") == true);
}

} // namespace habitd
