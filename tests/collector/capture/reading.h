// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "collector/capture/packet_source.h"

namespace kansoku::collector {

// A packet as it was delivered, with octets of its own.
struct ReadPacket {
  std::vector<uint8_t> bytes;
  uint32_t wire_octets = 0;
  LinkType link_type = LinkType::kEthernet;
  Side side = Side::kUnknown;
  int64_t captured_unix_ns = 0;

  bool operator==(const ReadPacket&) const = default;
};

std::ostream& operator<<(std::ostream& out, const ReadPacket& packet);

// Everything that one capture delivered, to its end or to its damage.
struct Reading {
  std::vector<ReadPacket> packets;
  absl::Status status;
};

// Octets of a capture, of which any access beyond the end is fatal: they end where a page without access
// begins.
class GuardedCapture {
 public:
  explicit GuardedCapture(std::span<const uint8_t> capture);
  explicit GuardedCapture(const std::string& capture)
      : GuardedCapture({reinterpret_cast<const uint8_t*>(capture.data()), capture.size()}) {}
  ~GuardedCapture();
  GuardedCapture(const GuardedCapture&) = delete;
  GuardedCapture& operator=(const GuardedCapture&) = delete;

  std::span<const uint8_t> bytes() const { return bytes_; }

 private:
  void* mapping_;
  size_t mapping_octets_;
  std::span<const uint8_t> bytes_;
};

Reading ReadSource(PacketSource& source);

// Through a CaptureReader, in bursts of so many. A capture that cannot be opened is a Reading without
// packets. Fails the test if a packet lies outside of the capture, or the reader is not at its end
// afterwards.
Reading ReadGuarded(const std::string& capture, size_t burst_packets = 128);

}  // namespace kansoku::collector
