// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/capture_writer.h"

#include <algorithm>
#include <cstring>

namespace kansoku::generator {
namespace {

// draft-ietf-opsawg-pcap 4.
constexpr uint32_t kNanosecondMagic = 0xa1b23c4d, kVersion = 4u << 16 | 2u, kEthernet = 1;
constexpr size_t kRecordHeaderOctets = 16, kLargestFrameOctets = 65535 + 256, kBufferOctets = 1 << 20;
constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;

}  // namespace

CaptureWriter::CaptureWriter(const std::string& path, uint32_t snap_octets)
    : file_(std::fopen(path.c_str(), "wb")), buffer_(kBufferOctets) {
  if (file_ == nullptr) return;
  std::setvbuf(file_.get(), nullptr, _IONBF, 0);
  Put32(kNanosecondMagic);
  Put32(kVersion);
  Put32(0);
  Put32(0);
  Put32(snap_octets);
  Put32(kEthernet);
}

void CaptureWriter::Put32(uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) buffer_[used_++] = static_cast<uint8_t>(value >> shift);
}

void CaptureWriter::Write(int64_t unix_ns, const Frame& frame, uint32_t captured_octets) {
  if (buffer_.size() - used_ < kRecordHeaderOctets + kLargestFrameOctets) Flush();
  Put32(static_cast<uint32_t>(unix_ns / kNanosecondsPerSecond));
  Put32(static_cast<uint32_t>(unix_ns % kNanosecondsPerSecond));
  Put32(captured_octets);
  Put32(frame.wire_octets());
  const size_t headers = std::min(frame.size(), captured_octets);
  std::memcpy(buffer_.data() + used_, frame.bytes().data(), headers);
  std::memset(buffer_.data() + used_ + headers, 0, captured_octets - headers);
  used_ += captured_octets;
}

void CaptureWriter::Flush() {
  failed_ = failed_ || std::fwrite(buffer_.data(), 1, used_, file_.get()) != used_;
  used_ = 0;
}

bool CaptureWriter::Close() {
  if (file_ == nullptr) return false;
  Flush();
  failed_ = std::fclose(file_.release()) != 0 || failed_;
  return !failed_;
}

}  // namespace kansoku::generator
