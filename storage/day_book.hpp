#pragma once

#include "storage/day_record.hpp"

#include <map>
#include <mutex>
#include <optional>

namespace habitd {

class day_changes;

/// The book of days: what the store knows of its days, and the one owner of that. Family
/// `days`, keys: day, and day and detector for its seal, so that a day is read in one go.
/// Everybody changes it by `change`, one after the other, so nothing is lost where several
/// actors change one day. Thread-safe; one object per store.
class day_book {
public:
  explicit day_book(database& db) : db_{db} {}

  /// Has changes made and writes them, with everything else that `make` adds to their batch:
  /// all or nothing. Nobody else changes the book meanwhile.
  error change(const std::function<error(day_changes&)>& make);

  /// @errors ec::not_found; ec::corrupt_data.
  expected<day_record> get(local_day day, const snapshot* at = nullptr) const;

  /// All days in `[from, to)`, ascending.
  expected<std::map<local_day, day_record>> range(local_day from, local_day to,
                                                  const snapshot* at = nullptr) const;
  expected<std::map<local_day, day_record>> all(const snapshot* at = nullptr) const;

  /// Days before this one were dropped: they take no rows any more. Nothing if none was.
  expected<std::optional<local_day>> forgotten_before() const;

private:
  database& db_;
  std::mutex changing_;
};

/// Changes of the book on their way into one batch. Each sees those before it.
class day_changes {
public:
  day_changes(const day_book& book, batch& with) : book_{book}, with_{with} {}

  /// What is written along with the changes.
  batch& with() { return with_; }

  /// As it will be; a day that isn't there yet is empty. @errors ec::corrupt_data.
  expected<day_record> get(local_day day);

  /// Whether rows of a day are of use: it was not forgotten, nor were its rows dropped.
  expected<bool> takes_rows(local_day day);

  /// Rows of the day have come: it is open for all detectors.
  error add_rows(local_day day);

  /// Notes what was seen of a day, and who has observed it.
  /// @param failed  were to observe it and could not: it is open for them, whatever they
  ///                have of it.
  error seal(const home_day& day, const std::vector<day_observer>& observed,
             const std::vector<detector_id>& failed);

  /// Opens a day for one detector.
  error unseal(local_day day, detector_id detector);

  /// A job ended without a word while it observed the day.
  error note_cut_off(local_day day);

  /// The day's raw events are dropped, by whoever asks.
  error note_rows_dropped(local_day day);

  /// Takes a day out, with all seals.
  void erase(local_day day);

  /// From now on no rows are taken of days before this one.
  error forget_before(local_day day);

private:
  void put(local_day day, const day_record& record);

  const day_book& book_;
  batch& with_;
  std::map<local_day, std::optional<day_record>> staged_; // nothing = erased
};

} // namespace habitd
