// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "collector/capture/live_options.h"
#include "collector/capture/packet_source.h"

struct pcap;

namespace kansoku::collector {

// A live network interface, through libpcap. Owns the kernel's ring. Bursts are of one packet. Where one side
// is asked for, packets say it; where both are, libpcap does not tell. Nor does it tell how many packets an
// offload merged: a frame larger than the link carries has wire_packets 0.
class LivePcapSource final : public PacketSource {
 public:
  // Captures from here on. NOT_FOUND (no such interface; lists those there are), PERMISSION_DENIED,
  // UNIMPLEMENTED (link type), UNAVAILABLE (anything else the kernel refuses).
  static absl::StatusOr<std::unique_ptr<PacketSource>> Open(const LiveOptions& options);

  ~LivePcapSource() override;

  // UNAVAILABLE: the interface is gone. One that is only down is silent, and is heard again when it is up.
  absl::StatusOr<PollState> Poll(Sink sink) override;

  // The NIC's counters are not among them. libpcap counts in 32 bits; ask at least once in every 2^32
  // packets.
  CaptureStats Stats() override;

  // UNAVAILABLE.
  absl::Status Deafen() override;

 private:
  LivePcapSource(pcap* capture, const LiveOptions& options, LinkType link_type);

  // Packets handed to the sink, negative on an error.
  int Dispatch(Sink sink);

  pcap* const capture_;
  const std::string interface_;
  const Side side_;
  const LinkType link_type_;
  const int64_t nanoseconds_per_tick_;
  uint32_t largest_frame_octets_;
  uint64_t delivered_packets_ = 0;

  // libpcap's counters as last read, and their 64-bit continuations.
  struct Counter {
    uint32_t last = 0;
    uint64_t total = 0;
    void Advance(uint32_t now);
  };
  Counter kernel_received_, kernel_dropped_;
};

}  // namespace kansoku::collector
