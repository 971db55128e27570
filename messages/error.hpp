#pragma once

#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/make_message.hpp>

#include <cstdint>
#include <string>

namespace habitd {

/// What went wrong, split by what the caller can do about it.
enum class ec : std::uint8_t {
  not_found = 1, // nothing there; CAF keeps 0 for success
  invalid_input, // the request is wrong, retrying won't help
  unavailable,   // a host, a disk or a peer is down, retrying may help
  corrupt_data,  // stored bytes don't decode: repair or fetch again
  unexpected,    // a bug, or an exception from a library
  busy,          // the same work is under way already
};

using caf::error;
using caf::expected;

template <class... Texts>
error make_error(ec code, Texts&&... texts) {
  return {static_cast<std::uint8_t>(code), caf::atom("habitd"),
          caf::make_message(std::string{std::forward<Texts>(texts)}...)};
}

/// The code of one of our errors; `ec::unexpected` for anything else, success included.
ec code_of(const error& err);

/// One line for logs and HTTP: "unavailable: GET /a: timed out".
std::string describe(const error& err);

} // namespace habitd
