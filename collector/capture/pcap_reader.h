// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "collector/capture/byte_order.h"
#include "collector/capture/packet_view.h"

namespace kansoku::collector {

// A capture in libpcap's classic format that lies in memory
// (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-03.html and pcap-savefile(5)): both byte orders,
// micro- and nanoseconds, the longer record headers of Kuznetsov's patch, the exchanged lengths of versions
// before 2.4. Lengths are given as the file has them; its snap length is not believed, and what it says of a
// frame check sequence is not used: writers disagree about the field.
//
// Borrows the memory. One thread.
class PcapReader {
 public:
  // INVALID_ARGUMENT: no such capture. UNIMPLEMENTED: its link type, by name. `name` stands in the
  // message.
  static absl::StatusOr<PcapReader> Open(std::span<const uint8_t> capture, const std::string& name);

  // Fills `burst` from its front with views into the capture, and returns how many; 0 at the end. DATA_LOSS:
  // the next record is damaged, and its predecessors were all delivered; says how, stays where it is.
  absl::StatusOr<size_t> Read(std::span<PacketView> burst);

  // Octet of the capture at which the next record begins.
  size_t position() const { return position_; }

 private:
  enum class Lengths : uint8_t { kInOrder, kExchanged, kSmallerFirst };

  struct Layout {
    ByteOrder order;
    size_t record_header_octets;
    uint32_t nanoseconds_per_fraction;
    Lengths lengths;
    LinkType link_type;
  };

  PcapReader(std::span<const uint8_t> capture, const Layout& layout, size_t position)
      : capture_(capture), layout_(layout), position_(position) {}

  struct Record {
    uint32_t captured_octets, wire_octets;
  };
  Record LengthsAt(const uint8_t* header) const;
  absl::Status Damage() const;

  std::span<const uint8_t> capture_;
  Layout layout_;
  size_t position_;
};

}  // namespace kansoku::collector
