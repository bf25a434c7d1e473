// SPDX-License-Identifier: Apache-2.0
//
// SQLite without its ceremony: a connection, statements and transactions that clean up after themselves and
// speak absl::Status. A connection and what was made from it belong to one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

struct sqlite3;
struct sqlite3_stmt;

namespace kansoku::collector {

// One open database file. Messages of errors begin with "spool <path>: ".
class SqliteSession {
 public:
  // Opens for reading and writing, creating the file if it is absent. NOT_FOUND: the folder is missing.
  // PERMISSION_DENIED: it cannot be written.
  static absl::StatusOr<SqliteSession> Open(const std::string& path);

  absl::Status Execute(const char* sql);

  // The only column of the only row of a query that gives an integer.
  absl::StatusOr<int64_t> QueryInteger(const char* sql);

  // Closes the file without tidying up its log, so that a damaged one stays as it was found.
  void CloseAsItIs();

  // What went wrong last, in the code that fits: UNAVAILABLE for a lock held elsewhere, RESOURCE_EXHAUSTED
  // for a full disk, FAILED_PRECONDITION for a file that is no database, DATA_LOSS for a damaged one.
  absl::Status Error(int sqlite_code) const;

  sqlite3* handle() const { return database_.get(); }
  const std::string& path() const { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };

  std::string path_;
  std::unique_ptr<sqlite3, Close> database_;
};

// A prepared statement. The first error sticks: later calls do nothing, and status() tells it at the end.
// The session must outlive it.
class SqliteStatement {
 public:
  SqliteStatement(const SqliteSession& session, const char* sql);

  SqliteStatement& Bind(int parameter, int64_t value);
  SqliteStatement& BindText(int parameter, std::string_view value);  // copied
  SqliteStatement& BindBlob(int parameter, std::string_view value);  // copied
  SqliteStatement& BindNull(int parameter);

  // Moves to the next row. False at the end and on an error.
  bool Next();

  // Runs a statement that gives no rows and readies it for the next binding.
  absl::Status Run();

  int64_t Integer(int column) const;
  bool IsNull(int column) const;
  std::string_view Bytes(int column) const;  // of text or blob; valid until Next()

  const absl::Status& status() const { return status_; }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  void Keep(int sqlite_code);

  const SqliteSession& session_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  absl::Status status_;
};

// BEGIN IMMEDIATE now; ROLLBACK at the end of the scope unless Commit() succeeded.
class SqliteTransaction {
 public:
  explicit SqliteTransaction(SqliteSession& session)
      : session_(session), status_(session.Execute("BEGIN IMMEDIATE")) {}
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;
  ~SqliteTransaction();

  const absl::Status& status() const { return status_; }
  absl::Status Commit();

 private:
  SqliteSession& session_;
  absl::Status status_;
  bool committed_ = false;
};

}  // namespace kansoku::collector
