#include "tests/forum/forum_json.hpp"

#include "messages/time_text.hpp"

#include <boost/algorithm/string/replace.hpp>
#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace habitd {

namespace {

namespace json = boost::json;

std::string escaped(std::string text) {
  boost::replace_all(text, "&", "&amp;");
  boost::replace_all(text, "<", "&lt;");
  boost::replace_all(text, ">", "&gt;");
  boost::replace_all(text, "\"", "&quot;");
  return text;
}

std::string slug_of(const made_topic& topic) {
  return fmt::format("topic-{}", topic.id);
}

json::array tags_json(const made_topic& topic, const forum_options& options) {
  json::array tags;
  for (const auto& tag : topic.tags)
    if (options.tags_are_objects)
      tags.push_back(json::object{{"id", 7}, {"name", tag}, {"slug", tag}});
    else
      tags.push_back(json::string{tag});
  return tags;
}

json::array summary_json(std::uint32_t likes) {
  json::object like{{"id", 2}, {"can_act", true}};
  if (likes > 0) // absent when there are none
    like["count"] = likes;
  json::array summary{like};
  for (const int id : {3, 4, 8, 6, 7})
    summary.push_back(json::object{{"id", id}, {"can_act", true}});
  return summary;
}

json::array links_json(const made_topic& topic) {
  json::array links;
  for (const auto& link : topic.links)
    links.push_back(json::object{{"url", link},
                                 {"internal", false},
                                 {"reflection", false},
                                 {"title", "A blueprint"},
                                 {"clicks", topic.id % 100}});
  return links;
}

json::object post_json(const made_topic& topic, std::uint32_t number,
                       const std::string& raw, bool with_raw) {
  const bool is_first = number == 1;
  json::object post{{"id", topic.id * 100 + number},
                    {"name", is_first ? json::value(topic.author) : json::value(nullptr)},
                    {"username", is_first ? topic.author : fmt::format("user{}", number)},
                    {"avatar_template", "/user_avatar/forum.example/u/{size}/16177"},
                    {"created_at", format_utc(topic.created)},
                    {"cooked", cooked(raw)},
                    {"post_number", number},
                    {"post_type", 1},
                    {"updated_at", format_utc(is_first ? topic.updated : topic.created)},
                    {"reply_count", 0},
                    {"reply_to_post_number", nullptr},
                    {"quote_count", 0},
                    {"incoming_link_count", 0},
                    {"reads", 30},
                    {"readers_count", 29},
                    {"score", 0.6},
                    {"yours", false},
                    {"topic_id", topic.id},
                    {"topic_slug", slug_of(topic)},
                    {"display_username", nullptr},
                    {"primary_group_name", nullptr},
                    {"version", is_first ? topic.version : 1},
                    {"can_edit", false},
                    {"can_delete", false},
                    {"can_recover", false},
                    {"can_wiki", false},
                    {"read", true},
                    {"user_title", nullptr},
                    {"actions_summary", summary_json(is_first ? topic.op_likes : 0)},
                    {"moderator", false},
                    {"admin", false},
                    {"staff", false},
                    {"user_id", 10'250},
                    {"hidden", false},
                    {"trust_level", 2},
                    {"deleted_at", nullptr},
                    {"user_deleted", false},
                    {"edit_reason", nullptr},
                    {"can_view_edit_history", true},
                    {"wiki", false}};
  if (is_first && !topic.links.empty())
    post["link_counts"] = links_json(topic);
  if (with_raw)
    post["raw"] = raw;
  return post;
}

std::string reply_text(const made_topic& topic, std::uint32_t number) {
  return fmt::format(
    "Thanks for sharing, works well here since version {}. Could you add "
    "an input for the {} of the lamp in room {}? It takes {} s to react.",
    number % 7, number % 2 ? "brightness" : "colour", topic.id % 13,
    (topic.id * 31 + number * 17) % 97);
}

json::object user_json(const made_topic& topic) {
  return {{"id", 10'250},
          {"username", topic.author},
          {"name", topic.author},
          {"avatar_template", "/user_avatar/forum.example/u/{size}/16177"}};
}

/// What a topic's page and its place in a list have in common.
json::object common_json(const made_topic& topic, const forum_options& options) {
  return {{"id", topic.id},
          {"title", topic.title},
          {"fancy_title", escaped(topic.title)},
          {"slug", slug_of(topic)},
          {"posts_count", topic.posts},
          {"reply_count", topic.posts / 2},
          {"highest_post_number", topic.posts},
          {"image_url", nullptr},
          {"created_at", format_utc(topic.created)},
          {"last_posted_at", format_utc(topic.bumped)},
          {"archetype", "regular"},
          {"pinned", topic.pinned},
          {"unpinned", nullptr},
          {"visible", true},
          {"closed", false},
          {"archived", false},
          {"bookmarked", nullptr},
          {"thumbnails", nullptr},
          {"tags", tags_json(topic, options)},
          {"views", topic.op_likes * 97 + 12},
          {"like_count", topic.op_likes + topic.other_likes},
          {"has_summary", topic.posts > 50},
          {"category_id", options.category},
          {"pinned_globally", false},
          {"featured_link", nullptr}};
}

} // namespace

std::string cooked(const std::string& raw) {
  const auto open = raw.find("```yaml\n");
  if (open == raw.npos)
    return "<p>" + escaped(raw) + "</p>";
  const auto close = std::min(raw.find("\n```", open + 8), raw.size());
  return fmt::format("<p>{}</p>\n<pre><code class=\"lang-yaml\">{}\n</code></pre>",
                     escaped(raw.substr(0, open)),
                     escaped(raw.substr(open + 8, close - open - 8)));
}

json::object list_item_json(const made_topic& topic, const forum_options& options,
                            bool by_likes) {
  auto item = common_json(topic, options);
  item["bumped"] = true;
  item["bumped_at"] = format_utc(topic.bumped);
  item["unseen"] = false;
  item["liked"] = nullptr;
  item["last_poster_username"] = topic.author;
  item["has_accepted_answer"] = false;
  item["posters"] = json::array{json::object{{"extras", "latest"},
                                             {"description", "Original Poster"},
                                             {"user_id", 10'250},
                                             {"primary_group_id", nullptr}}};
  if (by_likes && options.shows_op_likes)
    item["op_like_count"] = topic.op_likes;
  return item;
}

json::object topic_json(const made_topic& topic, const forum_options& options,
                        bool with_raw) {
  const bool raws = with_raw && options.sends_raw;
  json::array posts{post_json(topic, 1, topic.raw, raws)};
  json::array stream{topic.id * 100 + 1};
  for (std::uint32_t number = 2; number <= topic.posts; ++number) {
    if (number <= 20)
      posts.push_back(post_json(topic, number, reply_text(topic, number), raws));
    stream.push_back(topic.id * 100 + number);
  }
  auto body = common_json(topic, options);
  body["post_stream"] = json::object{{"posts", posts}, {"stream", stream}};
  body["timeline_lookup"] = json::array{json::array{1, 2}};
  body["word_count"] = topic.raw.size() / 6;
  body["deleted_at"] = nullptr;
  body["user_id"] = 10'250;
  body["current_post_number"] = 1;
  body["chunk_size"] = 20;
  body["participant_count"] = 1;
  body["actions_summary"] = json::array{
    json::object{{"id", 4}, {"count", 0}, {"hidden", false}, {"can_act", true}}};
  body["details"] =
    json::object{{"created_by", user_json(topic)}, {"last_poster", user_json(topic)}};
  return body;
}

} // namespace habitd
