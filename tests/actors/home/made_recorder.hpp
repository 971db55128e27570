#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace habitd {

/// A row of the table `states` as Home Assistant writes it today.
struct recorded_state {
  std::string entity;
  std::string state;
  double at = 0; // Unix seconds
  std::optional<double> changed = {};
  std::optional<std::int64_t> old_id = {};
  std::string context = {}; // 16 bytes; empty = null
  std::string user = {};
  std::string parent = {};
};

/// A recorder database with today's tables, written the way Home Assistant does.
class made_recorder {
public:
  explicit made_recorder(const std::filesystem::path& file);

  void run(const std::string& sql);
  std::int64_t add(const recorded_state& row);
  void add_event(const std::string& type, double at, const std::string& context);
  void add_run(const std::string& start);

  /// Empties the write-ahead log into the database.
  /// @returns false, at once, if a reader holds it up.
  bool checkpoint();

private:
  struct closer {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
    void operator()(sqlite3_stmt* query) const { sqlite3_finalize(query); }
  };
  std::unique_ptr<sqlite3, closer> handle_;
  std::unique_ptr<sqlite3_stmt, closer> add_entity_, add_state_;
};

} // namespace habitd
