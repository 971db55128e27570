#include "actors/runtime/clock_doubt.hpp"

#include "messages/time_text.hpp"

namespace habitd {

std::string clock_doubt(wall_time now, const std::filesystem::path& timesync) {
  constexpr wall_time beginning_of_2020{std::chrono::seconds{1'577'836'800}};
  if (now < beginning_of_2020)
    return "the clock shows " + format_utc(now).substr(0, 10) + ", so it was never set";
  std::error_code unreadable;
  if (std::filesystem::exists(timesync, unreadable) &&
      !std::filesystem::exists(timesync / "synchronized", unreadable))
    return "systemd has not synchronised the clock yet";
  return {};
}

} // namespace habitd
