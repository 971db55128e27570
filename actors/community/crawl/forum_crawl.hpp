#pragma once

#include "actors/community/crawl/crawl_answer.hpp"
#include "actors/community/crawl/seen_topics.hpp"
#include "storage/corpus_staging.hpp"

#include <deque>
#include <optional>

namespace habitd {

/// One run through a forum, as questions and answers: no I/O, no clock. The same answers in
/// the same order lead to the same questions and the same end, so a run that was killed goes
/// on by hearing again what it had heard.
/// Source: home-assistant notes 5.4.
class forum_crawl {
public:
  /// @param known    what the last run that was committed left.
  /// @param started  when this run began, the first time; our clock.
  forum_crawl(forum_settings settings, forum_state known, wall_time started);

  /// What to ask for next; nothing at the end, or after a failure.
  const std::optional<crawl_request>& next() const { return next_; }

  void take(const crawl_answer& answer);

  /// No more will be asked for: what is known by now is all of this run.
  void cut_short(std::string why);

  /// Why the run can't be used at all; empty as a rule. @errors ec::unavailable: another try
  /// may help; ec::invalid_input: a setting is wrong.
  const error& failed() const { return failed_; }

  /// What the run found, without costs. Only at the end.
  staged_end end() const;

private:
  enum class listing : std::uint8_t { filtered, by_activity, by_votes, again };

  void take_category(const crawl_answer& answer);
  void take_list(const crawl_answer& answer);
  void take_topic(const crawl_answer& answer);
  void take_link(const crawl_answer& answer);
  bool filter_is_obeyed(const crawl_answer& answer) const;
  bool is_last_page(const crawl_answer& answer, std::size_t fresh);
  void begin(listing list);
  void list_ended();
  void ask_for_page();
  void ask_for_more();
  void note_missing(std::uint64_t id);
  void note_useless(std::uint64_t id);
  void keep_links(std::uint64_t id, known_topic& topic, std::vector<known_link> links);
  void skip(std::string place, std::string reason);
  void give_up(error why);

  forum_settings settings_;
  forum_state before_;
  forum_state after_;
  wall_time started_;
  std::optional<crawl_request> next_;
  error failed_;

  listing list_{};
  std::uint32_t page_ = 0;
  std::uint32_t failed_in_a_row_ = 0;
  std::uint32_t stale_in_a_row_ = 0; // pages that showed nothing new
  std::uint32_t rounds_ = 0;         // of reading the top of the list again
  bool votes_descend_ = true;
  bool lists_whole_ = true; // every page of interest was read
  bool votes_whole_ = true;
  std::size_t pages_read_ = 0;
  wall_time newest_before_again_{};

  seen_topics seen_;
  std::deque<std::uint64_t> to_read_;
  std::deque<crawl_request> links_to_read_;
  std::vector<gone_topic> gone_;
  std::vector<skipped_item> skipped_;
  std::uint64_t missed_ = 0;
  bool cut_short_ = false;
};

} // namespace habitd
