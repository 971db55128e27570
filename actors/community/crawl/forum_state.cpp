#include "actors/community/crawl/forum_state.hpp"

#include <fmt/format.h>

#include <sstream>

namespace habitd {

namespace {

constexpr std::string_view first_line = "forum-state 1";

std::int64_t ms(wall_time at) {
  return at.time_since_epoch().count();
}

wall_time from_ms(std::int64_t count) {
  return wall_time{std::chrono::milliseconds{count}};
}

/// One word; "-" for nothing.
std::string word(const std::string& text) {
  return text.empty()                   ? "-"
         : percent_encoded(text) == "-" ? "%2D"
                                        : percent_encoded(text);
}

std::string text_of(const std::string& word) {
  return word == "-" ? std::string{} : percent_decoded(word);
}

bool read_topic_line(std::istream& in, forum_state& state, known_topic*& last) {
  std::uint64_t id = 0;
  known_topic topic;
  std::int64_t bumped = 0;
  std::int64_t checked = 0;
  std::int64_t missing = 0;
  if (!(in >> id >> topic.votes >> bumped >> checked >> topic.version >> missing))
    return false;
  topic.bumped = from_ms(bumped);
  topic.checked = from_ms(checked);
  topic.missing_since = from_ms(missing);
  last = &state.topics.insert_or_assign(id, std::move(topic)).first->second;
  return true;
}

bool read_link_line(std::istream& in, known_topic* topic) {
  std::string source, url, page, etag, modified;
  std::int64_t missing = 0;
  if (!topic || !(in >> source >> url >> page >> etag >> modified >> missing))
    return false;
  topic->links.push_back({text_of(source),
                          text_of(url),
                          text_of(page),
                          {text_of(etag), text_of(modified)},
                          from_ms(missing)});
  return true;
}

} // namespace

std::string to_text(const forum_state& state) {
  auto text = fmt::format("{}\n{}\n", first_line, ms(state.newest));
  for (const auto& [id, topic] : state.topics) {
    text += fmt::format("t {} {} {} {} {} {}\n", id, topic.votes, ms(topic.bumped),
                        ms(topic.checked), topic.version, ms(topic.missing_since));
    for (const auto& link : topic.links)
      text += fmt::format("l {} {} {} {} {} {}\n", word(link.source), word(link.url),
                          word(link.page), word(link.validators.etag),
                          word(link.validators.last_modified), ms(link.missing_since));
  }
  return text;
}

expected<forum_state> forum_state_from(const std::string& text) {
  forum_state state;
  if (text.empty())
    return state;
  const auto bad = [] { return make_error(ec::corrupt_data, "state of a forum"); };
  std::istringstream in{text};
  std::string line;
  std::int64_t newest = 0;
  if (!std::getline(in, line) || line != first_line || !(in >> newest))
    return bad();
  state.newest = from_ms(newest);
  known_topic* last = nullptr;
  for (std::string kind; in >> kind;)
    if (kind == "t" ? !read_topic_line(in, state, last)
                    : kind != "l" || !read_link_line(in, last))
      return bad();
  return state;
}

} // namespace habitd
