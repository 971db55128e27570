#include "messages/cron_expression.hpp"

#include <cstdlib>

using namespace habitd;

/// What is read as an expression falls on a date, and on no earlier one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr local_day from{20'514};
  const auto expression = parse_cron({reinterpret_cast<const char*>(data), size});
  if (!expression)
    return 0;
  const auto next = next_date(*expression, from);
  if (!next || *next < from || !falls_on(*expression, *next))
    std::abort();
  if (*next > from && next_date(*expression, from) != next_date(*expression, *next))
    std::abort();
  return 0;
}
