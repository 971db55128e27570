#include "actors/runtime/thrown_error.hpp"

#include <catch2/catch.hpp>

#include <new>
#include <stdexcept>
#include <system_error>

using namespace habitd;

TEST_CASE("memory and threads that the machine doesn't give are no bugs") {
  const auto no_memory = error_of(std::make_exception_ptr(std::bad_alloc{}));
  const auto no_thread = error_of(std::make_exception_ptr(
    std::system_error{std::make_error_code(std::errc::resource_unavailable_try_again)}));
  const auto bug = error_of(std::make_exception_ptr(std::out_of_range{"at"}));

  CHECK(describe(no_memory) == "unavailable: out of memory");
  CHECK(code_of(no_thread) == ec::unavailable);
  CHECK(describe(bug) == "unexpected: at");
  CHECK(code_of(error_of(std::make_exception_ptr(1))) == ec::unexpected);
}
