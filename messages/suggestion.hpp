#pragma once

#include "messages/time.hpp"

#include <string>
#include <vector>

namespace habitd {

/// What an automation would have done on the stored days.
struct back_test {
  int days = 0;         // replayed
  int fired = 0;        // times it would have run
  int right = 0;        // of these, the person did the same thing then
  int unwanted = 0;     // of these, the person did not
  double by_chance = 0; // so often right would the same act be at another time
};

/// A proposed automation with its evidence.
struct suggestion {
  std::string id;      // stable: derived from the pattern's
  std::string pattern; // id of the pattern behind it
  int rank = 0;        // 1 = best
  std::string title;
  std::string reason;
  std::string yaml;
  back_test test;
  bool asks_first = false; // a lock, an oven …: a question instead of an action
};

} // namespace habitd
