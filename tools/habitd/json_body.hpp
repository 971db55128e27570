#pragma once

#include "messages/error.hpp"

#include <simdjson.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// A field that a request's body may have.
struct body_field {
  std::string_view name;
  std::function<bool(simdjson::dom::element)> take; // false if it isn't what is expected
  std::string_view expects;
};

/// Reads a JSON object.
/// @errors ec::invalid_input for anything else, a field that is not listed or comes twice,
///         and a value that is not what its field expects.
error read_json_body(std::string_view body, const std::vector<body_field>& fields);

} // namespace habitd
