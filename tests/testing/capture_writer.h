// SPDX-License-Identifier: Apache-2.0
//
// Capture files for tests, in every form that libpcap's classic format has
// (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-03.html).
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace kansoku::testing {

struct CaptureFormat {
  enum class ByteOrder : uint8_t { kLittle, kBig };
  enum class Resolution : uint8_t { kMicroseconds, kNanoseconds };

  ByteOrder byte_order = ByteOrder::kLittle;
  Resolution resolution = Resolution::kNanoseconds;
  uint32_t link_type = 1;  // https://www.tcpdump.org/linktypes.html
  uint32_t snap_length = 262144;
  // Before 2.4 the length on the wire is written first.
  uint16_t version_minor = 4;
  // The longer record headers of Kuznetsov's patch; with microseconds.
  bool patched = false;
};

// Collects records in memory. Not for threads.
class CaptureWriter {
 public:
  CaptureWriter() : CaptureWriter(CaptureFormat()) {}
  explicit CaptureWriter(const CaptureFormat& format);

  // Keeps at most the snap length of the packet. `wire_octets`: its length on the wire, 0 if it is complete.
  CaptureWriter& Add(int64_t unix_ns, std::span<const uint8_t> packet, uint32_t wire_octets = 0);

  // The file so far.
  const std::string& bytes() const { return bytes_; }

  // Aborts if the file cannot be written.
  void WriteTo(const std::filesystem::path& path) const;

 private:
  void Put16(uint32_t value);
  void Put32(uint32_t value);

  CaptureFormat format_;
  std::string bytes_;
};

}  // namespace kansoku::testing
