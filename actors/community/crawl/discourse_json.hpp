#pragma once

#include "http/client.hpp"
#include "messages/community.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// A topic as a list page shows it.
struct list_item {
  std::uint64_t id = 0;
  std::uint32_t votes = 0; // likes of the first post, else of all posts
  wall_time bumped{};
  bool pinned = false;
  bool in_category = true; // that was asked for, and not one below it
  bool operator==(const list_item&) const = default;
};

struct list_page {
  std::vector<list_item> items{};
  bool more = false;                  // there is a further page
  std::vector<std::string> skipped{}; // "item 3: no id"
  bool operator==(const list_page&) const = default;
};

/// The topics of a list page, in its order. Items that can't be used are left out.
/// @errors ec::corrupt_data if it is no list page at all: HTML, garbage, cut off.
expected<list_page> read_list_page(std::string_view json, std::uint64_t category);

/// A topic with its first post, `source` left empty. Its votes are likes of the first post
/// if that tells them.
/// @errors ec::corrupt_data if it is no topic; ec::not_found if it is marked as deleted;
///         ec::invalid_input if it lacks its first post or is another one than `id`.
expected<fetched_topic> read_topic(std::string_view json, std::uint64_t id);

/// The slug of a category, by its page `/c/<id>/show.json`. @errors ec::corrupt_data.
expected<std::string> read_category_slug(std::string_view json);

/// How long a forum asks to wait, in any of its forms: Retry-After, JSON, or a sentence.
std::optional<std::chrono::seconds> told_wait(const client_response& answer);

} // namespace habitd
