// Random schedules of reports, late ones among them, against a model that is told the whole
// course at once.

#include "actors/job/job_run.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace habitd {
namespace {

using namespace std::chrono_literals;

/// What happens to one attempt of a step.
enum class fate { more, done, passing, lasting, full, damage };

struct plan {
  std::vector<phase_rule> phases;
  std::vector<fate> fates; // one after the other, whatever step they meet
  std::size_t cancelled_before = SIZE_MAX;
  int most_waits = 0; // for space
};

/// What a job comes to.
struct course {
  std::vector<std::pair<std::string, bool>> phases; // name, ok
  std::size_t attempts = 0;
  std::size_t repairs = 0;
  std::size_t waits = 0;
  std::size_t set_aside = 0;
  job_outcome outcome = job_outcome::running;
  bool operator==(const course&) const = default;
};

error error_of(fate what) {
  switch (what) {
  case fate::passing:
    return make_error(ec::unavailable, "restarting");
  case fate::full:
    return make_error(ec::unavailable, "write", "IO error: No space left on device");
  case fate::damage:
    return make_error(ec::corrupt_data, "a block");
  default:
    return make_error(ec::invalid_input, "of the wrong kind");
  }
}

/// The model: plain loops over phases, steps and attempts. Where fates run out, all goes well.
course model(const plan& of) {
  course result;
  std::size_t next = 0;
  int waits = 0;
  bool repaired = false;
  const auto fate_of_attempt = [&] {
    ++result.attempts;
    return next < of.fates.size() ? of.fates[next++] : fate::done;
  };
  const auto is_cancelled = [&] { return result.attempts >= of.cancelled_before; };
  const auto outcome = [&] {
    bool any_good = false, all_good = true;
    for (const auto& [name, ok] : result.phases) {
      any_good = any_good || ok;
      all_good = all_good && ok;
    }
    return !any_good  ? job_outcome::failed
           : all_good ? job_outcome::ok
                      : job_outcome::partial;
  };
  for (const auto& phase : of.phases) {
    for (bool phase_over = false; !phase_over;) {
      if (is_cancelled()) {
        result.outcome = job_outcome::cancelled;
        return result;
      }
      int failures = 0;
      for (bool step_over = false; !step_over;) {
        const auto what = fate_of_attempt();
        if (what == fate::more || what == fate::done) {
          step_over = true;
          phase_over = what == fate::done;
          if (phase_over)
            result.phases.emplace_back(phase.name, true);
          continue;
        }
        if (is_cancelled()) {
          result.outcome = job_outcome::cancelled;
          return result;
        }
        if (what == fate::full && waits < of.most_waits) {
          ++waits;
          ++result.waits;
          continue;
        }
        if (what == fate::damage && phase.can_repair && !repaired) {
          repaired = true;
          ++result.repairs;
          continue;
        }
        if ((what == fate::passing || what == fate::full) && ++failures < 3) {
          ++result.waits;
          continue;
        }
        step_over = true;
        if (phase.failing == on_failure::set_aside) {
          ++result.set_aside;
          continue;
        }
        phase_over = true;
        result.phases.emplace_back(phase.name, false);
        if (phase.failing == on_failure::fail_job) {
          result.outcome = job_outcome::failed;
          return result;
        }
      }
    }
  }
  result.outcome = outcome();
  return result;
}

/// The same by `job_run`, with reports that come too late strewn in.
course carry_out(const plan& of, std::minstd_rand& random) {
  const job_run::time_point now{1h};
  job_run run{job_record{},
              of.phases,
              {.wait_for_space = of.most_waits * 30s, .space_wanted_every = 30s}};
  course result;
  std::size_t next = 0;
  std::vector<std::uint64_t> old_steps;
  const auto report_late = [&] {
    if (old_steps.empty())
      return;
    const auto late = old_steps[random() % old_steps.size()];
    CHECK(run.more(late).move == job_move::nothing);
    CHECK(run.done(late, now).move == job_move::nothing);
    CHECK(run.failed(late, now, error_of(fate::passing)).move == job_move::nothing);
    CHECK(run.wake(late).move == job_move::nothing);
  };
  const auto attempt = [&]() -> job_action {
    ++result.attempts;
    if (result.attempts == of.cancelled_before)
      CHECK(run.cancel().move == job_move::nothing); // it works, so it ends later
    const auto what = next < of.fates.size() ? of.fates[next++] : fate::done;
    if (what == fate::more)
      return run.more(run.step());
    if (what == fate::done)
      return run.done(run.step(), now);
    return run.failed(run.step(), now, error_of(what));
  };
  auto action = run.begin(now);
  while (action.move != job_move::end) {
    report_late();
    const auto step = run.step();
    switch (action.move) {
    case job_move::step:
      action = attempt();
      break;
    case job_move::repair:
      ++result.repairs;
      action = run.done(step, now);
      break;
    case job_move::set_aside:
      ++result.set_aside;
      action = run.more(step);
      break;
    case job_move::wait:
    case job_move::wait_for_space:
      ++result.waits;
      action = run.wake(step);
      break;
    default:
      FAIL("nothing to be done, and no end");
    }
    if (run.step() != step)
      old_steps.push_back(step);
  }
  report_late();
  for (const auto& phase : run.record().phases)
    result.phases.emplace_back(phase.phase, phase.ok);
  result.outcome = run.record().outcome;
  return result;
}

plan random_plan(std::minstd_rand& random) {
  plan result;
  for (std::size_t i = 0; i < 1 + random() % 4; ++i)
    result.phases.push_back({std::string(1, static_cast<char>('a' + i)),
                             static_cast<on_failure>(random() % 3), random() % 2 == 0});
  for (std::size_t i = 0; i < random() % 30; ++i)
    result.fates.push_back(static_cast<fate>(random() % 6));
  result.most_waits = static_cast<int>(random() % 4);
  if (random() % 3 == 0)
    result.cancelled_before = 1 + random() % 12;
  return result;
}

TEST_CASE("whatever happens to its steps, a job goes as the model says") {
  std::minstd_rand random{20261125};
  for (int i = 0; i < 5'000; ++i) {
    INFO("plan " << i);
    const auto of = random_plan(random);

    const auto expected = model(of);
    const auto got = carry_out(of, random);

    REQUIRE(got.phases == expected.phases);
    REQUIRE(got == expected);
  }
}

} // namespace
} // namespace habitd
