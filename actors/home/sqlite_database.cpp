#include "actors/home/sqlite_database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <array>
#include <fstream>

namespace habitd {

namespace {

/// As a file: URI, in which '?', '#' and '%' mean something else.
std::string uri_of(const std::filesystem::path& file, std::string_view options) {
  std::string uri = "file:";
  for (const char c : file.string())
    if (c == '?' || c == '#' || c == '%')
      uri += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    else
      uri += c;
  return uri.append("?").append(options);
}

database_files::one_file look_at(const std::filesystem::path& file, const char* ending) {
  auto name = file;
  struct stat found {};
  if (::stat((name += ending).c_str(), &found) != 0)
    return {}; // can't be seen = isn't there for us
  return {found.st_dev, found.st_ino, static_cast<std::uint64_t>(found.st_size),
          found.st_mtim.tv_sec * std::int64_t{1'000'000'000} + found.st_mtim.tv_nsec};
}

/// Whether the database's header says that it has a write-ahead log. Source: SQLite,
/// "Database File Format", 1.3: the file format versions at 18 and 19.
bool has_write_ahead_log(const std::filesystem::path& file) {
  std::array<char, 20> header{};
  std::ifstream{file, std::ios::binary}.read(header.data(), header.size());
  return header[18] == 2 && header[19] == 2;
}

} // namespace

database_files look_at_files(const std::filesystem::path& file) {
  return {look_at(file, ""), look_at(file, "-wal"), look_at(file, "-shm"),
          look_at(file, "-journal")};
}

void sqlite_query::closer::operator()(sqlite3_stmt* query) const {
  sqlite3_finalize(query);
}

void sqlite_query::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(query_.get(), parameter, value);
}

void sqlite_query::bind(int parameter, double value) {
  sqlite3_bind_double(query_.get(), parameter, value);
}

void sqlite_query::bind(int parameter, std::string_view value) {
  sqlite3_bind_text(query_.get(), parameter, value.data(), static_cast<int>(value.size()),
                    SQLITE_TRANSIENT);
}

bool sqlite_query::step() {
  status_ = sqlite3_step(query_.get());
  return status_ == SQLITE_ROW;
}

bool sqlite_query::failed() const {
  return status_ != SQLITE_ROW && status_ != SQLITE_DONE;
}

void sqlite_query::reset() {
  sqlite3_reset(query_.get());
}

bool sqlite_query::is_null(int column) const {
  const int type = sqlite3_column_type(query_.get(), column);
  return type == SQLITE_NULL || ((type == SQLITE_TEXT || type == SQLITE_BLOB) &&
                                 sqlite3_column_bytes(query_.get(), column) == 0);
}

bool sqlite_query::is_text(int column) const {
  return sqlite3_column_type(query_.get(), column) == SQLITE_TEXT;
}

std::int64_t sqlite_query::number(int column) const {
  return sqlite3_column_int64(query_.get(), column);
}

double sqlite_query::real(int column) const {
  return sqlite3_column_double(query_.get(), column);
}

std::string_view sqlite_query::text(int column) const {
  const auto* const bytes =
    static_cast<const char*>(sqlite3_column_blob(query_.get(), column));
  const auto size = sqlite3_column_bytes(query_.get(), column);
  return bytes ? std::string_view{bytes, static_cast<std::size_t>(size)}
               : std::string_view{};
}

void sqlite_database::closer::operator()(sqlite3* handle) const {
  sqlite3_close(handle);
}

expected<sqlite_database> sqlite_database::open_uri(const std::filesystem::path& file,
                                                    std::string_view options,
                                                    bool* locked) {
  sqlite_database result;
  result.file_ = file.string();
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
  const int status =
    sqlite3_open_v2(uri_of(file, options).c_str(), &handle, flags, nullptr);
  result.handle_.reset(handle);
  if (status != SQLITE_OK)
    return result.failure("open");
  sqlite3_busy_timeout(handle, 5000);
  // Emptying the log and removing it is its owner's business.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  if (options.find("vfs=unix-none") != std::string_view::npos)
    if (auto err =
          result.run("PRAGMA locking_mode=EXCLUSIVE")) // its index is then in memory
      return err;
  if (auto err = result.run("PRAGMA query_only=1"))
    return err;
  // Opening touches nothing; this does.
  auto err = result.run("SELECT count(*) FROM sqlite_master");
  if (locked)
    *locked = err && (sqlite3_errcode(handle) & 0xff) == SQLITE_BUSY;
  if (err)
    return err;
  return result;
}

expected<sqlite_database> sqlite_database::open(const std::filesystem::path& file) {
  constexpr database_files::one_file none;
  const auto files = look_at_files(file);
  if (!has_write_ahead_log(file)) {
    auto result = open_uri(file, "mode=ro");
    if (!result && files.journal.size > 0)
      return make_error(
        ec::unavailable,
        fmt::format("{0}: a transaction was cut off, and {0}-journal must "
                    "undo it: start Home Assistant once, or open the file "
                    "with `sqlite3` as its owner",
                    file.string()));
    return result;
  }
  if (files.log != none && files.index != none) {
    bool locked = false;
    auto result = open_uri(file, "mode=ro", &locked);
    // Its writer was killed, and to mend the index is not for us: we make our own.
    if (result || code_of(result.error()) != ec::unavailable || locked)
      return result;
  }
  auto result =
    open_uri(file, files.log == none ? "mode=ro&immutable=1" : "mode=ro&vfs=unix-none");
  if (result)
    result->files_ = files;
  return result;
}

expected<sqlite_database>
sqlite_database::open_private(const std::filesystem::path& file) {
  const bool has_log = look_at_files(file).log.size > 0;
  return open_uri(file, has_log ? "mode=ro&vfs=unix-none" : "mode=ro&immutable=1");
}

expected<sqlite_query> sqlite_database::prepare(std::string_view sql) {
  sqlite_query result;
  sqlite3_stmt* query = nullptr;
  const int status =
    sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                       SQLITE_PREPARE_PERSISTENT, &query, nullptr);
  result.query_.reset(query);
  if (status != SQLITE_OK)
    return failure("prepare");
  return result;
}

error sqlite_database::run(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return failure(sql);
  return {};
}

std::set<std::string> sqlite_database::tables() {
  std::set<std::string> result;
  if (auto query = prepare("SELECT name FROM sqlite_master WHERE type = 'table'"))
    while (query->step())
      result.emplace(query->text(0));
  return result;
}

std::set<std::string> sqlite_database::columns_of(std::string_view table) {
  std::set<std::string> result;
  if (auto query = prepare("SELECT name FROM pragma_table_info(?1)")) {
    query->bind(1, table);
    while (query->step())
      result.emplace(query->text(0));
  }
  return result;
}

bool sqlite_database::has_index(std::string_view table,
                                const std::vector<std::string>& columns) {
  auto key = prepare("SELECT name FROM pragma_table_info(?1) WHERE pk = 1 AND "
                     "upper(type) = 'INTEGER'"); // then it is the row's own number
  if (!key)
    return false;
  key->bind(1, table);
  if (key->step() && columns.size() == 1 && key->text(0) == columns.front())
    return true;
  auto query = prepare("SELECT group_concat(c.name) FROM pragma_index_list(?1) i, "
                       "pragma_index_info(i.name) c WHERE i.partial = 0 GROUP BY i.name");
  if (!query)
    return false;
  query->bind(1, table);
  std::string wanted;
  for (const auto& column : columns)
    wanted += column + ",";
  while (query->step())
    if ((std::string{query->text(0)} + ",").starts_with(wanted))
      return true;
  return false;
}

error sqlite_database::failure(std::string_view doing) const {
  const int status = handle_ ? sqlite3_errcode(handle_.get()) : SQLITE_NOMEM;
  const auto code = status == SQLITE_CORRUPT || status == SQLITE_NOTADB ? ec::corrupt_data
                                                                        : ec::unavailable;
  const char* const text = handle_ ? sqlite3_errmsg(handle_.get()) : "out of memory";
  return make_error(code, fmt::format("{}: {}: {}", file_, doing, text));
}

bool sqlite_database::in_transaction() const {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

} // namespace habitd
