// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "collector/decode/decoded_packet.h"
#include "kansoku/v1/telescope.pb.h"
#include "proto/contract/source_sketch.h"

namespace kansoku::collector {

// How many different sources sent what to the sensors of a link in the open window: a sketch for each class,
// family and protocol. Exact in the sense that it does not matter who counted which packet, nor how often.
// One thread. 16 KiB for each sketch that ever was needed, 44 a sensor at most.
class SourceSketches {
 public:
  explicit SourceSketches(size_t sensors) : sketches_(sensors * kFamilies * kKinds) {}

  // What a packet is counted as, its family left out: class and protocol as one number below 64. Only
  // fragments, what is malformed and other protocols may be of any protocol: but for ICMP, TCP and UDP
  // together.
  static constexpr size_t kKinds = 64;
  static size_t KindOf(v1::DarknetClass darknet_class, const DecodedPacket& packet) {
    const auto& protocols = kProtocols[packet.ip_version == 6];
    size_t place = kProtocolPlaces - 1;
    while (place > 0 && protocols[place] != packet.protocol) --place;
    return (static_cast<size_t>(darknet_class) - 1) * kProtocolPlaces + place;
  }

  // The same as one bit: a class of one protocol needs no more, whatever the place of that.
  static uint32_t BitOf(size_t kind) {
    const size_t bit = kind < kFirstOfAny ? kind / kProtocolPlaces : kind - kFirstOfAny + kOfOneProtocol;
    return uint32_t{1} << bit;
  }

  // A source by its hash. A kind's first one allocates.
  void Add(size_t sensor, uint8_t ip_version, size_t kind, uint64_t source) {
    std::unique_ptr<SourceSketch>& sketch = sketches_[IndexOf(sensor, ip_version == 6, kind)];
    if (sketch == nullptr) [[unlikely]]
      sketch = std::make_unique<SourceSketch>();
    sketch->Add(source);
  }

  // Moves a sensor's to a tally without any, sorted, and starts it over.
  void MoveTo(size_t sensor, v1::DarknetTally& tally);

  size_t octets() const;

 private:
  static constexpr size_t kFamilies = 2, kProtocolPlaces = 4;
  static_assert((v1::DarknetClass_ARRAYSIZE - 1) * kProtocolPlaces == kKinds);
  // Classes of one protocol come first: fragments, other protocols and what is malformed come last.
  static constexpr size_t kOfOneProtocol = v1::DARKNET_CLASS_FRAGMENT - 1,
                          kFirstOfAny = kOfOneProtocol * kProtocolPlaces;
  static_assert(kOfOneProtocol + kKinds - kFirstOfAny <= 32);
  // By family, rising: that a sketch of these is told apart, at its place; 0 stands for all others.
  static constexpr std::array<std::array<uint8_t, kProtocolPlaces>, kFamilies> kProtocols = {
      {{0, kProtocolIcmp, kProtocolTcp, kProtocolUdp}, {0, kProtocolTcp, kProtocolUdp, kProtocolIcmpv6}}};

  static size_t IndexOf(size_t sensor, size_t family, size_t kind) {
    return (sensor * kFamilies + family) * kKinds + kind;
  }

  std::vector<std::unique_ptr<SourceSketch>> sketches_;
};

}  // namespace kansoku::collector
