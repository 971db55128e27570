#include "actors/detector/kit/binomial.hpp"
#include "actors/detector/kit/false_discovery.hpp"
#include "actors/detector/kit/packing.hpp"
#include "actors/detector/kit/pattern_id.hpp"
#include "actors/detector/kit/rounded.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace habitd;

TEST_CASE("the binomial tail agrees with values worked out by hand") {
  CHECK(binomial_tail(3, 3, 0.5) == Approx(0.125));
  CHECK(binomial_tail(2, 3, 0.5) == Approx(0.5));
  CHECK(binomial_tail(1, 10, 0.1) == Approx(1 - std::pow(0.9, 10)));
  CHECK(binomial_tail(0, 10, 0.1) == 1);
}

TEST_CASE("the binomial tail is the sum of its terms") {
  for (const int n : {5, 28, 300}) {
    for (const double chance : {1.0 / 9, 0.2, 1.0 / 3}) {
      double tail = 0;
      for (int k = n; k >= 0; --k) {
        tail += std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) -
                         std::lgamma(n - k + 1.0) + k * std::log(chance) +
                         (n - k) * std::log1p(-chance));
        CHECK(binomial_tail(k, n, chance) == Approx(tail).epsilon(1e-8));
      }
    }
  }
}

TEST_CASE("the binomial tail stays above zero however unlikely") {
  CHECK(binomial_tail(5000, 5000, 1e-6) > 0);
  CHECK(binomial_tail(3, 5, 0) > 0);
  CHECK(binomial_tail(3, 5, 1) == 1);
  CHECK(binomial_tail(6, 5, 0.5) < 1e-300);
}

TEST_CASE("the Wilson interval agrees with the published formula") {
  const auto share = wilson(8, 10);

  CHECK(share.value == Approx(0.8));
  CHECK(share.low == Approx(0.4902).margin(1e-4));
  CHECK(share.high == Approx(0.9433).margin(1e-4));
  CHECK(wilson(0, 0).high == 1);
}

TEST_CASE("Fisher's exact test agrees with the lady tasting tea") {
  CHECK(fisher_exact(3, 4, 1, 4) == Approx(34.0 / 70));
  CHECK(fisher_exact(4, 4, 0, 4) == Approx(2.0 / 70));
  CHECK(fisher_exact(0, 5, 0, 9) == Approx(1));
}

TEST_CASE("false-discovery rates follow Benjamini and Hochberg") {
  const std::vector<double> p{0.01, 0.04, 0.03, 0.005};

  const auto q = false_discovery_rates(p, 4);

  CHECK(q[0] == Approx(0.02));
  CHECK(q[1] == Approx(0.04));
  CHECK(q[2] == Approx(0.04));
  CHECK(q[3] == Approx(0.02));
}

TEST_CASE("hypotheses that aren't listed count among those tested") {
  const std::vector<double> p{0.001};

  CHECK(false_discovery_rates(p, 100)[0] == Approx(0.1));
}

TEST_CASE("packed numbers come back as they were") {
  byte_writer out;
  for (const std::uint64_t n : {0ull, 127ull, 128ull, 300ull, ~0ull})
    out.number(n);
  for (const int n : {0, -1, 1, -20000, 20000})
    out.signed_number(n);
  const auto bytes = out.take();

  byte_reader in{bytes};

  for (const std::uint64_t n : {0ull, 127ull, 128ull, 300ull, ~0ull})
    CHECK(in.number() == n);
  for (const int n : {0, -1, 1, -20000, 20000})
    CHECK(in.signed_number_within(20000) == n);
  CHECK(in.finished());
}

TEST_CASE(
  "a reader of packed numbers stops at the end and at numbers that are too long") {
  byte_reader cut{"\xff\xff"};
  CHECK(cut.number() == 0);
  CHECK(cut.failed());
  byte_reader endless{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"};
  CHECK(endless.number() == 0);
  CHECK(endless.failed());
  byte_reader great{"\x05"};
  CHECK(great.number_up_to(4) == 0);
  CHECK(great.failed());
}

TEST_CASE("pattern ids are the same on every machine and never shared") {
  const auto first = stable_hash("a");

  CHECK(format_pattern_id(first) == "af63dc4c8601ec8c"); // published for FNV-1a
  const auto second = free_pattern_id("a", [&](std::uint64_t id) { return id == first; });
  CHECK(second == stable_hash("a#2"));
}

TEST_CASE("figures that differ in their last bits only are rounded to the same") {
  for (const double value : {1.0 / 3, 0.05, 123456.789, 3e-300}) {
    CHECK(rounded(value) == Approx(value).epsilon(1e-8));
    CHECK(rounded(std::nextafter(value, 1e9)) == rounded(value));
    CHECK(rounded(rounded(value)) == rounded(value));
  }
  CHECK(rounded(0) == 0);
  CHECK(rounded(1) == 1);
}
