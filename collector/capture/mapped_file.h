// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace kansoku::collector {

// A file as memory, to be read from front to back: a bounded part of it is resident, whatever its size. As
// long as it was when it was opened; what is appended later is not seen.
//
// Memory of a file that becomes shorter cannot be read: the kernel answers with SIGBUS. Advance() notices
// that before each chunk; only a file that shrinks while one chunk is being read can end the process.
// Captures are appended to or replaced (which keeps the old file alive), never shortened, by what writes
// them.
//
// Owns the mapping. One thread.
class MappedFile {
 public:
  // What errno says of the file; UNIMPLEMENTED: it cannot be mapped (a pipe, a folder, an empty file, some
  // file systems).
  static absl::StatusOr<MappedFile> Open(const std::string& path);

  MappedFile(MappedFile&& other) noexcept;
  ~MappedFile();

  std::span<const uint8_t> bytes() const { return {data_, size_}; }

  // Reading goes on from this octet: fetches what comes next, and drops what lies before, which can still be
  // read but costs a page fault. DATA_LOSS: the file has become shorter.
  absl::Status Advance(size_t position) {
    return position < next_advance_ ? absl::OkStatus() : AdvanceChunk(position);
  }

 private:
  MappedFile(std::string path, int descriptor, const uint8_t* data, size_t size)
      : path_(std::move(path)), descriptor_(descriptor), data_(data), size_(size) {}

  absl::Status AdvanceChunk(size_t position);

  std::string path_;
  int descriptor_;
  const uint8_t* data_;
  size_t size_;
  size_t dropped_ = 0;       // a whole number of chunks at the front
  size_t fetched_ = 0;       // behind them: up to here
  size_t next_advance_ = 0;  // the position at which the next chunk is fetched
};

}  // namespace kansoku::collector
