#pragma once

#include "storage/aggregate_store.hpp"
#include "storage/alert_store.hpp"
#include "storage/corpus_staging.hpp"
#include "storage/day_store.hpp"
#include "storage/entity_store.hpp"
#include "storage/event_store.hpp"
#include "storage/lifecycle_store.hpp"
#include "storage/outbox_store.hpp"
#include "storage/record_store.hpp"
#include "storage/refresh_queue_store.hpp"
#include "storage/standard_store.hpp"
#include "storage/standard_version_store.hpp"

#include <memory>

namespace habitd {

/// The stores of one home over its one database. Thread-safe; workers share it.
class home_store {
public:
  static expected<std::shared_ptr<home_store>> open(const storage_options& options);

  /// As `database::open_to_read`.
  static expected<std::shared_ptr<home_store>>
  open_to_read(const storage_options& options);

  const std::unique_ptr<database> db;
  const std::unique_ptr<entity_store> entities;
  event_store events{*db};
  day_store days{*db};
  aggregate_store aggregates{*db};
  lifecycle_store lifecycle{*db};
  record_store patterns{*db, family::patterns};
  record_store suggestions{*db, family::suggestions};
  record_store jobs{*db, family::jobs};
  outbox_store outbox{*db};
  alert_store alerts{*db};
  corpus_staging staging{*db};
  standard_store standards{*db};
  standard_version_store standard_versions{*db};
  refresh_queue_store refresh_queue{*db};

  /// The day that weekly checks are counted from: the first one that was ever sealed.
  expected<std::optional<local_day>> anchor() const;
  void set_anchor(batch& changes, local_day day);

  /// Where reading `source` goes on; empty = from the start.
  expected<std::string> cursor(const std::string& source) const;
  void set_cursor(batch& changes, const std::string& source, const std::string& cursor);

private:
  static expected<std::shared_ptr<home_store>>
  over(expected<std::unique_ptr<database>> db);
  home_store(std::unique_ptr<database> db, std::unique_ptr<entity_store> entities)
      : db{std::move(db)}, entities{std::move(entities)} {}
};

} // namespace habitd
