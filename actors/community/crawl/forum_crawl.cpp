#include "actors/community/crawl/forum_crawl.hpp"

#include "messages/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr const char* source = "forum";
constexpr std::uint32_t most_pages = 1'000; // of one list: a server that repeats itself
constexpr std::uint32_t give_up_after = 5;  // pages in a row that fail
constexpr std::uint32_t most_rounds = 3;
constexpr std::size_t most_skipped = 1'000;
constexpr auto between_looks = 48h; // two days, before what is missing is gone

/// A run that is begun at the same hour of the week must count as two days later.
constexpr auto tolerance = 1h;

std::string date_of(wall_time at) {
  return format_utc(at).substr(0, 10);
}

bool is_gone(wall_time missing_since, wall_time now) {
  return missing_since != wall_time{} && now - missing_since >= between_looks - tolerance;
}

std::string gone_reason(wall_time first, wall_time second) {
  return fmt::format("missing on {} and {}", date_of(first), date_of(second));
}

} // namespace

forum_crawl::forum_crawl(forum_settings settings, forum_state known, wall_time started)
    : settings_{std::move(settings)}, before_{known}, after_{std::move(known)},
      started_{started} {
  next_ = {.name = "category",
           .step = crawl_step::category,
           .url = fmt::format("{}/c/{}/show.json", settings_.url, settings_.category)};
}

void forum_crawl::take(const crawl_answer& answer) {
  if (!next_)
    return;
  switch (next_->step) {
  case crawl_step::category:
    return take_category(answer);
  case crawl_step::changes:
  case crawl_step::votes:
    return take_list(answer);
  case crawl_step::topic:
    return take_topic(answer);
  case crawl_step::link:
    return take_link(answer);
  }
}

void forum_crawl::take_category(const crawl_answer& answer) {
  if (answer.outcome == crawl_outcome::failed)
    return give_up(make_error(ec::unavailable, settings_.url, answer.reason));
  if (answer.outcome != crawl_outcome::ok)
    return give_up(
      make_error(ec::invalid_input,
                 fmt::format("{} has no category {}", settings_.url, settings_.category),
                 answer.reason));
  if (answer.slug != settings_.slug)
    return give_up(
      make_error(ec::invalid_input, fmt::format("category {} of {} is \"{}\", not \"{}\"",
                                                settings_.category, settings_.url,
                                                answer.slug, settings_.slug)));
  begin(before_.newest == wall_time{} ? listing::by_activity : listing::filtered);
}

void forum_crawl::begin(listing list) {
  list_ = list;
  page_ = failed_in_a_row_ = stale_in_a_row_ = 0;
  newest_before_again_ = seen_.newest;
  ask_for_page();
}

void forum_crawl::ask_for_page() {
  constexpr const char* names[] = {"filter", "activity", "votes", "again"};
  const auto category = fmt::format("{}/c/{}/{}/l/latest.json", settings_.url,
                                    settings_.slug, settings_.category);
  crawl_request request;
  request.step = list_ == listing::by_votes ? crawl_step::votes : crawl_step::changes;
  request.name =
    fmt::format("list/{}/{}/{:04}", names[static_cast<int>(list_)], rounds_, page_);
  if (list_ == listing::filtered)
    request.url = fmt::format(
      "{}/filter.json?q={}&page={}", settings_.url,
      percent_encoded(fmt::format("category:{} activity-after:{} order:activity",
                                  settings_.slug, date_of(before_.newest - 24h))),
      page_);
  else
    request.url =
      fmt::format("{}?order={}&page={}", category,
                  list_ == listing::by_votes ? "op_likes" : "activity", page_);
  next_ = std::move(request);
}

/// A forum without the filter says so, or ignores what it doesn't know.
bool forum_crawl::filter_is_obeyed(const crawl_answer& answer) const {
  if (answer.outcome == crawl_outcome::missing ||
      answer.outcome == crawl_outcome::refused)
    return false;
  const auto& items = answer.page.items;
  // The topic that was the newest one is not older than that day: nothing at all is wrong.
  return answer.outcome == crawl_outcome::failed ||
         std::any_of(items.begin(), items.end(),
                     [](const list_item& item) { return item.in_category; });
}

void forum_crawl::take_list(const crawl_answer& answer) {
  if (list_ == listing::filtered && page_ == 0 && !filter_is_obeyed(answer))
    return begin(listing::by_activity);
  if (answer.outcome != crawl_outcome::ok) {
    skip(next_->name, answer.reason);
    lists_whole_ = false;
    votes_whole_ &= list_ != listing::by_votes;
    if (++failed_in_a_row_ == give_up_after || answer.outcome != crawl_outcome::failed)
      return list_ended();
    ++page_;
    return ask_for_page();
  }
  failed_in_a_row_ = 0;
  ++pages_read_;
  for (const auto& why : answer.page.skipped)
    skip(next_->name, why);
  const auto fresh = seen_.add(answer.page, list_ == listing::by_votes);
  if (is_last_page(answer, fresh))
    return list_ended();
  ++page_;
  ask_for_page();
}

bool forum_crawl::is_last_page(const crawl_answer& answer, std::size_t fresh) {
  const auto& page = answer.page;
  stale_in_a_row_ = fresh == 0 ? stale_in_a_row_ + 1 : 0;
  if (!page.more || page.items.empty() || page_ + 1 >= most_pages)
    return true;
  switch (list_) {
  case listing::again: // its top is all there is to see
    return true;
  case listing::by_activity:
    // Without a cursor this list is read for its newest time alone.
    return before_.newest == wall_time{} || is_older_than(page, before_.newest) ||
           stale_in_a_row_ == 2;
  case listing::filtered:
    return stale_in_a_row_ == 2;
  case listing::by_votes:
    votes_descend_ &= descends_by_votes(page);
    return stale_in_a_row_ == 2 ||
           (votes_descend_ && is_below_interest(page, before_, seen_, settings_));
  }
  return true;
}

void forum_crawl::list_ended() {
  if (list_ == listing::filtered && pages_read_ == 0)
    return begin(listing::by_activity);
  if (list_ == listing::filtered || list_ == listing::by_activity)
    return begin(listing::by_votes);
  if (list_ == listing::by_votes && pages_read_ == 0)
    return give_up(make_error(ec::unavailable, settings_.url, "no list could be read"));
  // The list shifts while it is read: what was bumped meanwhile is at its top.
  const bool is_stable = list_ == listing::again && seen_.newest == newest_before_again_;
  if (!is_stable && rounds_ < most_rounds) {
    ++rounds_;
    return begin(listing::again);
  }
  const auto ids = topics_to_read(before_, seen_, settings_, votes_whole_);
  to_read_.assign(ids.begin(), ids.end());
  ask_for_more();
}

void forum_crawl::ask_for_more() {
  next_.reset();
  if (!links_to_read_.empty()) {
    next_ = std::move(links_to_read_.front());
    return links_to_read_.pop_front();
  }
  if (to_read_.empty())
    return;
  const auto id = to_read_.front();
  to_read_.pop_front();
  crawl_request request;
  request.name = fmt::format("topic/{}", id);
  request.step = crawl_step::topic;
  request.url = fmt::format("{}/t/-/{}.json?include_raw=1", settings_.url, id);
  request.topic = id;
  next_ = std::move(request);
}

void forum_crawl::note_missing(std::uint64_t id) {
  const auto known = after_.topics.find(id);
  if (known == after_.topics.end())
    return;
  auto& topic = known->second;
  topic.checked = started_;
  if (topic.missing_since == wall_time{})
    topic.missing_since = started_;
  if (!is_gone(topic.missing_since, started_))
    return;
  gone_.push_back(
    {source, std::to_string(id), gone_reason(topic.missing_since, started_)});
  for (const auto& link : topic.links)
    gone_.push_back({link.source, link.url, fmt::format("topic {} is gone", id)});
  after_.topics.erase(known);
}

/// Looked at in vain, it waits for its turn like one that was read.
void forum_crawl::note_useless(std::uint64_t id) {
  auto& topic = after_.topics[id];
  topic.checked = started_;
  if (const auto seen = seen_.by_id.find(id); seen != seen_.by_id.end())
    topic.bumped = std::max(topic.bumped, seen->second.bumped);
}

void forum_crawl::take_topic(const crawl_answer& answer) {
  const auto id = next_->topic;
  if (answer.outcome == crawl_outcome::missing) {
    note_missing(id);
    return ask_for_more();
  }
  if (answer.outcome != crawl_outcome::ok) {
    ++missed_;
    skip(fmt::format("topic {}", id), answer.reason);
    if (answer.outcome == crawl_outcome::refused)
      note_useless(id);
    return ask_for_more();
  }
  auto& topic = after_.topics[id];
  const auto seen = seen_.by_id.find(id);
  topic.votes = seen != seen_.by_id.end() && seen_.voted.contains(id)
                  ? seen->second.votes
                  : answer.topic.votes;
  topic.bumped =
    std::max({topic.bumped, answer.topic.bumped,
              seen != seen_.by_id.end() ? seen->second.bumped : wall_time{}});
  topic.checked = started_;
  topic.version = answer.topic.version;
  topic.missing_since = {};
  for (const auto& why : answer.refused_links)
    skip(fmt::format("topic {}", id), why);
  keep_links(id, topic, answer.links);
  auto about = answer.topic;
  about.votes = topic.votes;
  for (const auto& link : topic.links) {
    crawl_request request;
    request.name = fmt::format("link/{}/{}", id, link.url);
    request.step = crawl_step::link;
    request.url = link.url;
    request.topic = id;
    request.if_changed = link.validators;
    request.about = about;
    request.about.source = link.source;
    request.about.source_id = link.url;
    request.about.url = link.page;
    links_to_read_.push_back(std::move(request));
  }
  ask_for_more();
}

/// Links that stay keep what is known of them; of others the topic says that they go.
void forum_crawl::keep_links(std::uint64_t id, known_topic& topic,
                             std::vector<known_link> links) {
  for (auto& known : topic.links) {
    const auto same = std::find_if(links.begin(), links.end(), [&](const known_link& l) {
      return l.url == known.url;
    });
    if (same == links.end()) {
      gone_.push_back(
        {known.source, known.url, fmt::format("topic {} links to it no more", id)});
    } else {
      same->validators = known.validators;
      same->missing_since = known.missing_since;
    }
  }
  topic.links = std::move(links);
}

void forum_crawl::take_link(const crawl_answer& answer) {
  auto& links = after_.topics[next_->topic].links;
  const auto link = std::find_if(links.begin(), links.end(), [&](const known_link& l) {
    return l.url == next_->about.source_id;
  });
  if (link == links.end())
    return ask_for_more();
  switch (answer.outcome) {
  case crawl_outcome::ok:
    link->validators = answer.validators;
    [[fallthrough]];
  case crawl_outcome::unchanged:
    link->missing_since = {};
    break;
  case crawl_outcome::missing:
    if (link->missing_since == wall_time{})
      link->missing_since = started_;
    else if (is_gone(link->missing_since, started_))
      gone_.push_back(
        {link->source, link->url, gone_reason(link->missing_since, started_)});
    break;
  default:
    ++missed_;
    skip(link->url, answer.reason);
  }
  ask_for_more();
}

void forum_crawl::skip(std::string place, std::string reason) {
  if (skipped_.size() < most_skipped)
    skipped_.push_back({std::move(place), std::move(reason)});
}

void forum_crawl::give_up(error why) {
  failed_ = std::move(why);
  next_.reset();
}

void forum_crawl::cut_short(std::string why) {
  if (next_)
    skip(next_->name, std::move(why));
  cut_short_ = true;
  next_.reset();
}

staged_end forum_crawl::end() const {
  staged_end end;
  end.source = source;
  auto state = after_;
  for (auto& [id, topic] : state.topics) {
    const auto seen = seen_.by_id.find(id);
    if (seen == seen_.by_id.end() || !seen_.voted.contains(id))
      continue;
    topic.votes = seen->second.votes;
    end.sightings.push_back(
      {source, std::to_string(id), topic.votes, seen->second.bumped});
    for (const auto& link : topic.links)
      end.sightings.push_back({link.source, link.url, topic.votes, seen->second.bumped});
  }
  if (lists_whole_ && !cut_short_ && missed_ == 0)
    state.newest = std::max(state.newest, seen_.newest);
  end.gone = gone_;
  end.cursor = {source, to_text(state)};
  end.skipped = skipped_;
  end.missed = missed_;
  return end;
}

} // namespace habitd
