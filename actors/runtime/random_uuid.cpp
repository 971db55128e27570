#include "actors/runtime/random_uuid.hpp"

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace habitd {

std::string random_uuid() {
  return to_string(boost::uuids::random_generator{}());
}

} // namespace habitd
