#include "actors/outbox/delivery.hpp"

#include <algorithm>

namespace habitd {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// @param attempts  that failed, at least 1.
milliseconds backoff_after(std::uint32_t attempts, const delivery_policy& policy,
                           double random) {
  const auto doublings = std::min(attempts - 1, 20U); // no overflow
  const auto backoff =
    std::min(policy.min_backoff * (1 << doublings), policy.max_backoff);
  return std::chrono::round<milliseconds>(backoff * (1 + policy.jitter * random));
}

bool is_hopeless(const outbox_entry& entry, const delivery_result& result, wall_time now,
                 const delivery_policy& policy) {
  if (result.how == delivery_result::kind::refused ||
      entry.attempts >= policy.max_attempts)
    return true;
  return entry.attempts >= policy.min_attempts && now - entry.created >= policy.max_age;
}

} // namespace

settlement settle(outbox_entry entry, const delivery_result& result, wall_time now,
                  const delivery_policy& policy, double random) {
  settlement settled;
  ++entry.attempts;
  entry.last_error = result.problem;
  if (result.how != delivery_result::kind::delivered) {
    settled.what = is_hopeless(entry, result, now, policy) ? fate::dead : fate::again;
    settled.wait = backoff_after(entry.attempts, policy, random);
    // In seconds, since what is asked for may be beyond what milliseconds hold.
    if (result.retry_after)
      settled.wait =
        *result.retry_after >= std::chrono::ceil<seconds>(policy.longest_wait)
          ? policy.longest_wait
          : std::max<milliseconds>(settled.wait, *result.retry_after);
    entry.next_attempt = now + settled.wait;
  }
  entry.dead = settled.what == fate::dead;
  settled.entry = std::move(entry);
  return settled;
}

milliseconds time_left(const outbox_entry& entry, wall_time now,
                       const delivery_policy& policy) {
  return std::clamp(entry.next_attempt - now, milliseconds{0}, policy.longest_wait);
}

error stage_settlement(const outbox_store& outbox, batch& changes,
                       const settlement& settled) {
  switch (settled.what) {
  case fate::delivered:
    return outbox.erase_delivered(changes, settled.entry);
  case fate::dead:
    return outbox.bury(changes, settled.entry);
  case fate::again:
    outbox.put(changes, settled.entry);
  }
  return {};
}

delivery_result::kind meaning_of_status(int status) {
  if (status >= 200 && status < 300)
    return delivery_result::kind::delivered;
  const bool passes = status == 408 || status == 425 || status == 429;
  return status >= 400 && status < 500 && !passes ? delivery_result::kind::refused
                                                  : delivery_result::kind::failed;
}

} // namespace habitd
