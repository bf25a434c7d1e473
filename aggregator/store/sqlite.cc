// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/sqlite.h"

#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

constexpr int kBusyTimeoutMilliseconds = 1000;

absl::StatusCode CodeOf(int error) {
  switch (error & 0xff) {
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
      return absl::StatusCode::kResourceExhausted;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      return absl::StatusCode::kUnavailable;
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return absl::StatusCode::kPermissionDenied;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::StatusCode::kDataLoss;
    default:
      return absl::StatusCode::kInternal;
  }
}

absl::Status ErrorOf(sqlite3* database, int error, std::string_view doing) {
  const char* file = database == nullptr ? nullptr : sqlite3_db_filename(database, "main");
  return absl::Status(
      CodeOf(error),
      absl::StrCat(file == nullptr || *file == '\0' ? "SQLite" : file, ": ", std::string(doing), ": ",
                   database == nullptr ? sqlite3_errstr(error) : sqlite3_errmsg(database)));
}

}  // namespace

absl::StatusOr<bool> Statement::Step() {
  if (!error_.ok()) return error_;
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) {
    // Let go of the read lock at once; column values are not read after the last row.
    sqlite3_reset(statement_.get());
    return false;
  }
  absl::Status status = ErrorOf(sqlite3_db_handle(statement_.get()), result, sqlite3_sql(statement_.get()));
  sqlite3_reset(statement_.get());
  return status;
}

absl::Status Statement::Run() {
  while (true) {
    absl::StatusOr<bool> row = Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
  }
}

std::string_view Statement::Bytes(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(bytes), size);
}

void Statement::BindAt(int at, std::string_view text) {
  sqlite3_bind_text64(statement_.get(), at, text.data() == nullptr ? "" : text.data(), text.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
}

void Statement::BindAt(int at, Blob blob) {
  sqlite3_bind_blob64(statement_.get(), at, blob.bytes.data() == nullptr ? "" : blob.bytes.data(),
                      blob.bytes.size(), SQLITE_STATIC);
}

absl::StatusOr<Database> Database::Open(const std::string& path, int flags) {
  sqlite3* handle = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(handle);
  if (result != SQLITE_OK) {
    return absl::Status(
        CodeOf(result),
        absl::StrCat(path, ": ", handle == nullptr ? sqlite3_errstr(result) : sqlite3_errmsg(handle)));
  }
  sqlite3_busy_timeout(handle, kBusyTimeoutMilliseconds);
  return database;
}

absl::Status Database::Execute(const char* sql) {
  const int result = sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr);
  return result == SQLITE_OK ? absl::OkStatus() : ErrorOf(handle(), result, sql);
}

Statement Database::Prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  return Statement(statement, result == SQLITE_OK ? absl::OkStatus() : ErrorOf(handle(), result, sql));
}

absl::StatusOr<int64_t> Database::ReadInt(std::string_view sql) {
  Statement statement = Prepare(sql);
  absl::StatusOr<bool> row = statement.Step();
  if (!row.ok()) return row.status();
  return *row ? statement.Int(0) : 0;
}

absl::StatusOr<Transaction> Transaction::BeginWrite(Database& database) {
  absl::Status begun = database.Execute("BEGIN IMMEDIATE");
  if (!begun.ok()) return begun;
  return Transaction(&database);
}

absl::StatusOr<Transaction> Transaction::BeginRead(Database& database) {
  absl::Status begun = database.Execute("BEGIN");
  if (!begun.ok()) return begun;
  return Transaction(&database);
}

Transaction::~Transaction() {
  // SQLite itself has rolled back already after a full disk; a second ROLLBACK then says so and changes
  // nothing.
  if (database_ != nullptr && sqlite3_get_autocommit(database_->handle()) == 0) {
    sqlite3_exec(database_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

absl::Status Transaction::Commit() {
  // Of a statement that stands at a row the connection keeps a read lock, with which SQLite moves nothing of
  // the write-ahead log into the file.
  for (sqlite3_stmt* statement = nullptr;
       (statement = sqlite3_next_stmt(database_->handle(), statement)) != nullptr;) {
    sqlite3_reset(statement);
  }
  absl::Status committed = database_->Execute("COMMIT");
  if (committed.ok()) database_ = nullptr;
  return committed;
}

}  // namespace kansoku::aggregator
