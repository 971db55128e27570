#include "actors/standards/document_check.hpp"
#include "actors/standards/http_source.hpp"
#include "actors/standards/text_diff.hpp"
#include "tests/actors/standards/standards_fixture.hpp"
#include "tests/http/scripted_server.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <filesystem>
#include <map>

using namespace habitd;

namespace {

constexpr const char* pages_file = HABITD_SHARED_DATA "/documents/documents.tar.zst";

/// Texts of each page by their dates: "…trigger.markdown" -> "2019-06-29" -> text.
std::map<std::string, std::map<std::string, std::string>> dated_pages() {
  std::map<std::string, std::map<std::string, std::string>> pages;
  auto* in = archive_read_new();
  archive_read_support_filter_all(in);
  archive_read_support_format_tar(in);
  REQUIRE(archive_read_open_filename(in, pages_file, 10240) == ARCHIVE_OK);
  archive_entry* entry = nullptr;
  while (archive_read_next_header(in, &entry) == ARCHIVE_OK) {
    const std::string name = archive_entry_pathname(entry);
    const auto at = name.find('@');
    if (at == name.npos || !name.ends_with(".md"))
      continue;
    std::string text(static_cast<std::size_t>(archive_entry_size(entry)), '\0');
    REQUIRE(archive_read_data(in, text.data(), text.size()) ==
            static_cast<la_ssize_t>(text.size()));
    pages[name.substr(0, at)][name.substr(at + 1, 10)] = std::move(text);
  }
  archive_read_free(in);
  return pages;
}

bool pages_are_there() {
  if (std::filesystem::exists(pages_file))
    return true;
  WARN("skipped: no pages at " << pages_file);
  return false;
}

} // namespace

TEST_CASE("pages served one date after the other become one version each") {
  if (!pages_are_there())
    return;
  const auto pages = dated_pages();
  REQUIRE(pages.size() == 8);
  std::string served;
  const scripted_server server{[&](const std::string& request) {
    const auto tag = "\"" + std::to_string(std::hash<std::string>{}(served)) + "\"";
    if (request.find("If-None-Match: " + tag) != request.npos)
      return answer_text(304, {}, "ETag: " + tag + "\r\n");
    return answer_text(200, served,
                       "ETag: " + tag + "\r\nContent-Type: text/markdown\r\n");
  }};
  standards_home home;
  home.options.limits.calls = 1000;
  home.fetch = http_source("habitd/test");
  std::map<std::string, std::vector<version_bump>> bumps;
  for (const auto& [name, dates] : pages)
    home.plant(name, dates.begin()->second, 40, server.url("/" + name));
  home.start();
  for (const auto& [name, dates] : pages) {
    INFO(name);
    for (const auto& [date, text] : dates) {
      INFO(date);
      served = text;
      home.clock->advance(31 * 24h);
      home.read(name);
      CHECK(home.text(name) == text);
      home.clock->advance(31 * 24h);
      home.read(name); // answered with 304
      CHECK(home.document(name).last_success == home.clock->now());
    }
    const auto versions = home.versions(name);
    REQUIRE(versions.size() == dates.size());
    for (std::size_t i = 1; i < versions.size(); ++i) {
      CHECK(versions[i].bump != version_bump::none);
      CHECK_FALSE(versions[i].changes.empty());
      bumps[name].push_back(versions[i].bump);
      const auto before =
        home.store->standard_versions.text(name, versions[i - 1].sequence);
      const auto after = home.store->standard_versions.text(name, versions[i].sequence);
      CHECK_FALSE(unified_diff(*before, *after, "a", "b").empty());
    }
    // Back to the first, and forward to the last again.
    REQUIRE(home.ask<standard>(home.queue, roll_back{name, "1.0.0"}));
    CHECK(home.text(name) == dates.begin()->second);
    REQUIRE(home.ask<standard>(home.queue, roll_back{name, versions.back().version}));
    CHECK(home.text(name) == dates.rbegin()->second);
    CHECK(home.versions(name).size() == dates.size());
  }
  using bump = version_bump;
  const auto of = [&](const std::string& part) {
    for (const auto& [name, list] : bumps)
      if (name.find(part) != name.npos)
        return list;
    return std::vector<bump>{};
  };
  // As another program, which knows the same rule, sees them.
  const auto patch = bump::patch, minor = bump::minor, major = bump::major;
  CHECK(of("automation__action") == std::vector{minor, minor});
  CHECK(of("automation__trigger") == std::vector{major, major, major});
  CHECK(of("blueprint__schema") == std::vector{minor, patch});
  CHECK(of("blueprint__selectors") == std::vector{minor});
  CHECK(of("configuration__templating") == std::vector{major, minor, major});
  CHECK(of("docs__scripts") == std::vector{major, minor, minor});
  CHECK(of("integrations__recorder") == std::vector{minor, major});
}
