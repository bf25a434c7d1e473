// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/capture_writer.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace kansoku::testing {
namespace {

constexpr uint32_t kMicrosecondMagic = 0xa1b2c3d4, kNanosecondMagic = 0xa1b23c4d, kPatchedMagic = 0xa1b2cd34;
constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;

}  // namespace

CaptureWriter::CaptureWriter(const CaptureFormat& format) : format_(format) {
  if (format.patched) format_.resolution = CaptureFormat::Resolution::kMicroseconds;
  const bool nanoseconds = format_.resolution == CaptureFormat::Resolution::kNanoseconds;
  Put32(format.patched ? kPatchedMagic : nanoseconds ? kNanosecondMagic : kMicrosecondMagic);
  Put16(2);
  Put16(format.version_minor);
  Put32(0);
  Put32(0);
  Put32(format.snap_length);
  Put32(format.link_type);
}

CaptureWriter& CaptureWriter::Add(int64_t unix_ns, std::span<const uint8_t> packet, uint32_t wire_octets) {
  const int64_t fraction = unix_ns % kNanosecondsPerSecond;
  const auto captured = static_cast<uint32_t>(std::min<size_t>(packet.size(), format_.snap_length));
  Put32(static_cast<uint32_t>(unix_ns / kNanosecondsPerSecond));
  Put32(static_cast<uint32_t>(
      format_.resolution == CaptureFormat::Resolution::kNanoseconds ? fraction : fraction / 1000));
  if (wire_octets == 0) wire_octets = static_cast<uint32_t>(packet.size());
  Put32(format_.version_minor < 4 ? wire_octets : captured);
  Put32(format_.version_minor < 4 ? captured : wire_octets);
  if (format_.patched) {
    Put32(1);  // interface
    Put32(0);  // protocol and packet type
  }
  bytes_.append(packet.begin(), packet.begin() + captured);
  return *this;
}

void CaptureWriter::WriteTo(const std::filesystem::path& path) const {
  std::ofstream file(path, std::ios::binary);
  file << bytes_;
  if (!file.flush()) std::abort();
}

void CaptureWriter::Put16(uint32_t value) {
  const bool big = format_.byte_order == CaptureFormat::ByteOrder::kBig;
  bytes_.push_back(static_cast<char>(big ? value >> 8 : value));
  bytes_.push_back(static_cast<char>(big ? value : value >> 8));
}

void CaptureWriter::Put32(uint32_t value) {
  const bool big = format_.byte_order == CaptureFormat::ByteOrder::kBig;
  Put16(big ? value >> 16 : value);
  Put16(big ? value : value >> 16);
}

}  // namespace kansoku::testing
