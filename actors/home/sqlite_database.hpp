#pragma once

#include "messages/error.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace habitd {

/// A prepared query. Values of the current row live until the next step or reset.
class sqlite_query {
public:
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, std::string_view value);

  /// Goes to the next row; false after the last one, or at a failure, which `failed` tells.
  bool step();
  bool failed() const;

  /// Ends the query's read; it can be bound and stepped again.
  void reset();

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

/// A read-only SQLite database that somebody else may be writing.
class sqlite_database {
public:
  /// Opens the file with `mode=ro`. Where that fails because the folder can't be written
  /// and no writer has left its log (-wal, -shm), the file can't change under us and is
  /// opened as immutable; never otherwise, for that would miss what is in the log.
  /// @errors ec::corrupt_data, ec::unavailable, each with the file.
  static expected<sqlite_database> open(const std::filesystem::path& file);

  /// Opens a file that nobody else knows.
  static expected<sqlite_database> open_private(const std::filesystem::path& file);

  expected<sqlite_query> prepare(std::string_view sql);

  /// Runs a statement without results, like BEGIN.
  error run(const char* sql);

  std::set<std::string> tables();
  std::set<std::string> columns_of(std::string_view table);

  /// What the last call failed with: damaged, locked, or something else.
  error failure(std::string_view doing) const;

  /// True while a read transaction is open, which keeps the writer from emptying its log.
  bool in_transaction() const;

private:
  struct closer {
    void operator()(sqlite3* handle) const;
  };
  static expected<sqlite_database> open_uri(const std::filesystem::path& file,
                                            std::string_view options);
  std::unique_ptr<sqlite3, closer> handle_;
  std::string file_;
};

} // namespace habitd
