#include "program.hpp"

#include <catch2/catch.hpp>

using namespace habitd;

namespace {

std::string shown_by(const std::vector<std::string>& tool) {
  auto command = tool;
  command.push_back(habitd_path());
  const auto result = run_program(command);
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  return result.out;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("the program is built so that an overflow ends it instead of being of use") {
#ifndef HABITD_HARDENED
  WARN("skipped: this build is not hardened (presets ci and release are)");
#else
  const auto segments = shown_by({"/usr/bin/readelf", "-hlW"});
  const auto dynamic = shown_by({"/usr/bin/readelf", "-dW"});
  const auto symbols = shown_by({"/usr/bin/readelf", "--dyn-syms", "-W"});

  CHECK(has(segments, "DYN (Position-Independent"));
  CHECK(has(segments, "GNU_RELRO"));
  CHECK(has(dynamic, "NOW"));
  CHECK(has(symbols, "__stack_chk_fail"));
  CHECK(has(symbols, "_chk@"));
#endif
}
