#pragma once

#include "messages/error.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace habitd {

/// A prepared query. Values of the current row live until the next step or reset.
class sqlite_query {
public:
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, double value);
  void bind(int parameter, std::string_view value);

  /// Goes to the next row; false after the last one, or at a failure, which `failed` tells.
  bool step();
  bool failed() const;

  /// Ends the query's read; it can be bound and stepped again.
  void reset();

  /// Null, or the empty text that some exports write for it.
  bool is_null(int column) const;
  bool is_text(int column) const;
  std::int64_t number(int column) const;
  double real(int column) const;
  std::string_view text(int column) const; // also blobs; empty for null

private:
  friend class sqlite_database;
  struct closer {
    void operator()(sqlite3_stmt* query) const;
  };
  std::unique_ptr<sqlite3_stmt, closer> query_;
  int status_ = 0;
};

/// A database's files at one moment: equal as long as nobody writes.
struct database_files {
  struct one_file {
    std::uint64_t device = 0, number = 0, size = 0; // all 0: there is none
    std::int64_t changed = 0;                       // ns since 1970
    bool operator==(const one_file&) const = default;
  };
  one_file main, log, index, journal; // the last three: -wal, -shm, -journal
  bool operator==(const database_files&) const = default;
};

database_files look_at_files(const std::filesystem::path& file);

/// A read-only SQLite database that somebody else may be writing.
class sqlite_database {
public:
  /// Opens the file so that no file is made beside it: a -wal or -shm of ours would keep its
  /// owner from writing. While a writer is there, its locks are heeded. Where it has gone
  /// (a database with a write-ahead log, without -shm), nothing is locked, and whoever reads
  /// must look whether the `files` changed meanwhile.
  /// @errors ec::corrupt_data; ec::unavailable: locked, not allowed, or a transaction was cut
  ///         off and must be undone by its owner; each with the file and what to do.
  static expected<sqlite_database> open(const std::filesystem::path& file);

  /// As they were when the database was opened without locks; nothing if it holds locks.
  const std::optional<database_files>& files() const { return files_; }

  /// Opens a file that nobody else knows, with its log if there is one.
  static expected<sqlite_database> open_private(const std::filesystem::path& file);

  expected<sqlite_query> prepare(std::string_view sql);

  /// Runs a statement without results, like BEGIN.
  error run(const char* sql);

  std::set<std::string> tables();
  std::set<std::string> columns_of(std::string_view table);

  /// True if rows of `table` are found by these columns without looking at all of them.
  bool has_index(std::string_view table, const std::vector<std::string>& columns);

  /// What the last call failed with: damaged, locked, or something else.
  error failure(std::string_view doing) const;

  /// True while a read transaction is open, which keeps the writer from emptying its log.
  bool in_transaction() const;

private:
  struct closer {
    void operator()(sqlite3* handle) const;
  };
  static expected<sqlite_database> open_uri(const std::filesystem::path& file,
                                            std::string_view options,
                                            bool* locked = nullptr);
  std::unique_ptr<sqlite3, closer> handle_;
  std::string file_;
  std::optional<database_files> files_;
};

} // namespace habitd
