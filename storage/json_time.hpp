#pragma once

#include "messages/time_text.hpp"

#include <boost/json.hpp>

namespace habitd {

/// UTC as text; null for no instant.
inline boost::json::value instant_json(wall_time at) {
  if (at == wall_time{})
    return nullptr;
  return boost::json::string{format_utc(at)};
}

} // namespace habitd
