// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "collector/capture/live_options.h"
#include "collector/capture/packet_ring.h"
#include "collector/capture/packet_source.h"

namespace kansoku::collector {

// A live network interface, through Linux's packet ring. Bursts are of up to 64 packets and borrow the ring's
// memory. Each packet says its side; a VLAN tag that the card or the kernel took off is back in the frame,
// and in wire_octets; wire_packets is known where the kernel says how packets were merged. Frames of
// interfaces without a link header are LinkType::kRawIp.
class PacketRingSource final : public PacketSource {
 public:
  // Captures from here on. NOT_FOUND (no such interface; lists those there are), PERMISSION_DENIED,
  // UNAVAILABLE (anything else the kernel refuses).
  static absl::StatusOr<std::unique_ptr<PacketSource>> Open(const LiveOptions& options);

  // UNAVAILABLE: the interface is gone, and everything before was delivered. One that is only down is silent,
  // and is heard again when it is up.
  absl::StatusOr<PollState> Poll(Sink sink) override;

  // The NIC's counters are not among them.
  CaptureStats Stats() override;

  // UNAVAILABLE.
  absl::Status Deafen() override { return ring_->Deafen(); }

 private:
  static constexpr size_t kBurst = 64;

  PacketRingSource(std::string interface, std::unique_ptr<PacketRing> ring);

  void Deliver(tpacket_block_desc& block, Sink sink);
  PacketView ViewOf(tpacket3_hdr& header) const;

  const std::string interface_;
  const std::unique_ptr<PacketRing> ring_;
  uint32_t largest_frame_octets_;
  bool is_gone_ = false;
  uint64_t delivered_packets_ = 0;
  CaptureStats stats_;
  std::array<PacketView, kBurst> burst_;
};

}  // namespace kansoku::collector
