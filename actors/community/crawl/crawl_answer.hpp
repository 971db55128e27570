#pragma once

#include "actors/community/crawl/discourse_json.hpp"
#include "actors/community/crawl/forum_state.hpp"

#include <string>
#include <vector>

namespace habitd {

enum class crawl_step : std::uint8_t {
  category, // is it the one we mean?
  changes,  // a list page by activity, filtered by the server or not
  votes,    // a list page by likes
  topic,
  link, // a file that a topic links to
};

/// One thing to ask for.
struct crawl_request {
  std::string name{}; // of the step, within a run
  crawl_step step{};
  std::string url{};
  std::uint64_t topic = 0; // of topic and link
  page_validators if_changed{};
  fetched_topic
    about{}; // of a link: all that is known but its text; of a topic its votes
};

enum class crawl_outcome : std::uint8_t {
  ok,
  unchanged, // since `crawl_request::if_changed`
  missing,   // the server says that it is gone
  refused,   // it won't get better by asking again soon
  failed,    // it may
};

/// What came of it, less the text of a topic.
struct crawl_answer {
  crawl_outcome outcome = crawl_outcome::failed;
  std::string reason{};            // unless ok
  std::string slug{};              // of category
  list_page page{};                // of changes and votes
  fetched_topic topic{};           // of topic, without body
  std::vector<known_link> links{}; // of topic
  std::vector<std::string> refused_links{};
  page_validators validators{}; // of link
  bool operator==(const crawl_answer&) const = default;
};

/// As a note of a staged step.
std::string encoded(const crawl_answer& answer);

/// @errors ec::corrupt_data.
expected<crawl_answer> crawl_answer_from(std::string_view note);

/// Whether a note tells of a failure that another attempt may mend.
bool tells_of_failure(std::string_view note);

} // namespace habitd
