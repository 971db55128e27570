#pragma once

#include "messages/error.hpp"

#include <string>
#include <string_view>

namespace habitd {

// What `habitd standards` prints for people, of the daemon's JSON.

/// @errors of all: ec::invalid_input if that is no answer of habitd.
expected<std::string> standards_table(std::string_view list);
expected<std::string> history_text(std::string_view versions);
expected<std::string> refresh_queue_text(std::string_view queue);

/// `name: value` lines of an object, without the fields that are null, objects or lists.
expected<std::string> fields_text(std::string_view object);

/// The text of one field. @errors ec::invalid_input if there is none.
expected<std::string> field_text(std::string_view object, std::string_view field);

} // namespace habitd
