#include "actors/community/plan_refresh.hpp"

#include "actors/community/judge.hpp"
#include "actors/community/near_duplicates.hpp"
#include "actors/community/similar_titles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

namespace habitd {

namespace {

using topic_id = std::pair<std::string, std::string>; // source and id in it

/// An entry on its way from the old corpus to the next.
struct slot {
  parsed_entry now;                     // shingles of an old one are empty
  const corpus_entry* before = nullptr; // null: new
  bool text_changed = false;
  bool stays = true;
  bool is_removed = false; // by its source, not by a rule
  std::string rule;
  std::string reason;
};

std::int32_t day_of(wall_time at) {
  return static_cast<std::int32_t>(
    std::chrono::floor<std::chrono::days>(at).time_since_epoch().count());
}

/// Better ones first: they stay, and absorb the others.
bool is_better(const slot* a, const slot* b) {
  const auto key = [](const slot* s) {
    const auto& entry = s->now.entry;
    return std::tuple{-static_cast<int>(!entry.exempt.empty()), -entry.quality,
                      -static_cast<std::int64_t>(entry.votes), entry.created, entry.id};
  };
  return key(a) < key(b);
}

bool is_exempt(const corpus_entry& entry, const std::string& rule) {
  return std::find(entry.exempt.begin(), entry.exempt.end(), rule) != entry.exempt.end();
}

class planner {
public:
  planner(const old_corpus& old, refresh_facts facts, const corpus_rules& rules,
          wall_time now)
      : old_{old}, facts_{std::move(facts)}, rules_{rules}, now_{now} {
    slots_.reserve(old.entries.size() + facts_.parsed.size());
    for (const auto& entry : old.entries) {
      by_id_[entry.id] = slots_.size();
      slots_.push_back({{entry, {}, {}}, &entry, false, true, false, {}, {}});
    }
  }

  corpus_plan make() {
    take_parsed();
    take_sightings();
    take_losses();
    for (auto& each : slots_)
      each.now.entry.quality =
        quality_of(each.now.entry.votes, each.now.entry.completeness,
                   days_between(each.now.entry.created, now_));
    apply_vote_rules();
    take_title_duplicates();
    take_near_duplicates();
    take_surplus();
    std::vector<corpus_entry*> live;
    for (auto& each : slots_)
      if (each.stays)
        live.push_back(&each.now.entry);
    mark_trending(live, old_.votes, day_of(now_));
    return result();
  }

private:
  void take_parsed() {
    for (auto& read : facts_.parsed) {
      read.entry.added = now_;
      read.entry.changed = now_;
      const auto known = by_id_.find(read.entry.id);
      if (known == by_id_.end()) {
        by_id_[read.entry.id] = slots_.size();
        slots_.push_back({std::move(read), nullptr, true, true, false, {}, {}});
        continue;
      }
      auto& at = slots_[known->second];
      if (!at.before) // twice in one run: the later one
        at.now = std::move(read);
      else
        replace(at, std::move(read));
      at.stays = true;
    }
  }

  /// What habitd itself knows of an entry stays when its text is read again.
  void replace(slot& at, parsed_entry read) {
    const auto& before = *at.before;
    at.text_changed = read.entry.content_hash != before.content_hash;
    read.entry.added = before.added;
    read.entry.changed = at.text_changed ? now_ : before.changed;
    read.entry.absorbed = before.absorbed;
    read.entry.exempt = before.exempt;
    at.now = std::move(read);
  }

  void take_sightings() {
    std::multimap<topic_id, std::size_t> by_topic;
    for (std::size_t i = 0; i < slots_.size(); ++i)
      by_topic.emplace(
        topic_id{slots_[i].now.entry.source, slots_[i].now.entry.source_id}, i);
    for (const auto& seen : facts_.sightings) {
      const auto [from, to] = by_topic.equal_range({seen.source, seen.source_id});
      for (auto each = from; each != to; ++each)
        slots_[each->second].now.entry.votes = seen.votes;
    }
  }

  void lose(slot& at, const char* rule, std::string reason) {
    if (is_exempt(at.now.entry, rule))
      return;
    at.stays = false;
    at.is_removed = true;
    at.rule = rule;
    at.reason = std::move(reason);
  }

  void take_losses() {
    std::map<topic_id, std::string> gone;
    for (const auto& topic : facts_.gone)
      gone[{topic.source, topic.source_id}] = topic.reason;
    std::set<topic_id> read, failed;
    for (const auto& topic : facts_.topics)
      read.insert({topic.source, topic.source_id});
    for (const auto& failure : facts_.failures)
      failed.insert({failure.source, failure.source_id});
    const std::set<std::string> complete{facts_.complete.begin(), facts_.complete.end()};
    for (auto& at : slots_) {
      const topic_id topic{at.now.entry.source, at.now.entry.source_id};
      if (!at.before)
        continue;
      if (const auto found = gone.find(topic); found != gone.end())
        lose(at, "gone", found->second);
      else if (complete.count(topic.first) && !read.count(topic))
        lose(at, "gone", "its source has it no longer");
      else if (read.count(topic) && !failed.count(topic) && !was_parsed(at))
        lose(at, "gone", "its post holds it no longer");
    }
  }

  /// An old entry that was read again has shingles, or at least YAML.
  static bool was_parsed(const slot& at) { return !at.now.yaml.empty(); }

  void take(slot& at, const char* rule, std::string reason) {
    if (!at.stays || is_exempt(at.now.entry, rule))
      return;
    at.stays = false;
    at.rule = rule;
    at.reason = std::move(reason);
  }

  void apply_vote_rules() {
    for (auto& at : slots_) {
      const auto& entry = at.now.entry;
      if (!entry.voted)
        continue;
      const auto age = days_between(entry.created, now_);
      if (!at.before && entry.votes < rules_.least_votes)
        take(at, "few_votes",
             fmt::format("{} votes, where a new topic needs {}", entry.votes,
                         rules_.least_votes));
      if (entry.quality < rules_.least_quality)
        take(at, "low_quality",
             fmt::format("quality {:.2f}, below {:.2f}", entry.quality,
                         rules_.least_quality));
      if (age > rules_.old_days && entry.votes < rules_.old_votes)
        take(at, "old",
             fmt::format("{:.0f} days old with {} votes, fewer than {}", age, entry.votes,
                         rules_.old_votes));
    }
  }

  std::vector<slot*> best_first() {
    std::vector<slot*> order;
    for (auto& at : slots_)
      if (at.stays)
        order.push_back(&at);
    std::sort(order.begin(), order.end(), is_better);
    return order;
  }

  void absorb(slot& better, slot& worse, const char* rule, const std::string& how) {
    auto& into = better.now.entry;
    take(worse, rule, fmt::format("{} \"{}\" ({})", how, into.title, into.id));
    if (worse.stays)
      return;
    constexpr std::size_t most = 20; // told of one entry
    const auto& entry = worse.now.entry;
    const bool told = std::any_of(into.absorbed.begin(), into.absorbed.end(),
                                  [&](const auto& each) { return each.id == entry.id; });
    if (!told && into.absorbed.size() < most)
      into.absorbed.push_back({entry.id, entry.title, entry.url});
  }

  /// Blueprints of one topic share its title; what tells them apart is their own name.
  static std::string title_of(const corpus_entry& entry, bool of_same_topic) {
    return plain_title(of_same_topic ? entry.facts.name : entry.title);
  }

  void take_title_duplicates() {
    struct leader {
      slot* at;
      std::string title, name;
    };
    using devices = std::tuple<std::vector<std::string>, std::vector<std::string>,
                               std::vector<std::string>>;
    std::map<devices, std::vector<leader>> leaders;
    for (auto* at : best_first()) {
      const auto& entry = at->now.entry;
      const auto title = title_of(entry, false), name = title_of(entry, true);
      auto& same = leaders[{entry.facts.domains, entry.facts.device_classes,
                            entry.facts.integrations}];
      const auto found = std::find_if(same.begin(), same.end(), [&](const leader& other) {
        const bool siblings = other.at->now.entry.source_id == entry.source_id &&
                              other.at->now.entry.source == entry.source;
        return siblings ? are_similar(other.name, name, rules_.title_similarity)
                        : are_similar(other.title, title, rules_.title_similarity);
      });
      if (found != same.end())
        absorb(*found->at, *at, "duplicate_title", "the same title and devices as");
      if (at->stays)
        same.push_back({at, title, name});
    }
  }

  void take_near_duplicates() {
    const auto order = best_first();
    for (auto* at : order)
      if (at->now.shingles.empty() && at->before && old_.shingles)
        at->now.shingles = old_.shingles(at->now.entry.id);
    const auto into = absorbers(
      order.size(),
      [&](std::size_t i) -> const std::vector<std::uint32_t>& {
        return order[i]->now.shingles;
      },
      rules_.shared_structure);
    for (std::size_t i = 0; i < order.size(); ++i)
      if (into[i] != i && !order[i]->now.shingles.empty())
        absorb(*order[into[i]], *order[i], "duplicate_structure", "does the same as");
  }

  void take_surplus() {
    const auto order = best_first();
    for (std::size_t i = rules_.most_entries; i < order.size(); ++i)
      take(*order[i], "surplus",
           fmt::format("the corpus holds its {} best", rules_.most_entries));
  }

  audit_row row_of(const slot& at, corpus_operation operation) const {
    audit_row row;
    row.operation = operation;
    row.id = at.now.entry.id;
    row.source = at.now.entry.source;
    row.source_id = at.now.entry.source_id;
    row.title = at.now.entry.title;
    row.quality_before = at.before ? at.before->quality : 0;
    row.quality_after = at.stays ? at.now.entry.quality : 0;
    row.rule = at.rule;
    row.reason = at.reason;
    return row;
  }

  void put_change(corpus_plan& plan, slot& at) {
    auto& summary = plan.summary;
    if (!at.stays && !at.before) {
      auto row = row_of(at, corpus_operation::prune);
      row.quality_before = at.now.entry.quality;
      plan.skipped.push_back(std::move(row));
    } else if (!at.stays) {
      const auto operation =
        at.is_removed ? corpus_operation::remove : corpus_operation::prune;
      ++(at.is_removed ? summary.removed : summary.pruned);
      plan.changes.push_back({row_of(at, operation), {*at.before, {}, {}}});
    } else if (!at.before || at.text_changed) {
      auto row = row_of(at, at.before ? corpus_operation::update : corpus_operation::add);
      row.reason = at.before ? "its text changed" : "new";
      ++(at.before ? summary.updated : summary.added);
      plan.changes.push_back({std::move(row), std::move(at.now)});
    } else if (at.now.entry != *at.before) {
      plan.rescored.push_back(std::move(at.now.entry));
    }
  }

  void put_votes(corpus_plan& plan, const corpus_entry& entry) const {
    if (!entry.voted)
      return;
    const auto known = old_.votes.find(entry.id);
    const auto today = day_of(now_);
    const bool is_told = known != old_.votes.end() && !known->second.empty() &&
                         known->second.back().day == today &&
                         known->second.back().votes == entry.votes;
    if (!is_told)
      plan.votes.push_back({entry.id, {today, entry.votes}});
  }

  void put_topics(corpus_plan& plan) {
    std::map<topic_id, corpus_topic> topics;
    for (const auto& read : facts_.topics)
      topics[{read.source, read.source_id}] = {read.source, read.source_id, read.version,
                                               read.votes,  read.bumped,    now_};
    for (auto& [id, topic] : topics)
      plan.topics.push_back(std::move(topic));
  }

  corpus_plan result() {
    corpus_plan plan;
    auto& summary = plan.summary;
    double quality = 0;
    for (auto& at : slots_) {
      if (at.stays) {
        ++summary.total;
        quality += at.now.entry.quality;
        put_votes(plan, at.now.entry);
      }
      put_change(plan, at);
    }
    put_topics(plan);
    summary.mean_quality =
      summary.total ? quality / static_cast<double>(summary.total) : 0;
    summary.topics = facts_.topics.size();
    summary.parse_failures = facts_.failures.size();
    summary.blocks = facts_.parsed.size() + facts_.failures.size();
    summary.missed = facts_.missed;
    summary.requests = facts_.requests;
    summary.bytes = facts_.bytes;
    plan.cursors = std::move(facts_.cursors);
    return plan;
  }

  const old_corpus& old_;
  refresh_facts facts_;
  const corpus_rules& rules_;
  const wall_time now_;
  std::vector<slot> slots_;
  std::unordered_map<std::string, std::size_t> by_id_;
};

} // namespace

corpus_plan plan_refresh(const old_corpus& old, refresh_facts facts,
                         const corpus_rules& rules, wall_time now) {
  return planner{old, std::move(facts), rules, now}.make();
}

} // namespace habitd
