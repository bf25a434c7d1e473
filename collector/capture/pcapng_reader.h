// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "collector/capture/byte_order.h"
#include "collector/capture/packet_view.h"
#include "collector/capture/pcapng_interface.h"

namespace kansoku::collector {

// A capture in the pcapng format that lies in memory
// (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html): sections in both byte orders,
// interfaces with a link type and a clock each, enhanced, simple and obsolete packet blocks. Other blocks are
// passed over. A packet of a link type that is not read is delivered as kUnsupported, so that it is counted.
// A simple packet block has no time: 0. Lengths are given as the file has them.
//
// Borrows the memory. One thread.
class PcapngReader {
 public:
  // Whether the capture begins like one of this format.
  static bool Recognises(std::span<const uint8_t> capture);

  // INVALID_ARGUMENT: no such capture. `name` stands in the message.
  static absl::StatusOr<PcapngReader> Open(std::span<const uint8_t> capture, const std::string& name);

  // Fills `burst` from its front with views into the capture, and returns how many; 0 at the end. DATA_LOSS:
  // the next block is damaged, and the packets before it were all delivered; says how, stays where it is.
  absl::StatusOr<size_t> Read(std::span<PacketView> burst);

  // Octet of the capture at which the next block begins.
  size_t position() const { return position_; }

 private:
  explicit PcapngReader(std::span<const uint8_t> capture) : capture_(capture) {}

  // The next block; true if it held a packet. On an error nothing has changed.
  absl::StatusOr<bool> ReadBlock(PacketView& packet);
  absl::Status ReadSection(std::span<const uint8_t> body, ByteOrder order);
  absl::Status ReadInterface(std::span<const uint8_t> body);
  absl::Status ReadEnhancedPacket(std::span<const uint8_t> body, PacketView& packet) const;
  absl::Status ReadObsoletePacket(std::span<const uint8_t> body, PacketView& packet) const;
  absl::Status ReadSimplePacket(std::span<const uint8_t> body, PacketView& packet) const;
  // What enhanced and obsolete packet blocks share: the five numbers at `header`, then packet and options.
  absl::Status ReadTimedPacket(uint32_t interface_number, std::span<const uint8_t> body,
                               PacketView& packet) const;

  std::span<const uint8_t> capture_;
  size_t position_ = 0;
  ByteOrder order_;
  std::vector<PcapngInterface> interfaces_;  // of this section
};

}  // namespace kansoku::collector
