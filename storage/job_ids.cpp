#include "storage/job_ids.hpp"

#include "messages/time_text.hpp"

#include <algorithm>

namespace habitd {

namespace {

/// @errors ec::invalid_input unless `id` is of the form that `job_id_at` gives.
expected<wall_time> time_of(std::string id) {
  if (id.size() != std::string_view{"20261122T030000123"}.size())
    return make_error(ec::invalid_input, "job id " + id);
  for (const auto& [at, sign] :
       {std::pair{15, "."}, {13, ":"}, {11, ":"}, {6, "-"}, {4, "-"}})
    id.insert(static_cast<std::size_t>(at), sign);
  return parse_utc(id + 'Z');
}

} // namespace

std::string job_id_at(wall_time begun) {
  auto id = format_utc(begun);
  std::erase_if(id, [](char c) { return c == '-' || c == ':' || c == '.' || c == 'Z'; });
  return id;
}

expected<std::string> next_job_id(const database& db, wall_time now) {
  auto id = job_id_at(now);
  const auto last = db.last_key(family::jobs);
  if (!last)
    return code_of(last.error()) == ec::not_found ? expected<std::string>{id}
                                                  : last.error();
  if (*last < id)
    return id;
  const auto last_begun = time_of(*last);
  return last_begun ? job_id_at(*last_begun + std::chrono::milliseconds{1}) : *last + '0';
}

} // namespace habitd
