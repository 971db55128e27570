#include "actors/community/crawl/discourse_json.hpp"

#include "actors/home/read_time.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace habitd {

namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t most_items = 1'000;
constexpr std::size_t most_links_listed = 200;
constexpr std::size_t most_tags = 50;
constexpr std::uint64_t like_action = 2; // in actions_summary; there is no like_count
constexpr std::size_t deepest = 64;

/// "2020-12-10T09:20:58.974Z", or with an offset.
std::optional<wall_time> discourse_time(std::string_view text) {
  const auto reading = read_time(text);
  if (!reading || reading->local)
    return std::nullopt;
  const wall_time at{std::chrono::milliseconds{reading->ms}};
  return in_range(at) ? std::optional{at} : std::nullopt;
}

/// Reads any field of an object, whatever is there.
struct tolerant {
  object from;

  std::string_view text(std::string_view key) const {
    std::string_view value;
    return from[key].get(value) == simdjson::SUCCESS ? value : std::string_view{};
  }
  std::optional<std::uint64_t> number(std::string_view key) const {
    std::uint64_t value = 0;
    if (from[key].get(value) != simdjson::SUCCESS)
      return std::nullopt;
    return value;
  }
  bool flag(std::string_view key) const {
    bool value = false;
    return from[key].get(value) == simdjson::SUCCESS && value;
  }
  std::optional<object> child(std::string_view key) const {
    object value;
    if (from[key].get(value) != simdjson::SUCCESS)
      return std::nullopt;
    return value;
  }
  std::optional<array> list(std::string_view key) const {
    array value;
    if (from[key].get(value) != simdjson::SUCCESS)
      return std::nullopt;
    return value;
  }
  /// What is no list has no items.
  template <class Visit>
  void for_each(std::string_view key, Visit visit) const {
    if (const auto items = list(key))
      for (const element item : *items)
        visit(item);
  }
  wall_time time(std::string_view key) const {
    return discourse_time(text(key)).value_or(wall_time{});
  }
};

std::uint32_t clamped(std::uint64_t number) {
  return static_cast<std::uint32_t>(
    std::min<std::uint64_t>(number, std::numeric_limits<std::uint32_t>::max()));
}

error no_json(std::string_view text, const char* wanted) {
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool is_html = first != text.npos && text[first] == '<';
  return make_error(ec::corrupt_data, std::string{wanted},
                    is_html ? "HTML instead of JSON" : "not the JSON it should be");
}

/// Parses `text` and hands its object to `read`, whose strings live as long as the call.
template <class Read>
auto with_object(std::string_view text, const char* wanted, Read read)
  -> decltype(read(tolerant{})) {
  simdjson::dom::parser parser;
  if (parser.allocate(text.size() + 1, deepest) != simdjson::SUCCESS)
    return make_error(ec::unexpected, "no memory for JSON");
  object root;
  if (parser.parse(text.data(), text.size(), true).get(root) != simdjson::SUCCESS)
    return no_json(text, wanted);
  return read(tolerant{root});
}

/// Strings, or objects with a name, by the age of the forum.
std::vector<std::string> tags_of(const tolerant& topic) {
  std::vector<std::string> tags;
  topic.for_each("tags", [&tags](const element& tag) {
    std::string_view name;
    object described;
    if (tag.get(name) != simdjson::SUCCESS && tag.get(described) == simdjson::SUCCESS)
      name = tolerant{described}.text("name");
    if (!name.empty() && tags.size() < most_tags)
      tags.emplace_back(name);
  });
  return tags;
}

/// Absent when there are none.
std::uint32_t likes_of(const tolerant& post) {
  std::uint32_t likes = 0;
  post.for_each("actions_summary", [&likes](const element& action) {
    object summary;
    if (action.get(summary) == simdjson::SUCCESS &&
        tolerant{summary}.number("id") == like_action)
      likes = clamped(tolerant{summary}.number("count").value_or(0));
  });
  return likes;
}

void add_links(std::vector<std::string>& links, const tolerant& of, const char* key) {
  of.for_each(key, [&links](const element& each) {
    object link;
    if (each.get(link) != simdjson::SUCCESS || tolerant{link}.flag("reflection"))
      return;
    const auto url = tolerant{link}.text("url");
    if (!url.empty() && links.size() < most_links_listed &&
        std::find(links.begin(), links.end(), url) == links.end())
      links.emplace_back(url);
  });
}

std::optional<object> first_post(const tolerant& topic) {
  std::optional<object> first;
  if (const auto stream = topic.child("post_stream"))
    tolerant{*stream}.for_each("posts", [&first](const element& each) {
      object post;
      if (!first && each.get(post) == simdjson::SUCCESS &&
          tolerant{post}.number("post_number") == 1u)
        first = post;
    });
  return first;
}

void take_body(fetched_topic& topic, const tolerant& post) {
  const auto raw = post.text("raw");
  topic.form = raw.empty() ? body_form::html : body_form::markdown;
  topic.body = raw.empty() ? post.text("cooked") : raw;
  topic.cooked = raw.empty() ? std::string_view{} : post.text("cooked");
}

expected<fetched_topic> topic_of(const tolerant& root, std::uint64_t id) {
  if (root.number("id") != id)
    return make_error(ec::invalid_input, "another topic than was asked for");
  if (!root.text("deleted_at").empty())
    return make_error(ec::not_found, "marked as deleted");
  const auto found = first_post(root);
  if (!found)
    return make_error(ec::invalid_input, "a topic without its first post");
  const tolerant post{*found};
  fetched_topic topic;
  topic.source_id = std::to_string(id);
  topic.title = root.text("title");
  topic.author = post.text("username");
  take_body(topic, post);
  if (topic.body.empty())
    return make_error(ec::invalid_input, "a first post without text");
  topic.votes = post.list("actions_summary")
                  ? likes_of(post)
                  : clamped(root.number("like_count").value_or(0));
  topic.version = clamped(post.number("version").value_or(1));
  topic.created = root.time("created_at");
  topic.updated = post.time("updated_at");
  topic.bumped = root.time("bumped_at");
  topic.tags = tags_of(root);
  add_links(topic.links, post, "link_counts");
  return topic;
}

std::optional<list_item> item_of(const tolerant& item, std::uint64_t category,
                                 std::string& why_not) {
  list_item result;
  const auto id = item.number("id");
  const auto bumped = discourse_time(item.text("bumped_at"));
  if (!id || *id == 0)
    why_not = "no id";
  else if (!bumped)
    why_not = "no time of its last activity";
  if (!why_not.empty())
    return std::nullopt;
  result.id = *id;
  result.bumped = *bumped;
  const auto likes = item.number("op_like_count");
  result.votes = clamped(likes ? *likes : item.number("like_count").value_or(0));
  result.pinned = item.flag("pinned") || item.flag("pinned_globally");
  result.in_category = item.number("category_id") == category;
  return result;
}

std::optional<std::chrono::seconds> seconds_in(std::string_view sentence) {
  constexpr std::string_view before = "again in ";
  const auto at = sentence.find(before);
  if (at == sentence.npos)
    return std::nullopt;
  const auto* digits = sentence.data() + at + before.size();
  std::uint32_t number = 0;
  const auto read = std::from_chars(digits, sentence.data() + sentence.size(), number);
  if (read.ec != std::errc{} ||
      !std::string_view{read.ptr, sentence.data() + sentence.size()}.starts_with(
        " second"))
    return std::nullopt;
  return std::chrono::seconds{number};
}

} // namespace

expected<list_page> read_list_page(std::string_view json, std::uint64_t category) {
  return with_object(json, "list of topics", [&](tolerant root) -> expected<list_page> {
    const auto list = root.child("topic_list");
    const auto topics = list ? tolerant{*list}.list("topics") : std::nullopt;
    if (!topics)
      return no_json(json, "list of topics");
    list_page page;
    page.more = !tolerant{*list}.text("more_topics_url").empty();
    std::size_t place = 0;
    for (const element each : *topics) {
      object fields;
      std::string why_not;
      std::optional<list_item> item;
      if (each.get(fields) == simdjson::SUCCESS)
        item = item_of(tolerant{fields}, category, why_not);
      else
        why_not = "no object";
      if (item)
        page.items.push_back(*item);
      else
        page.skipped.push_back(fmt::format("item {}: {}", place, why_not));
      if (++place == most_items)
        break;
    }
    return page;
  });
}

expected<fetched_topic> read_topic(std::string_view json, std::uint64_t id) {
  return with_object(json, "topic", [id](tolerant root) { return topic_of(root, id); });
}

expected<std::string> read_category_slug(std::string_view json) {
  return with_object(json, "category", [json](tolerant root) -> expected<std::string> {
    const auto category = root.child("category");
    const auto slug = category ? tolerant{*category}.text("slug") : std::string_view{};
    if (slug.empty())
      return no_json(json, "category");
    return std::string{slug};
  });
}

std::optional<std::chrono::seconds> told_wait(const client_response& answer) {
  if (answer.retry_after)
    return answer.retry_after;
  const auto in_json = with_object(
    answer.body, "limit", [](tolerant root) -> expected<std::chrono::seconds> {
      const auto extras = root.child("extras");
      const auto wait = extras ? tolerant{*extras}.number("wait_seconds") : std::nullopt;
      if (!wait)
        return make_error(ec::not_found);
      return std::chrono::seconds{clamped(*wait)};
    });
  if (in_json)
    return *in_json;
  return seconds_in(answer.body);
}

} // namespace habitd
