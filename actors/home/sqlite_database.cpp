#include "actors/home/sqlite_database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

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

bool exists_beside(const std::filesystem::path& file, const char* ending) {
  std::error_code ignored; // can't be seen = isn't there for us
  auto name = file;
  return std::filesystem::exists(name += ending, ignored);
}

} // namespace

void sqlite_query::closer::operator()(sqlite3_stmt* query) const {
  sqlite3_finalize(query);
}

void sqlite_query::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(query_.get(), parameter, value);
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
  return sqlite3_column_type(query_.get(), column) == SQLITE_NULL;
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
                                                    std::string_view options) {
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
  if (auto err = result.run("PRAGMA query_only=1"))
    return err;
  // Opening touches nothing; this does.
  if (auto err = result.run("SELECT count(*) FROM sqlite_master"))
    return err;
  return result;
}

expected<sqlite_database> sqlite_database::open(const std::filesystem::path& file) {
  auto result = open_uri(file, "mode=ro");
  if (!result && code_of(result.error()) == ec::unavailable &&
      !exists_beside(file, "-wal") && !exists_beside(file, "-shm"))
    return open_uri(file, "mode=ro&immutable=1");
  return result;
}

expected<sqlite_database>
sqlite_database::open_private(const std::filesystem::path& file) {
  return open_uri(file, "mode=ro&immutable=1");
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
