#pragma once

#include "messages/community.hpp"
#include "storage/database.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace habitd {

/// Which part of the audit log is asked for.
struct audit_query {
  wall_time since{};
  std::optional<corpus_operation> operation{};
  std::size_t limit = 100;
};

/// The community corpus: entries (family `corpus`, key: id), their YAML and shingles
/// (`corpus_text`, id), topics that were read (`corpus_source`, source, 0, source id), votes
/// (`corpus_votes`, id, day), what was deleted (`corpus_deleted`, id), the audit log (`audit`,
/// time, number) and what refreshes did (`refreshes`, time). Thread-safe; writers are one at
/// a time, since the audit log counts on from its last row.
class corpus_store {
public:
  explicit corpus_store(const database& db) : db_{db} {}

  void put(batch& changes, const corpus_entry& entry) const;
  void put_text(batch& changes, const parsed_entry& entry) const;
  /// Its text too, unless it may be restored.
  void erase(batch& changes, std::string_view id) const;
  void erase_text(batch& changes, std::string_view id) const;

  /// @errors ec::not_found; ec::corrupt_data, naming the entry.
  expected<corpus_entry> get(std::string_view id, const snapshot* at = nullptr) const;
  expected<std::vector<corpus_entry>> all(const snapshot* at = nullptr) const;
  expected<std::string> yaml(std::string_view id) const;
  expected<std::vector<std::uint32_t>> shingles(std::string_view id) const;

  void put_deleted(batch& changes, const deleted_entry& entry) const;
  void erase_deleted(batch& changes, std::string_view id) const;
  expected<deleted_entry> get_deleted(std::string_view id) const;
  expected<std::vector<deleted_entry>> all_deleted() const;

  void put_votes(batch& changes, std::string_view id, vote_count votes) const;
  /// By entry, ascending by day. @param since  days since 1970.
  expected<std::map<std::string, std::vector<vote_count>>>
  votes_since(std::int32_t since) const;
  expected<std::vector<vote_count>> votes_of(std::string_view id) const;
  void erase_votes(batch& changes, std::string_view id) const;
  /// Of all entries. @param day  since 1970. @returns  how many.
  std::size_t drop_votes_before(batch& changes, std::int32_t day) const;

  void put_topic(batch& changes, const corpus_topic& topic) const;
  void erase_topic(batch& changes, std::string_view source, std::string_view id) const;
  expected<std::vector<corpus_topic>> topics(std::string_view source) const;

  /// Stages rows behind all that are there, in this order.
  error append_audit(batch& changes, const std::vector<audit_row>& rows) const;
  /// Newest first.
  expected<std::vector<audit_row>> audit(const audit_query& query) const;
  void drop_audit_before(batch& changes, wall_time before) const;

  void put_refresh(batch& changes, const refresh_summary& summary) const;
  /// Newest first.
  expected<std::vector<refresh_summary>> refreshes(std::size_t limit = SIZE_MAX) const;

private:
  const database& db_;
};

} // namespace habitd
