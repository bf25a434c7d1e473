// SPDX-License-Identifier: Apache-2.0
//
// SQLite with statuses instead of return codes. One thread at a time may use a connection and its statements.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace kansoku::aggregator {

// Bytes to bind as a blob, and a borrowed view: it must live until the statement has run.
struct Blob {
  std::string_view bytes;
};

// One prepared statement. If preparing failed, every Step says why, so that only running needs a check.
// Unsigned 64-bit values are stored as the signed integer of the same bits.
class Statement {
 public:
  // Forgets the last run and binds all parameters, in order.
  template <typename... Values>
  Statement& Bind(const Values&... values) {
    sqlite3_reset(statement_.get());
    int at = 0;
    (BindAt(++at, values), ...);
    return *this;
  }

  // True: there is a row to read. False: done.
  absl::StatusOr<bool> Step();
  // Runs a statement that has no rows to read.
  absl::Status Run();

  int64_t Int(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  uint64_t Unsigned(int column) const { return static_cast<uint64_t>(Int(column)); }
  // Text or blob; valid until the next Step, Run or Bind.
  std::string_view Bytes(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  Statement(sqlite3_stmt* statement, absl::Status error) : statement_(statement), error_(std::move(error)) {}

  void BindAt(int at, int64_t value) { sqlite3_bind_int64(statement_.get(), at, value); }
  void BindAt(int at, uint64_t value) { BindAt(at, static_cast<int64_t>(value)); }
  void BindAt(int at, uint32_t value) { BindAt(at, int64_t{value}); }
  void BindAt(int at, int value) { BindAt(at, int64_t{value}); }
  void BindAt(int at, std::string_view text);
  void BindAt(int at, const std::string& text) { BindAt(at, std::string_view(text)); }
  void BindAt(int at, Blob blob);

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  absl::Status error_;
};

// One connection.
class Database {
 public:
  // `flags` as for sqlite3_open_v2. A locked file is waited for, one second at most.
  static absl::StatusOr<Database> Open(const std::string& path, int flags);

  // One or more statements without rows.
  absl::Status Execute(const char* sql);
  Statement Prepare(std::string_view sql);
  // The first column of the first row.
  absl::StatusOr<int64_t> ReadInt(std::string_view sql);

  sqlite3* handle() const { return database_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
  };
  explicit Database(sqlite3* database) : database_(database) {}

  std::unique_ptr<sqlite3, Close> database_;
};

// A transaction that is rolled back unless it was committed.
class Transaction {
 public:
  // BEGIN IMMEDIATE for a writer, so that the lock is taken, or refused, here.
  static absl::StatusOr<Transaction> BeginWrite(Database& database);
  // One unchanging view of what is committed.
  static absl::StatusOr<Transaction> BeginRead(Database& database);

  Transaction(Transaction&& other) noexcept : database_(other.database_) { other.database_ = nullptr; }
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // Ends every statement of the connection: none can be read any more.
  absl::Status Commit();

 private:
  explicit Transaction(Database* database) : database_(database) {}
  Database* database_;
};

}  // namespace kansoku::aggregator
