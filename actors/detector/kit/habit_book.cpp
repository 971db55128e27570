#include "actors/detector/kit/habit_book.hpp"

#include "actors/detector/kit/binomial.hpp"

namespace habitd {

namespace {

constexpr std::int32_t furthest_day = 10'000'000; // so that differences can't overflow

void confirm(habit_life& of, const evidence& since, const evidence& lately) {
  if (since.eligible_days < confirm_days || since.p > 0.05)
    return;
  of.status = pattern_status::confirmed;
  of.support = lately.support;
  of.trials = lately.trials;
}

/// A trigger that no longer happens leaves no trials, and fades as well.
bool has_faded(const habit_life& of, const evidence& lately) {
  if (lately.trials == 0)
    return lately.eligible_days >= 2 * confirm_days;
  return wilson(lately.support, lately.trials).high <
         wilson(of.support, of.trials).value / 2;
}

void put_day(byte_writer& out, const std::optional<local_day>& day) {
  out.byte(day ? 1 : 0);
  if (day)
    out.signed_number(day->number);
}

local_day read_day(byte_reader& in) {
  return {in.signed_number_within(furthest_day)};
}

std::optional<local_day> read_optional_day(byte_reader& in) {
  if (in.byte() == 0)
    return std::nullopt;
  return read_day(in);
}

} // namespace

bool advance(habit_life& of, local_day check, const evidence& since,
             const evidence& lately) {
  if (of.status == pattern_status::retired)
    return !of.retired_on || check - *of.retired_on <= remember_retired_days;
  if (of.status == pattern_status::candidate) {
    confirm(of, since, lately);
    return of.status == pattern_status::confirmed ||
           check - of.first_found < candidate_days;
  }
  if (has_ended(lately)) {
    of.status = pattern_status::retired;
    of.retired_on = check;
  } else if (!has_faded(of, lately)) {
    of.low_since.reset();
  } else if (!of.low_since) {
    of.low_since = check;
  } else if (check > *of.low_since) {
    of.status = pattern_status::retired;
    of.retired_on = check;
  }
  return true;
}

double likelihood_of_silence(std::uint32_t hits, std::uint32_t chances,
                             std::uint32_t misses) {
  const double missed = 1 - wilson(hits, chances).low;
  double likelihood = 1;
  for (std::uint32_t i = 0; i < misses && likelihood >= ended_at; ++i)
    likelihood *= missed;
  return likelihood;
}

void begin_candidate(habit_life& of, local_day check, std::uint32_t support,
                     std::uint32_t trials) {
  of.status = pattern_status::candidate;
  of.first_found = check;
  of.support = support;
  of.trials = trials;
  of.low_since.reset();
  of.retired_on.reset();
}

namespace book_format {

void put_head(byte_writer& out, const habit_life& of) {
  out.number(of.id);
  out.number(static_cast<std::uint64_t>(of.status));
}

void put_rest(byte_writer& out, const habit_life& of) {
  out.signed_number(of.first_found.number);
  out.number(of.support);
  out.number(of.trials);
  put_day(out, of.low_since);
  put_day(out, of.retired_on);
}

void read_head(byte_reader& in, habit_life& of) {
  of.id = in.number();
  of.status = static_cast<pattern_status>(in.number_up_to(2));
}

bool read_rest(byte_reader& in, habit_life& of) {
  of.first_found = read_day(in);
  of.support = in.number_up_to(any_number);
  of.trials = in.number_up_to(any_number);
  of.low_since = read_optional_day(in);
  of.retired_on = read_optional_day(in);
  return of.status != pattern_status::retired || of.retired_on;
}

} // namespace book_format

} // namespace habitd
