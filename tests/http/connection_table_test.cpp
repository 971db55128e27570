#include "http/connection_table.hpp"

#include <catch2/catch.hpp>

using namespace habitd;
using namespace std::chrono_literals;

namespace {

constexpr connection_table::time_point start{1h};

http_limits small_house() {
  http_limits limits;
  limits.connections = 3;
  limits.connections_per_address = 2;
  limits.evict_after = 100ms;
  return limits;
}

} // namespace

TEST_CASE("connection_table turns away what exceeds the share of an address") {
  connection_table table{small_house()};
  table.add(1, "a", start);
  table.add(2, "a", start);

  CHECK_FALSE(table.add(3, "a", start + 99ms).admitted);
  CHECK(table.add(4, "b", start + 99ms).admitted);
  CHECK_FALSE(table.add(5, "c", start + 99ms).admitted); // three in all
}

TEST_CASE("connection_table gives a place up that has been waiting longest") {
  connection_table table{small_house()};
  table.add(1, "a", start);
  table.add(2, "b", start + 1ms);
  table.add(3, "b", start + 2ms);
  table.set_waiting(1, start + 3ms); // it has just been served

  const auto verdict = table.add(4, "c", start + 1s);

  CHECK(verdict.admitted);
  CHECK(verdict.evicted == 2u);
}

TEST_CASE("connection_table makes an address pay for its own connections") {
  connection_table table{small_house()};
  table.add(1, "a", start);
  table.add(2, "b", start + 1ms);
  table.add(3, "b", start + 2ms);

  CHECK(table.add(4, "b", start + 1s).evicted == 2u);
}

TEST_CASE("connection_table never gives up a connection with a request") {
  connection_table table{small_house()};
  table.add(1, "a", start);
  table.add(2, "a", start);
  table.set_busy(1);
  table.set_busy(2);

  CHECK_FALSE(table.add(3, "a", start + 1h).admitted);
  table.remove(2);
  CHECK(table.add(3, "a", start + 1h).admitted);
}
