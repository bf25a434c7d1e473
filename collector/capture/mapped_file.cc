// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace kansoku::collector {
namespace {

// Larger ones were measured to cost no less. A multiple of every page size.
constexpr size_t kChunkOctets = size_t{1} << 20;
// The next chunk is fetched so much before the last one ends, because a reader looks ahead.
constexpr size_t kLookAheadOctets = size_t{256} << 10;

// Fetches whole ranges at once, where the kernel can (Linux 5.14); else each page is fetched when it is read.
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif

absl::Status CannotMap(const std::string& path) {
  return absl::UnimplementedError(absl::StrCat(path, ": cannot be mapped into memory"));
}

}  // namespace

absl::StatusOr<MappedFile> MappedFile::Open(const std::string& path) {
  struct stat status = {};
  // A pipe must not even be opened: whoever writes to it would take us for its reader.
  if (stat(path.c_str(), &status) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat(path, ": cannot open the capture file"));
  }
  if (!S_ISREG(status.st_mode)) return CannotMap(path);
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, absl::StrCat(path, ": cannot open the capture file"));
  void* data = MAP_FAILED;
  if (fstat(descriptor, &status) == 0 && status.st_size > 0) {
    data = mmap(nullptr, static_cast<size_t>(status.st_size), PROT_READ, MAP_SHARED, descriptor, 0);
  }
  if (data == MAP_FAILED) {
    close(descriptor);
    return CannotMap(path);
  }
  const auto size = static_cast<size_t>(status.st_size);
  madvise(data, size, MADV_SEQUENTIAL);  // advice: nothing depends on its success
  return MappedFile(path, descriptor, static_cast<const uint8_t*>(data), size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      dropped_(other.dropped_),
      fetched_(other.fetched_),
      next_advance_(other.next_advance_) {}

MappedFile::~MappedFile() {
  if (data_ == nullptr) return;
  munmap(const_cast<uint8_t*>(data_), size_);
  close(descriptor_);
}

absl::Status MappedFile::AdvanceChunk(size_t position) {
  struct stat status = {};
  if (fstat(descriptor_, &status) != 0 || static_cast<size_t>(status.st_size) < size_) {
    return absl::DataLossError(
        absl::StrCat(path_, ": has become shorter than the ", size_,
                     " octets it had when it was opened; the packets before were read"));
  }
  auto* const data = const_cast<uint8_t*>(data_);
  const size_t done = std::min(position, size_) / kChunkOctets * kChunkOctets;
  if (done > dropped_) madvise(data + dropped_, done - dropped_, MADV_DONTNEED);
  dropped_ = done;
  const size_t begin = std::max(done, fetched_);
  fetched_ = std::min(begin + kChunkOctets, size_);
  if (fetched_ > begin) madvise(data + begin, fetched_ - begin, MADV_POPULATE_READ);
  next_advance_ = fetched_ == size_ ? std::numeric_limits<size_t>::max() : fetched_ - kLookAheadOctets;
  return absl::OkStatus();
}

}  // namespace kansoku::collector
