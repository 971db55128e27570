#include "tests/end_to_end/program.hpp"
#include "tests/storage/small_disk.hpp"

#include <catch2/catch.hpp>

namespace habitd {
namespace {

using Catch::Contains;
using namespace std::chrono_literals;

constexpr int unavailable = 4; // docs/operations.md

/// A home whose state lies on a disk that takes no more bytes, as an SD card at its end.
struct read_only_home {
  test_directory dir;
  small_disk disk{dir / "state", "size=32m"};

  read_only_home() {
    run_program({habitd_path(), "simulate", dir / "home", "--days", "20", "--entities",
                 "60", "--recorder-only"});
  }

  program_result analyze(const std::string& state) const {
    return program{{habitd_path(), "analyze", "--recorder",
                    dir / "home/home-assistant_v2.db", "--time-zone", "Europe/Berlin",
                    "--state", dir / state}}
      .wait_at_most(60s);
  }

  program_result run(const std::string& state) const {
    const auto config = dir / "habitd.yaml";
    write_file(config, "events:\n  recorder: " + (dir / "home/home-assistant_v2.db") +
                         "\nhome:\n  time_zone: Europe/Berlin\nstorage:\n  directory: " +
                         (dir / state) + "\nhttp:\n  port: 0\n");
    return program{{habitd_path(), "run", "--config", config}}.wait_at_most(60s);
  }
};

} // namespace

TEST_CASE_METHOD(read_only_home,
                 "a state directory that can't be written is named, old or new") {
  if (!disk.mounted())
    return;
  REQUIRE(analyze("state/old").exit_code == 0);
  disk.make_read_only();
  for (const std::string state : {"state/old", "state/new"}) {
    const auto analysed = analyze(state);
    const auto ran = run(state);

    CHECK(analysed.exit_code == unavailable);
    CHECK(ran.exit_code == unavailable);
    for (const auto& printed : {analysed.err, ran.err}) {
      CHECK_THAT(printed, Contains("habitd: unavailable:") && Contains(dir / state) &&
                            Contains("Read-only file system"));
    }
  }
}

} // namespace habitd
