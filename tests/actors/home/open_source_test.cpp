#include "tests/actors/home/made_recorder.hpp"
#include "tests/actors/home/recorder_sample.hpp"
#include "tests/actors/home/sample.hpp"

#include "actors/home/line_source.hpp"

#include <catch2/catch.hpp>

#include <fstream>

namespace habitd {

namespace {

constexpr auto sample = "entity_id,state,time\n"
                        "light.a,off,1795327200\n"
                        "light.a,on,1795327201\n"
                        "light.a,off,1795327202\n";

std::string long_history(int rows) {
  std::string content = "entity_id,state,time\n";
  for (int i = 0; i < rows; ++i)
    content += "light.a," + std::string{i % 2 ? "on" : "off"} + "," +
               std::to_string(1795327200 + i) + "\n";
  return content;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a file is read the same plain, compressed or inside an archive") {
  const scratch_folder folder;
  const auto plain = read_all(folder.write("a.csv", sample));
  const auto zipped = folder.path() / "a.zip";
  const auto packed = GENERATE_COPY(values<std::string>(
    {"a.csv.gz", "a.csv.zst", "a.tar", "a.tar.gz", "a.tar.zst", "a.zip"}));
  const auto file = folder.path() / packed;
  if (packed.find("csv") != std::string::npos)
    write_compressed(file, sample);
  else
    write_archive(file, {{"folder/a.csv", sample}});

  const auto source = read_all(file);

  CAPTURE(packed, failure_of(source));
  REQUIRE(source);
  REQUIRE(plain);
  CHECK(source->rows == plain->rows);
  CHECK(source->rows.size() == 3);
}

TEST_CASE("pages say where they begin, and a reader resumes where another stopped") {
  const scratch_folder folder;
  source_request request;
  request.file = folder.write("a.csv", long_history(1'000));
  request.page_rows = 300;
  request.calendar = berlin();
  const auto whole = read_all(request);
  REQUIRE(whole);
  CHECK(whole->ordinals == std::vector<std::uint64_t>{0, 300, 600, 900});

  auto first = open_source(request);
  REQUIRE(first);
  REQUIRE(first->next());
  const auto second_page = first->next();
  REQUIRE(second_page);
  CHECK(second_page->position.source == request.file.string());
  CHECK(second_page->progress > 0);
  request.resume_cursor = second_page->position.cursor;
  const auto rest = read_all(request);

  REQUIRE(rest);
  CHECK(rest->ordinals == std::vector<std::uint64_t>{600, 900});
  REQUIRE(rest->rows.size() == 400);
  CHECK(std::equal(rest->rows.begin(), rest->rows.end(), whole->rows.begin() + 600));
}

TEST_CASE("a file that grew gives its new rows only, one that was replaced all of them") {
  const scratch_folder folder;
  source_request request;
  request.file = folder.write("a.csv", long_history(1'000));
  request.page_rows = 300;
  const auto whole = read_all(request);
  REQUIRE(whole);
  request.resume_cursor = whole->last_cursor;

  folder.write("a.csv", long_history(1'010));
  const auto grown = read_all(request);
  folder.write("a.csv", long_history(70));
  const auto replaced = read_all(request);

  REQUIRE(grown);
  REQUIRE(grown->rows.size() == 10);
  CHECK(grown->ordinals.front() == 1'000);
  CHECK(grown->rows.front().old_state == "on");
  REQUIRE(replaced);
  CHECK(replaced->rows.size() == 70);
}

TEST_CASE("a format that is asked for is used, one that is unknown refused") {
  const scratch_folder folder;
  const auto file = folder.write("a.csv", sample);

  CHECK(read_all(file, "ordonez"));
  const auto wrong = read_all(file, "ndjson");
  REQUIRE_FALSE(wrong);
  CHECK(has(failure_of(wrong), "nothing could be read as ndjson: 4 bad rows"));
  CHECK(has(failure_of(wrong), "a.csv:1: not a JSON object"));
  const auto unknown = read_all(file, "influx");
  REQUIRE_FALSE(unknown);
  CHECK(code_of(unknown.error()) == ec::invalid_input);
  CHECK(
    has(failure_of(unknown), "no such format: influx (formats: recorder, json, ndjson"));
}

TEST_CASE("all formats have a name and a line for people") {
  const auto formats = known_formats();

  REQUIRE(formats.size() == 10);
  CHECK(formats.front().name == "recorder");
  for (const auto& format : formats) {
    CHECK_FALSE(format.name.empty());
    CHECK_FALSE(format.description.empty());
    CHECK(format.description.find('\n') == std::string_view::npos);
  }
}

TEST_CASE("what can't be a source is refused with its name and why") {
  const scratch_folder folder;

  const auto missing = read_all(folder.path() / "nowhere.csv");
  REQUIRE_FALSE(missing);
  CHECK(code_of(missing.error()) == ec::not_found);
  CHECK(has(failure_of(missing), "nowhere.csv: no such file"));

  const auto directory = read_all(folder.path());
  REQUIRE_FALSE(directory);
  CHECK(code_of(directory.error()) == ec::invalid_input);
  CHECK(has(failure_of(directory), "a directory"));

  const auto empty = read_all(folder.write("empty.csv", ""));
  REQUIRE_FALSE(empty);
  CHECK(has(failure_of(empty), "empty.csv: the file is empty"));

  const auto header = read_all(folder.write("header.csv", "entity_id,state,time\n"));
  REQUIRE_FALSE(header);
  CHECK(has(failure_of(header), "header.csv: nothing could be read as csv"));

  const auto prose = read_all(folder.write("diary.txt", "Dear diary,\ntoday\n"));
  REQUIRE_FALSE(prose);
  CHECK(code_of(prose.error()) == ec::invalid_input);
  CHECK(has(failure_of(prose), "diary.txt begins \"Dear diary,\""));
  CHECK(has(failure_of(prose), "formats: recorder, json, ndjson"));

  const auto fake = read_all(folder.write("home.db", "not a database at all"));
  REQUIRE_FALSE(fake);
  CHECK(has(failure_of(fake), "home.db: not an SQLite database"));
  CHECK(has(failure_of(read_all(folder.path() / "home.db", "recorder")),
            "not an SQLite database"));

  const auto noise =
    read_all(folder.write("noise.bin", std::string("\x01\x02\xff\0x", 5)));
  REQUIRE_FALSE(noise);
  CHECK(has(failure_of(noise), "binary data"));
}

TEST_CASE("an archive of two formats asks which one is meant") {
  const scratch_folder folder;
  const auto file = write_archive(
    folder.path() / "a.tar",
    {{"a.csv", sample},
     {"b.ndjson", "{\"entity_id\":\"light.b\",\"state\":\"on\",\"time\":1795327200}\n"}});

  const auto open = read_all(file);
  const auto named = read_all(file, "ndjson");

  REQUIRE_FALSE(open);
  CHECK(has(failure_of(open), "holds both csv and ndjson"));
  REQUIRE(named);
  CHECK(named->rows.size() == 1);
}

TEST_CASE("of a damaged archive the good rows are read before the error") {
  const scratch_folder folder;
  std::string content = "entity_id,state,time\n";
  for (unsigned i = 0; i < 200'000; ++i)
    content += "sensor.a," + std::to_string(i * 2654435761U) + "," +
               std::to_string(1795327200 + i) + "\n";
  const auto file = write_compressed(folder.path() / "a.csv.gz", content);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  source_request request;
  request.file = file;
  request.calendar = berlin();

  auto source = open_source(request);
  REQUIRE(source);
  std::size_t rows = 0;
  auto step = source->next();
  for (; step && !step->at_end; step = source->next())
    rows += step->page.rows.size();

  REQUIRE_FALSE(step);
  CHECK(code_of(step.error()) == ec::corrupt_data);
  CHECK(has(describe(step.error()), "a.csv.gz"));
  CHECK(rows > 50'000);
  CHECK(rows < 150'000);
}

TEST_CASE("names with numbers are in the order of the numbers") {
  CHECK(natural_less("DAY_2.txt", "DAY_10.txt"));
  CHECK_FALSE(natural_less("DAY_10.txt", "DAY_2.txt"));
  CHECK(natural_less("a", "b"));
  CHECK(natural_less("a1", "a1b"));
  CHECK_FALSE(natural_less("a01", "a1"));
  CHECK_FALSE(natural_less("a1", "a01"));
  CHECK(natural_less("2020-07-20", "2020-07-27"));
}

TEST_CASE("a database server is refused with what to do, and without its password") {
  const std::string secret = "S3cret/@:x";
  const std::vector<std::string> urls{
    "mysql://ha:" + secret + "@core-mariadb/homeassistant?charset=utf8mb4",
    "mariadb+pymysql://ha:" + secret + "@core-mariadb/homeassistant",
    "postgresql://ha:" + secret + "@db:5432/ha", "postgresql://@/ha"};
  for (const auto& url : urls) {
    const auto source = read_all(url);

    REQUIRE_FALSE(source);
    CHECK(code_of(source.error()) == ec::invalid_input);
    CHECK(has(failure_of(source), "can't be read; export the rows"));
    CHECK_FALSE(has(failure_of(source), "S3cret"));
  }
  CHECK(source_path("sqlite:////config/home-assistant_v2.db") ==
        "/config/home-assistant_v2.db");
  CHECK(has(failure_of(read_all("https://u:pw@ha.local/api/history")), "an address"));
  CHECK_FALSE(has(failure_of(read_all("https://u:pw@ha.local/api/history")), "pw"));
}

TEST_CASE("files that people have and that can't be read are named with what to do") {
  const scratch_folder folder;

  const auto rows = read_all(folder.write(
    "rows.tsv", "light.a\ton\t2026-11-22 06:00:00\nlight.a\toff\t2026-11-22 07:00:00\n"));
  CHECK(has(failure_of(rows), "rows without a header"));
  CHECK(has(failure_of(rows), "entity_id,state,last_changed"));
  const auto dump =
    read_all(folder.write("dump.sql", "-- MySQL dump 10.13\nCREATE TABLE x;\n"));
  CHECK(has(failure_of(dump), "a dump of MySQL"));
}

TEST_CASE("a backup of Home Assistant is read without being unpacked") {
  const scratch_folder folder;
  const auto database = folder.path() / "home-assistant_v2.db";
  std::string content, log;
  {
    made_recorder recorder{database};
    recorder.add({"light.a", "off", noon});
    REQUIRE(recorder.checkpoint());
    recorder.add({"light.a", "on", noon + 60});
    content = file_content(database);
    log = file_content(folder.path() / "home-assistant_v2.db-wal");
  }
  const auto inner = write_archive(folder.path() / "inner.tar.gz",
                                   {{"data/.HA_VERSION", "2026.11.0"},
                                    {"data/home-assistant_v2.db-wal", log},
                                    {"data/home-assistant_v2.db", content}});
  const auto backup = write_archive(
    folder.path() / "backup.tar", {{"./backup.json", R"({"slug":"ab12","type":"full"})"},
                                   {"./homeassistant.tar.gz", file_content(inner)}});

  const auto source = read_all(backup);

  INFO(failure_of(source));
  REQUIRE(source);
  CHECK(source->rows.size() == 2); // with the one that is in the log alone
}

TEST_CASE("a backup that is encrypted, or without its database, is named so") {
  const scratch_folder folder;
  const auto inner = write_archive(folder.path() / "inner.tar.gz",
                                   {{"data/configuration.yaml", "default_config:\n"}});
  const auto without = write_archive(
    folder.path() / "without.tar",
    {{"./backup.json", "{}"}, {"./homeassistant.tar.gz", file_content(inner)}});
  const auto encrypted = write_archive(
    folder.path() / "encrypted.tar",
    {{"./backup.json", R"({"protected":true,"crypto":"aes128"})"},
     {"./homeassistant.tar.gz", "SecureTar\x02" + std::string(900, '\x93')}});

  CHECK(has(failure_of(read_all(without)), "holds no home-assistant_v2.db"));
  CHECK(has(failure_of(read_all(encrypted)), "encrypted"));
}

} // namespace habitd
