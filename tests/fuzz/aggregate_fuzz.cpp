#include "actors/detector/co_occurrence/place.hpp"
#include "actors/detector/co_occurrence/row.hpp"
#include "actors/detector/time_of_day/place.hpp"
#include "actors/detector/time_of_day/record.hpp"

#include <cstdlib>

using namespace habitd;

/// Whatever decodes must pack to something that decodes to the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes{reinterpret_cast<const char*>(data), size};
  if (const auto starts = unpack_starts(bytes))
    if (*unpack_starts(pack(*starts)) != *starts)
      std::abort();
  if (const auto row = unpack_row(bytes))
    if (*unpack_row(pack(*row)) != *row)
      std::abort();
  if (const auto habits = unpack_habits<clock_place>(bytes))
    if (pack_habits(*unpack_habits<clock_place>(pack_habits(*habits))) !=
        pack_habits(*habits))
      std::abort();
  if (const auto habits = unpack_habits<pair_place>(bytes))
    if (pack_habits(*unpack_habits<pair_place>(pack_habits(*habits))) !=
        pack_habits(*habits))
      std::abort();
  if (const auto sections = split_day_row(bytes)) {
    trigger_row row;
    (void)add_bins(sections->bins, row);
    (void)each_hit(sections->counts, [](const day_hit&) {});
  }
  return 0;
}
