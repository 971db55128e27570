#pragma once

#include "messages/error.hpp"

#include <caf/result.hpp>

#include <utility>

namespace habitd {

/// What a handler returns for a value or an error.
template <class T>
caf::result<T> to_result(expected<T> value) {
  if (!value)
    return std::move(value.error());
  return std::move(*value);
}

} // namespace habitd
