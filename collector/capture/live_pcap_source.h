// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "collector/capture/packet_source.h"

struct pcap;

namespace kansoku::collector {

struct LiveOptions {
  std::string interface;
  // Octets kept of each packet. More: longer chains of headers are read; less: more packets fit the ring.
  int snap_length = 256;
  // The kernel's ring. Larger rides out longer pauses of the reader.
  int ring_bytes = 32 * 1024 * 1024;
  // Also what is not addressed to this host; a tap needs it, a router does not.
  bool promiscuous = false;
  // See only packets of this side, and say so in PacketView::side. kUnknown: both, unsaid.
  Side side = Side::kUnknown;
};

// A live network interface, through libpcap. Owns the kernel's ring. Bursts are of one packet.
class LivePcapSource final : public PacketSource {
 public:
  // Captures from here on. NOT_FOUND (no such interface; lists those there are), PERMISSION_DENIED,
  // UNIMPLEMENTED (link type), UNAVAILABLE (anything else the kernel refuses).
  static absl::StatusOr<std::unique_ptr<PacketSource>> Open(const LiveOptions& options);

  ~LivePcapSource() override;

  // UNAVAILABLE: the interface is gone. One that is only down is silent, and is heard again when it is up.
  absl::StatusOr<PollState> Poll(Sink sink) override;

  // Kernel drops count both sides even where only one is seen: the ring is filled before sides are told
  // apart. libpcap counts in 32 bits; ask at least once in every 2^32 packets.
  CaptureStats Stats() override;

 private:
  LivePcapSource(pcap* capture, const LiveOptions& options, LinkType link_type);

  // Packets handed to the sink, negative on an error.
  int Dispatch(Sink sink);

  pcap* const capture_;
  const std::string interface_;
  const Side side_;
  const LinkType link_type_;
  const int64_t nanoseconds_per_tick_;
  uint64_t delivered_packets_ = 0;

  // libpcap's counters as last read, and their 64-bit continuations.
  struct Counter {
    uint32_t last = 0;
    uint64_t total = 0;
    void Advance(uint32_t now);
  };
  Counter kernel_received_, kernel_dropped_, interface_dropped_;
};

}  // namespace kansoku::collector
