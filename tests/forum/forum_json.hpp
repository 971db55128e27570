#pragma once

#include "tests/forum/forum.hpp"

#include <boost/json/object.hpp>

namespace habitd {

/// As in `topic_list.topics`.
boost::json::object list_item_json(const made_topic& topic, const forum_options& options,
                                   bool by_likes);

/// As of `/t/<id>.json`.
boost::json::object topic_json(const made_topic& topic, const forum_options& options,
                               bool with_raw);

/// As Discourse cooks a post whose code is fenced.
std::string cooked(const std::string& raw);

} // namespace habitd
