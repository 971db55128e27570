#include "actors/outbox/file_target.hpp"

#include "tests/storage/scratch_directory.hpp"

#include <boost/json.hpp>

#include <sys/stat.h>

#include <fstream>
#include <sstream>

namespace habitd {
namespace {

using kind = delivery_result::kind;

outbox_entry entry_of(std::uint64_t sequence, const std::string& payload,
                      const std::string& type = "application/json") {
  outbox_entry entry;
  entry.sequence = sequence;
  entry.target = "file";
  entry.payload = payload;
  entry.content_type = type;
  return entry;
}

std::string content(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream{file}.rdbuf();
  return text.str();
}

TEST_CASE("each entry is a line of JSON, with JSON payloads as they are") {
  const scratch_directory scratch;
  const auto file = scratch.path() / "alerts.ndjson";

  CHECK(append_to_file(file, entry_of(1, R"({"a": [1, 2]})")).how == kind::delivered);
  CHECK(append_to_file(file, entry_of(2, "two\nlines", "text/plain")).how ==
        kind::delivered);

  std::istringstream lines{content(file)};
  std::string first, second, third;
  std::getline(lines, first);
  std::getline(lines, second);
  CHECK_FALSE(std::getline(lines, third));
  CHECK(boost::json::parse(first).at("payload").at("a").at(1) == 2);
  CHECK(boost::json::parse(first).at("sequence") == 1);
  CHECK(boost::json::parse(second).at("payload") == "two\nlines");
  struct stat made {};
  REQUIRE(::stat(file.c_str(), &made) == 0);
  CHECK((made.st_mode & 0007) == 0);
}

TEST_CASE("after half a line the next entry begins on a line of its own") {
  const scratch_directory scratch;
  const auto file = scratch.path() / "alerts.ndjson";
  std::ofstream{file} << "{\"sequence\":1}\n{\"sequ";

  CHECK(append_to_file(file, entry_of(2, "{}")).how == kind::delivered);

  CHECK_THAT(content(file),
             Catch::StartsWith("{\"sequence\":1}\n{\"sequ\n{\"sequence\":2,"));
}

TEST_CASE("what a file can't take yet is tried again, what is not text is refused") {
  const scratch_directory scratch;

  const auto nowhere = append_to_file(scratch.path() / "none" / "a", entry_of(1, "{}"));
  CHECK(nowhere.how == kind::failed);
  CHECK_THAT(nowhere.problem, Catch::Contains("No such file or directory"));
  const auto pipe = scratch.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(append_to_file(pipe, entry_of(1, "{}")).how == kind::failed);
  CHECK(append_to_file("/dev/full", entry_of(1, "{}")).how == kind::failed);
  const auto binary = append_to_file(scratch.path() / "b", entry_of(1, "\xff\xfe", "x"));
  CHECK(binary.how == kind::refused);
}

} // namespace
} // namespace habitd
