#include "actors/home/context.hpp"
#include "actors/home/entity_name.hpp"
#include "actors/home/read_time.hpp"
#include "actors/home/recorder_cursor.hpp"

#include <cstdlib>

using namespace habitd;

/// Texts of a few bytes: times, dates, ids, cursors.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  static local_times times{
    std::make_shared<const home_calendar>(*home_calendar::open("Europe/Berlin"))};
  if (const auto reading = read_time(text))
    (void)times.instant(*reading);
  if (const auto date = read_date(text); date && (*date < -800'000 || *date > 3'000'000))
    std::abort();
  if (const auto time = read_time_of_day(text); time && (*time < 0 || *time > 86'400'999))
    std::abort();
  if (!text.empty() && act_of(text) == 0)
    std::abort();
  const auto cursor = parse_cursor(text);
  if (parse_cursor(format_cursor(cursor)).state_id != cursor.state_id)
    std::abort();
  if (const auto id = entity_id_for(text, text);
      size < 30 && !slug(text).empty() && !is_entity_id(id))
    std::abort();
  return 0;
}
