// Tails a recorder database while another process writes 500 rows a second and empties its
// log, and says whether anything was missed or read twice, and how long a checkpoint waited.
//
//   habitd_live_recorder_check [seconds]        3 unless given
//
// Ends with 1 if rows were missed or repeated, or a checkpoint waited for 100 ms or more.

#include "tests/actors/home/made_recorder.hpp"

#include "actors/home/open_source.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace habitd {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr int rows_per_commit = 50;
constexpr auto commit_interval = 100ms;

/// What the writer tells at its end.
struct writer_report {
  std::int64_t rows = 0;
  double longest_wait_ms = 0; // of a checkpoint
  int checkpoints = 0;
};

/// How long a reader keeps a checkpoint from beginning; what the disk then takes for it is
/// not the reader's.
double checkpoint_wait(made_recorder& recorder) {
  const auto begin = clock::now();
  while (true) {
    const std::chrono::duration<double, std::milli> waited = clock::now() - begin;
    if (recorder.checkpoint())
      return waited.count();
    std::this_thread::sleep_for(1ms);
  }
}

writer_report write_rows(const std::filesystem::path& file, std::chrono::seconds period) {
  made_recorder recorder{file};
  writer_report report;
  const auto begin = clock::now();
  auto next = begin;
  for (int commit = 0; clock::now() - begin < period; ++commit) {
    recorder.run("BEGIN IMMEDIATE");
    for (int i = 0; i < rows_per_commit; ++i, ++report.rows)
      recorder.add({"sensor.s" + std::to_string(i), std::to_string(report.rows),
                    1795348800 + static_cast<double>(report.rows) / 500});
    recorder.run("COMMIT");
    if (commit % 5 == 4) {
      report.longest_wait_ms =
        std::max(report.longest_wait_ms, checkpoint_wait(recorder));
      ++report.checkpoints;
    }
    next += commit_interval;
    std::this_thread::sleep_until(next);
  }
  return report;
}

/// What the reader found.
struct reader_report {
  std::int64_t rows = 0;
  std::int64_t missed = 0;
  std::int64_t repeated = 0;
  bool failed = false;
};

void take_page(const read_step& step, reader_report& report) {
  for (const auto& row : step.page.rows) {
    const auto number = std::atoll(step.page.texts[row.state].c_str());
    if (number > report.rows)
      report.missed += number - report.rows;
    if (number < report.rows)
      ++report.repeated;
    report.rows = std::max<std::int64_t>(report.rows, number + 1);
  }
}

/// Reads on until the writer has ended and nothing is left.
reader_report tail(event_source& source, pid_t writer) {
  reader_report report;
  bool writing = true;
  while (true) {
    if (writing)
      writing = ::waitpid(writer, nullptr, WNOHANG) == 0;
    const auto step = source.next();
    if (!step) {
      std::fprintf(stderr, "%s\n", describe(step.error()).c_str());
      report.failed = true;
      return report;
    }
    take_page(*step, report);
    if (step->at_end && !writing)
      return report;
    if (step->at_end)
      std::this_thread::sleep_for(5ms);
  }
}

int check(std::chrono::seconds period) {
  auto pattern = (std::filesystem::temp_directory_path() / "habitd-live-XXXXXX").string();
  const std::filesystem::path folder{::mkdtemp(pattern.data())};
  const auto file = folder / "home.db";
  made_recorder{file};
  int pipe_ends[2];
  if (::pipe(pipe_ends) != 0)
    return 1;
  const auto writer = ::fork();
  if (writer == 0) {
    const auto report = write_rows(file, period);
    const auto sent = ::write(pipe_ends[1], &report, sizeof report);
    ::_exit(sent == sizeof report ? 0 : 1);
  }
  ::close(pipe_ends[1]); // so that a writer that dies is not waited for
  source_request request;
  request.file = file;
  auto source = open_source(request);
  reader_report found;
  if (source)
    found = tail(*source, writer);
  writer_report written;
  const bool told = ::read(pipe_ends[0], &written, sizeof written) == sizeof written;
  std::filesystem::remove_all(folder);
  const auto lost = written.rows - found.rows + found.missed;
  std::printf(
    "wrote %lld rows, missed %lld, twice %lld, %d checkpoints, longest %.1f ms\n",
    static_cast<long long>(written.rows), static_cast<long long>(lost),
    static_cast<long long>(found.repeated), written.checkpoints, written.longest_wait_ms);
  const bool good = source && told && !found.failed && written.rows > 0 && lost == 0 &&
                    found.repeated == 0 && written.longest_wait_ms < 100;
  return good ? 0 : 1;
}

} // namespace

} // namespace habitd

int main(int count, char** arguments) {
  const int seconds = count > 1 ? std::atoi(arguments[1]) : 3;
  return habitd::check(std::chrono::seconds{seconds});
}
