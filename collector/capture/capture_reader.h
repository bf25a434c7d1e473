// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "collector/capture/packet_view.h"
#include "collector/capture/pcap_reader.h"
#include "collector/capture/pcapng_reader.h"

namespace kansoku::collector {

// A capture that lies in memory, pcap or pcapng: what its readers say holds.
//
// Borrows the memory. One thread.
class CaptureReader {
 public:
  // INVALID_ARGUMENT: not a capture. UNIMPLEMENTED: the link type of a pcap file. `name` stands in messages.
  static absl::StatusOr<CaptureReader> Open(std::span<const uint8_t> capture, std::string name);

  // Fills `burst` from its front with views into the capture, and returns how many; 0 at the end. DATA_LOSS:
  // the capture is damaged behind the packets delivered so far; says where and how. Reading on says it again.
  absl::StatusOr<size_t> Read(std::span<PacketView> burst);

  // Octets of the capture that are read. No packet yet to come lies before them.
  size_t position() const;

  uint64_t delivered_packets() const { return delivered_packets_; }

 private:
  using Format = std::variant<PcapReader, PcapngReader>;

  CaptureReader(Format format, std::string name) : format_(std::move(format)), name_(std::move(name)) {}

  Format format_;
  std::string name_;
  uint64_t delivered_packets_ = 0;
};

}  // namespace kansoku::collector
