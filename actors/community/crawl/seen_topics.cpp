#include "actors/community/crawl/seen_topics.hpp"

#include <algorithm>

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t weeks_to_read_all = 8; // an edit that doesn't bump shows within

/// Likes may be taken back: a topic is waited for a little below what it had.
std::uint32_t least_expected(const known_topic& topic) {
  return topic.votes - topic.votes / 4 - std::min<std::uint32_t>(topic.votes, 1);
}

struct reading_list {
  std::vector<std::uint64_t> ids{};
  std::set<std::uint64_t> listed{};

  void add(std::uint64_t id) {
    if (listed.insert(id).second)
      ids.push_back(id);
  }
};

using voted_id = std::pair<std::uint32_t, std::uint64_t>;

/// The most liked first, of equals the older topic.
void add_best(reading_list& list, std::vector<voted_id> some, std::size_t limit) {
  std::sort(some.begin(), some.end(), [](const voted_id& a, const voted_id& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  some.resize(std::min(some.size(), limit));
  for (const auto& [votes, id] : some)
    list.add(id);
}

void add_longest_unread(reading_list& list, const forum_state& known) {
  std::vector<std::pair<wall_time, voted_id>> order;
  for (const auto& [id, topic] : known.topics)
    order.push_back({topic.checked, {topic.votes, id}});
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    if (a.first != b.first)
      return a.first < b.first;
    return a.second.first != b.second.first ? a.second.first > b.second.first
                                            : a.second.second < b.second.second;
  });
  order.resize((order.size() + weeks_to_read_all - 1) / weeks_to_read_all);
  for (const auto& [checked, topic] : order)
    list.add(topic.second);
}

} // namespace

std::size_t seen_topics::add(const list_page& page, bool by_votes) {
  std::size_t fresh = 0;
  for (const auto& item : page.items) {
    const auto [at, is_new] = by_id.try_emplace(item.id, item);
    fresh += is_new || (by_votes && !voted.contains(item.id)) ? 1 : 0;
    at->second.bumped = std::max(at->second.bumped, item.bumped);
    at->second.pinned |= item.pinned;
    if (by_votes) {
      at->second.votes = item.votes;
      voted.insert(item.id);
    }
    newest = std::max(newest, item.bumped);
  }
  return fresh;
}

bool descends_by_votes(const list_page& page) {
  std::uint32_t before = UINT32_MAX;
  for (const auto& item : page.items) {
    if (item.pinned)
      continue;
    if (item.votes > before)
      return false;
    before = item.votes;
  }
  return true;
}

bool is_below_interest(const list_page& page, const forum_state& known,
                       const seen_topics& seen, const forum_settings& settings) {
  std::uint32_t most = 0;
  bool has_some = false;
  for (const auto& item : page.items)
    if (!item.pinned) {
      most = std::max(most, item.votes);
      has_some = true;
    }
  auto interest = settings.least_likes;
  for (const auto& [id, topic] : known.topics)
    if (!seen.voted.contains(id))
      interest = std::min(interest, least_expected(topic));
  return has_some && most < interest;
}

bool is_older_than(const list_page& page, wall_time newest) {
  bool has_some = false;
  for (const auto& item : page.items) {
    if (!item.pinned && item.bumped >= newest - 24h)
      return false;
    has_some |= !item.pinned;
  }
  return has_some;
}

std::vector<std::uint64_t> topics_to_read(const forum_state& known,
                                          const seen_topics& seen,
                                          const forum_settings& settings,
                                          bool lists_whole) {
  reading_list list;
  for (const auto& [id, topic] : known.topics)
    if (topic.missing_since != wall_time{} || (lists_whole && !seen.voted.contains(id)))
      list.add(id);
  std::vector<voted_id> changed;
  std::vector<voted_id> fresh;
  for (const auto& [id, item] : seen.by_id) {
    const auto before = known.topics.find(id);
    if (before == known.topics.end()) {
      if (item.votes >= settings.least_likes)
        fresh.emplace_back(item.votes, id);
    } else if (item.bumped > before->second.bumped) {
      changed.emplace_back(item.votes, id);
    }
  }
  add_best(list, std::move(changed), settings.topics_a_run);
  add_best(list, std::move(fresh), settings.topics_a_run);
  add_longest_unread(list, known);
  return std::move(list.ids);
}

} // namespace habitd
