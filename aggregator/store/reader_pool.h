// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "aggregator/store/sqlite.h"

namespace kansoku::aggregator {

// Read-only connections to one file, each lent to one thread at a time. Any thread.
class ReaderPool {
 public:
  // A borrowed connection, which goes back to the pool on destruction. The pool must outlive it.
  class Reader {
   public:
    Reader(ReaderPool* pool, std::unique_ptr<Database> database)
        : pool_(pool), database_(std::move(database)) {}
    Reader(Reader&&) = default;
    Reader& operator=(Reader&&) = delete;
    ~Reader() {
      if (database_ != nullptr) pool_->Return(std::move(database_));
    }
    Database& operator*() const { return *database_; }
    Database* operator->() const { return database_.get(); }

   private:
    ReaderPool* pool_;
    std::unique_ptr<Database> database_;
  };

  explicit ReaderPool(std::string path) : path_(std::move(path)) {}

  // An idle connection, or a new one.
  absl::StatusOr<Reader> Borrow();

 private:
  void Return(std::unique_ptr<Database> database);

  const std::string path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Database>> idle_;
};

}  // namespace kansoku::aggregator
