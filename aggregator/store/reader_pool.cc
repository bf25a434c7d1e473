// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/reader_pool.h"

#include <utility>

namespace kansoku::aggregator {

// Enough for the exporter and a few queries; a burst beyond it opens connections and closes them again.
constexpr size_t kMaxIdleReaders = 4;

absl::StatusOr<ReaderPool::Reader> ReaderPool::Borrow() {
  {
    std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      Reader reader(this, std::move(idle_.back()));
      idle_.pop_back();
      return reader;
    }
  }
  absl::StatusOr<Database> database = Database::Open(path_, SQLITE_OPEN_READONLY);
  if (!database.ok()) return database.status();
  return Reader(this, std::make_unique<Database>(*std::move(database)));
}

void ReaderPool::Return(std::unique_ptr<Database> database) {
  std::lock_guard lock(mutex_);
  if (idle_.size() < kMaxIdleReaders) idle_.push_back(std::move(database));
}

}  // namespace kansoku::aggregator
