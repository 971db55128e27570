#include "actors/community/refresh.hpp"

#include "actors/community/file_source.hpp"
#include "actors/community/parse_topic.hpp"

#include <iterator>

namespace habitd {

corpus_rules rules_of(const community_config& settings) {
  corpus_rules rules;
  rules.least_quality = settings.least_quality / 100.0;
  rules.old_days = settings.old_days;
  rules.old_votes = settings.old_votes;
  rules.least_votes = settings.least_votes;
  rules.title_similarity = settings.title_similarity / 100.0;
  rules.shared_structure = settings.shared_structure / 100.0;
  rules.most_entries = settings.most_entries;
  return rules;
}

void add_topic(refresh_facts& facts, fetched_topic topic) {
  auto parsed = parse_topic(topic);
  std::move(parsed.entries.begin(), parsed.entries.end(),
            std::back_inserter(facts.parsed));
  std::move(parsed.failures.begin(), parsed.failures.end(),
            std::back_inserter(facts.failures));
  topic.body = {};
  topic.cooked = {};
  facts.topics.push_back(std::move(topic));
}

error gather_files(refresh_facts& facts, const std::filesystem::path& from,
                   wall_time since, const tell_topics& tell) {
  refresh_facts read;
  const auto source = read_files(from, [&](fetched_topic topic) {
    if (topic.updated < since)
      return;
    add_topic(read, std::move(topic));
    if (tell)
      tell(facts.topics.size() + read.topics.size());
  });
  if (!source)
    return source.error();
  const auto append = [](auto& to, auto& more) {
    std::move(more.begin(), more.end(), std::back_inserter(to));
  };
  append(facts.parsed, read.parsed);
  append(facts.failures, read.failures);
  append(facts.topics, read.topics);
  if (since == wall_time{})
    facts.complete.push_back(*source);
  return {};
}

expected<old_corpus> load_corpus(const home_store& store, wall_time now) {
  old_corpus corpus;
  auto entries = store.corpus.all();
  if (!entries)
    return entries.error();
  corpus.entries = std::move(*entries);
  const auto today =
    std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
  auto votes = store.corpus.votes_since(static_cast<std::int32_t>(today) - trend_days);
  if (!votes)
    return votes.error();
  corpus.votes = std::move(*votes);
  corpus.shingles = [&store](const std::string& id) {
    auto shingles = store.corpus.shingles(id);
    return shingles ? std::move(*shingles) : std::vector<std::uint32_t>{};
  };
  return corpus;
}

expected<corpus_plan> plan_next(const home_store& store, refresh_facts facts,
                                const corpus_rules& rules, wall_time now) {
  const auto old = load_corpus(store, now);
  if (!old)
    return old.error();
  return plan_refresh(*old, std::move(facts), rules, now);
}

} // namespace habitd
