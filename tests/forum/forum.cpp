#include "tests/forum/forum.hpp"

#include "http/url.hpp"
#include "messages/time_text.hpp"
#include "tests/forum/forum_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace habitd {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::map<std::string, std::string> parsed_query(std::string_view query) {
  std::map<std::string, std::string> fields;
  while (!query.empty()) {
    const auto field = query.substr(0, query.find('&'));
    const auto equals = std::min(field.find('='), field.size());
    fields[std::string{field.substr(0, equals)}] =
      percent_decoded(field.substr(std::min(equals + 1, field.size())));
    query.remove_prefix(std::min(field.size() + 1, query.size()));
  }
  return fields;
}

forum_answer not_found() {
  return {.status = 404,
          .body = R"({"errors":["The requested URL or resource could not be found."],)"
                  R"("error_type":"not_found"})"};
}

forum_answer as_json(const json::object& body) {
  return {.body = json::serialize(body)};
}

/// The day behind "activity-after:".
std::optional<wall_time> day_after(const std::string& filter) {
  const auto at = filter.find("activity-after:");
  if (at == filter.npos)
    return std::nullopt;
  const auto day = parse_date(filter.substr(at + 15, 10));
  return day ? std::optional{wall_time{24h * day->number}} : std::nullopt;
}

} // namespace

std::string made_blueprint(std::uint64_t number) {
  std::string text = fmt::format("blueprint:\n  name: Light {} on motion\n  domain: "
                                 "automation\n  input:\n",
                                 number);
  for (std::uint64_t i = 0; i < 6 + number % 9; ++i)
    text += fmt::format("    input_{}_{}:\n      name: Lamp no. {} of room {}\n      "
                        "selector:\n        entity:\n          domain: light\n",
                        i, (number * 7919 + i * 104'729) % 9'973, i, number % 17);
  return text +
         fmt::format("trigger:\n  - platform: state\n    entity_id: !input input_0\n"
                     "    for: {}\naction:\n  - service: light.turn_on\n",
                     number % 600);
}

forum::forum(forum_options options, std::uint64_t seed)
    : options_{std::move(options)}, random_{seed} {}

std::vector<std::uint64_t> forum::add_topics(std::size_t count, std::uint32_t likes) {
  std::vector<std::uint64_t> ids;
  for (std::size_t i = 0; i < count; ++i) {
    made_topic topic;
    topic.id = next_id_++;
    topic.title = fmt::format("Light & motion, no. {}", topic.id);
    topic.author = fmt::format("author{}", random_() % 400);
    topic.raw =
      fmt::format("Turns on a light.\n\n```yaml\n{}```\n", made_blueprint(topic.id));
    topic.tags = {"blueprint", random_() % 2 ? "zha" : "mqtt"};
    topic.op_likes = likes + static_cast<std::uint32_t>(random_() % 60);
    topic.other_likes = static_cast<std::uint32_t>(random_() % 40);
    topic.posts = 1 + static_cast<std::uint32_t>(random_() % 30);
    // Within the last half hour, none at the same time as another.
    topic.created = topic.updated = topic.bumped =
      now_ - std::chrono::milliseconds{random_() % 1'800'000};
    ids.push_back(topic.id);
    topics_.emplace(topic.id, std::move(topic));
  }
  return ids;
}

void forum::reply(std::uint64_t id) {
  ++topics_.at(id).posts;
  topics_.at(id).bumped = now_;
}

void forum::edit(std::uint64_t id, const std::string& text) {
  auto& edited = topics_.at(id);
  edited.raw = text;
  edited.updated = now_;
  ++edited.version;
}

void forum::like(std::uint64_t id, int more) {
  auto& liked = topics_.at(id);
  liked.op_likes = static_cast<std::uint32_t>(
    std::max<std::int64_t>(0, std::int64_t{liked.op_likes} + more));
}

void forum::remove(std::uint64_t id) {
  topics_.at(id).deleted = true;
}

void forum::pin(std::uint64_t id) {
  topics_.at(id).pinned = true;
}

forum_answer forum::list(const std::map<std::string, std::string>& query,
                         const std::string& path, std::optional<wall_time> after) const {
  const auto field = [&query](const char* name) {
    const auto at = query.find(name);
    return at == query.end() ? std::string{} : at->second;
  };
  const bool by_likes = field("order") == "op_likes";
  std::vector<const made_topic*> shown;
  for (const auto& [id, each] : topics_)
    if (!each.deleted && (!after || each.bumped >= *after))
      shown.push_back(&each);
  std::stable_sort(shown.begin(), shown.end(), [by_likes](const auto* a, const auto* b) {
    if (by_likes)
      return a->op_likes > b->op_likes;
    return a->pinned != b->pinned ? a->pinned : a->bumped > b->bumped;
  });
  const auto number = number_in(field("page"));
  json::array items;
  for (auto i = number * options_.page;
       i < std::min((number + 1) * options_.page, shown.size()); ++i)
    items.push_back(list_item_json(*shown[i], options_, by_likes));
  json::object list{{"can_create_topic", false},
                    {"per_page", options_.page},
                    {"top_tags", json::array{"blueprint"}},
                    {"topics", items}};
  if ((number + 1) * options_.page < shown.size())
    list["more_topics_url"] = fmt::format("{}?page={}", path, number + 1);
  return as_json(
    {{"users", json::array{}}, {"primary_groups", json::array{}}, {"topic_list", list}});
}

forum_answer forum::one_topic(std::uint64_t id, bool with_raw) const {
  const auto found = topics_.find(id);
  if (found == topics_.end() || found->second.deleted)
    return not_found();
  return as_json(topic_json(found->second, options_, with_raw));
}

forum_answer forum::routed(const std::string& path,
                           const std::map<std::string, std::string>& query) const {
  if (path == "/robots.txt")
    return {.content_type = "text/plain", .body = robots};
  if (path == fmt::format("/c/{}/show.json", options_.category))
    return as_json({{"category", json::object{{"id", options_.category},
                                              {"name", "Blueprints Exchange"},
                                              {"slug", options_.slug},
                                              {"topic_count", topics_.size()},
                                              {"read_restricted", false}}}});
  if (path == fmt::format("/c/{}/{}/l/latest.json", options_.slug, options_.category))
    return list(query, path, {});
  if (path == "/filter.json" && options_.has_filter) {
    const auto filter = query.contains("q") ? query.at("q") : std::string{};
    return list(query, path,
                options_.ignores_filter ? std::optional<wall_time>{} : day_after(filter));
  }
  if (path.starts_with("/t/") && path.ends_with(".json")) {
    const auto id = number_in(path.substr(path.rfind('/') + 1));
    if (path.find('/', 3) != path.npos)
      return one_topic(id, query.contains("include_raw"));
    return {.status = 301,
            .headers = {{"Location", fmt::format("/t/topic-{}/{}.json", id, id)}}};
  }
  if (path.starts_with("/raw/")) {
    const auto found = topics_.find(number_in(path.substr(5)));
    if (found != topics_.end() && !found->second.deleted)
      return {.content_type = "text/plain; charset=utf-8", .body = found->second.raw};
  }
  return not_found();
}

forum_answer forum::answer(const std::string& target) {
  if (mood)
    if (auto given = mood(target))
      return std::move(*given);
  const auto question = std::min(target.find('?'), target.size());
  return routed(target.substr(0, question),
                parsed_query(target.substr(std::min(question + 1, target.size()))));
}

forum_answer forum::answer_file(const std::string& url, const std::string& etag) const {
  const auto found = files_.find(url);
  if (found == files_.end())
    return {.status = 404, .content_type = "text/plain", .body = "404: Not Found"};
  const auto own = fmt::format("\"{:x}\"", std::hash<std::string>{}(found->second));
  if (etag == own)
    return {.status = 304, .content_type = "text/plain", .headers = {{"ETag", own}}};
  return {.content_type = "text/plain; charset=utf-8",
          .body = found->second,
          .headers = {{"ETag", own}}};
}

} // namespace habitd
