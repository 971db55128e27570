#pragma once

#include "messages/time.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace habitd {

/// A topic of a made forum: all that its server knows of it.
struct made_topic {
  std::uint64_t id = 0;
  std::string title{};
  std::string author{};
  std::string raw{}; // of the first post
  std::vector<std::string> tags{};
  std::vector<std::string> links{};
  std::uint32_t op_likes = 0;
  std::uint32_t other_likes = 0; // of replies
  std::uint32_t posts = 1;
  std::uint32_t version = 1;
  wall_time created{};
  wall_time updated{};
  wall_time bumped{};
  bool pinned = false;
  bool deleted = false;
};

/// What goes over the wire.
struct forum_answer {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};

  // How a server misbehaves; for `forum_server` alone.
  std::chrono::milliseconds delay{0};
  bool cut_off = false; // within the body
};

struct forum_options {
  std::uint64_t category = 53;
  std::string slug = "blueprints-exchange";
  std::size_t page = 30;
  bool has_filter = true;      // filter.json
  bool ignores_filter = false; // answers it, with topics of anywhere
  bool tags_are_objects = true;
  bool shows_op_likes = true; // in lists by likes
  bool sends_raw = true;      // when asked to include it
};

/// A forum that speaks Discourse, as a function of what was done to it: no sockets, no clock
/// but the one it is given.
class forum {
public:
  explicit forum(forum_options options = {}, std::uint64_t seed = 1);

  void set_time(wall_time now) { now_ = now; }
  wall_time now() const { return now_; }

  /// New topics with a blueprint each, of `likes` at least and few more.
  std::vector<std::uint64_t> add_topics(std::size_t count, std::uint32_t likes);
  void reply(std::uint64_t id);                         // bumps
  void edit(std::uint64_t id, const std::string& text); // doesn't bump
  void like(std::uint64_t id, int more);
  void remove(std::uint64_t id);
  void pin(std::uint64_t id);

  made_topic& topic(std::uint64_t id) { return topics_.at(id); }
  const std::map<std::uint64_t, made_topic>& topics() const { return topics_; }
  const forum_options& options() const { return options_; }

  /// A file elsewhere that topics link to, by its URL.
  void put_file(const std::string& url, const std::string& text) { files_[url] = text; }
  void remove_file(const std::string& url) { files_.erase(url); }

  std::string robots = "User-agent: *\nDisallow: /admin/\nDisallow: /search\n";

  /// Asked first; what it gives is the answer.
  std::function<std::optional<forum_answer>(const std::string& target)> mood{};

  /// @param target  "/t/-/1.json?include_raw=1".
  forum_answer answer(const std::string& target);

  /// @param url  of a file elsewhere. @param etag  of `If-None-Match`.
  forum_answer answer_file(const std::string& url, const std::string& etag) const;

private:
  forum_answer list(const std::map<std::string, std::string>& query,
                    const std::string& path, std::optional<wall_time> after) const;
  forum_answer one_topic(std::uint64_t id, bool with_raw) const;
  forum_answer routed(const std::string& path,
                      const std::map<std::string, std::string>& query) const;

  forum_options options_;
  wall_time now_{};
  std::uint64_t next_id_ = 250'000;
  std::map<std::uint64_t, made_topic> topics_;
  std::map<std::string, std::string> files_;
  std::mt19937_64 random_;
};

/// A blueprint of some size, different for each number.
std::string made_blueprint(std::uint64_t number);

} // namespace habitd
