// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace kansoku {

struct DiskUse {
  uint64_t bytes = 0;                  // of the file, and of the log that SQLite keeps beside it
  std::optional<uint64_t> free_bytes;  // that this user may still fill; absent where there is no such folder
};

// Of an SQLite file, which need not be there yet, and of the file system that it lies on. A few system calls;
// any thread.
DiskUse ReadDiskUse(const std::string& path);

}  // namespace kansoku
