#pragma once

#include "messages/pattern.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// "Kitchen ceiling" of "light.kitchen_ceiling".
std::string display_name(std::string_view entity);

/// What an automation does, as an order: "Turn on Kitchen ceiling", "Close Bedroom blind".
std::string order_words(std::string_view entity, turn to);

/// What was seen, as a clause: "Kitchen ceiling was turned on", "Anna left".
std::string event_words(std::string_view entity, turn to);

/// The same as a condition in the present: "Hall motion turns on", "Anna leaves".
std::string trigger_words(std::string_view entity, turn to);

/// "every day", "on workdays", "on Mon and Wed".
std::string weekday_phrase(const std::vector<int>& weekdays);

/// "07:05" of seconds since midnight, to the nearest minute.
std::string clock_phrase(int seconds_since_midnight);

/// "That is 8.0 times as often as by chance; fewer than 1 in 1,000 findings this strong are
/// accidents."
std::string chance_words(const pattern& habit);

/// "12 s", "3 min", "1 h 20 min".
std::string span_phrase(double seconds);

} // namespace habitd
