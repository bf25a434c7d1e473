// SPDX-License-Identifier: Apache-2.0
#include "collector/export/sqlite_session.h"

#include <sqlite3.h>

#include <filesystem>

#include "absl/strings/str_cat.h"

namespace kansoku::collector {

absl::StatusOr<SqliteSession> SqliteSession::Open(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::path folder = std::filesystem::absolute(path, ignored).parent_path();
  if (!std::filesystem::is_directory(folder, ignored)) {
    return absl::NotFoundError(absl::StrCat("spool ", path, ": there is no folder ", folder.string(),
                                            "; create it, writable by the collector, or change spool.path"));
  }
  SqliteSession session;
  session.path_ = path;
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &database,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  session.database_.reset(database);
  if (code != SQLITE_OK) return session.Error(code);
  // SQLite falls back to reading where it may not write.
  if (sqlite3_db_readonly(database, "main") == 1) return session.Error(SQLITE_READONLY);
  return session;
}

void SqliteSession::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

void SqliteSession::CloseAsItIs() {
  if (database_ == nullptr) return;
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  database_.reset();
}

absl::Status SqliteSession::Execute(const char* sql) {
  const int code = sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : Error(code);
}

absl::StatusOr<int64_t> SqliteSession::QueryInteger(const char* sql) {
  SqliteStatement statement(*this, sql);
  if (statement.Next()) return statement.Integer(0);
  if (!statement.status().ok()) return statement.status();
  return Error(SQLITE_CORRUPT);
}

absl::Status SqliteSession::Error(int sqlite_code) const {
  const std::string what = absl::StrCat("spool ", path_, ": ");
  const std::string detail = absl::StrCat(sqlite3_errstr(sqlite_code), " (", sqlite3_errmsg(handle()), ")");
  switch (sqlite_code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return absl::UnavailableError(absl::StrCat(
          what, "in use by another process; stop it, or give each collector its own spool.path"));
    case SQLITE_FULL:
      return absl::ResourceExhaustedError(absl::StrCat(what, "the disk is full; make room"));
    case SQLITE_NOTADB:
      return absl::FailedPreconditionError(
          absl::StrCat(what, "this file is not a spool; change spool.path or move the file away"));
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return absl::PermissionDeniedError(
          absl::StrCat(what, "cannot be opened for writing; check the owner and mode of file and folder"));
    case SQLITE_ERROR:  // the statements are fixed: it is the schema that is not what they expect
    case SQLITE_CORRUPT:
      return absl::DataLossError(absl::StrCat(what, "damaged: ", detail));
    case SQLITE_IOERR:
      if (sqlite3_extended_errcode(handle()) == SQLITE_IOERR_SHORT_READ) {
        return absl::DataLossError(absl::StrCat(what, "damaged: the file is too short"));
      }
      return absl::UnavailableError(absl::StrCat(what, detail, "; check the disk"));
    default:
      return absl::UnavailableError(absl::StrCat(what, detail, "; check the disk"));
  }
}

SqliteStatement::SqliteStatement(const SqliteSession& session, const char* sql) : session_(session) {
  sqlite3_stmt* statement = nullptr;
  Keep(sqlite3_prepare_v2(session.handle(), sql, -1, &statement, nullptr));
  statement_.reset(statement);
}

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void SqliteStatement::Keep(int sqlite_code) {
  if (sqlite_code != SQLITE_OK && status_.ok()) status_ = session_.Error(sqlite_code);
}

SqliteStatement& SqliteStatement::Bind(int parameter, int64_t value) {
  if (status_.ok()) Keep(sqlite3_bind_int64(statement_.get(), parameter, value));
  return *this;
}

SqliteStatement& SqliteStatement::BindText(int parameter, std::string_view value) {
  if (status_.ok()) {
    Keep(sqlite3_bind_text64(statement_.get(), parameter, value.data(), value.size(), SQLITE_TRANSIENT,
                             SQLITE_UTF8));
  }
  return *this;
}

SqliteStatement& SqliteStatement::BindBlob(int parameter, std::string_view value) {
  // A null pointer would bind NULL, which means something else.
  const char* bytes = value.empty() ? "" : value.data();
  if (status_.ok()) {
    Keep(sqlite3_bind_blob64(statement_.get(), parameter, bytes, value.size(), SQLITE_TRANSIENT));
  }
  return *this;
}

SqliteStatement& SqliteStatement::BindNull(int parameter) {
  if (status_.ok()) Keep(sqlite3_bind_null(statement_.get(), parameter));
  return *this;
}

bool SqliteStatement::Next() {
  if (!status_.ok()) return false;
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) Keep(code);
  return false;
}

absl::Status SqliteStatement::Run() {
  Next();
  // The reset repeats the error of the step, which is kept already.
  if (statement_ != nullptr) sqlite3_reset(statement_.get());
  return status_;
}

int64_t SqliteStatement::Integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

bool SqliteStatement::IsNull(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::string_view SqliteStatement::Bytes(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes),
          static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

SqliteTransaction::~SqliteTransaction() {
  // Some errors roll back by themselves; then this one fails and means nothing.
  if (status_.ok() && !committed_) session_.Execute("ROLLBACK").IgnoreError();
}

absl::Status SqliteTransaction::Commit() {
  const absl::Status status = session_.Execute("COMMIT");
  committed_ = status.ok();
  return status;
}

}  // namespace kansoku::collector
