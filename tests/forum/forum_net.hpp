#pragma once

#include "http/polite_client.hpp"
#include "tests/forum/forum.hpp"

#include <random>

namespace habitd {

/// The net as a made forum sees it, in virtual time: waiting takes no time, and moves the
/// clocks. What hosts other than the forum are asked for are its files.
class forum_net {
public:
  forum_net(forum& at, std::string forum_url) : forum_{at}, url_{std::move(forum_url)} {}

  polite_surroundings surroundings();

  std::vector<std::pair<std::string, wall_time>> asked{}; // URL and when

  /// Called before each request; false = it fails without an answer.
  std::function<bool(const std::string& url)> reaches{};

private:
  expected<client_response> send(const client_request& request);

  forum& forum_;
  std::string url_;
  steady_time steady_{};
  std::minstd_rand random_{1};
};

} // namespace habitd
