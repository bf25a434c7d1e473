// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/packet_ring_source.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/capture/merged_packets.h"
#include "collector/capture/network_interface.h"
#include "collector/capture/packet_time.h"

namespace kansoku::collector {
namespace {

// Longer than the kernel keeps a block with packets in it: after a wait in vain nothing is left.
constexpr int kWaitMilliseconds = 100;
static_assert(kWaitMilliseconds > PacketRing::kRetireMilliseconds);

// The kernel wrote the ring on another processor; packets lie one behind the other in it.
constexpr size_t kPrefetchedBytes = 2048;
constexpr size_t kCacheLineBytes = 64;

constexpr size_t kMacAddressesOctets = 2 * ETH_ALEN;
constexpr size_t kVlanTagOctets = 4;
static_assert(PacketRing::kReservedOctets >= kVlanTagOctets);

void Store16(uint8_t* at, uint16_t value) {
  at[0] = static_cast<uint8_t>(value >> 8);
  at[1] = static_cast<uint8_t>(value);
}

// Puts a tag behind the addresses, by moving these into the reserved octets. Returns the frame's new start.
uint8_t* InsertVlanTag(uint8_t* frame, const tpacket3_hdr& header) {
  uint8_t* const start = frame - kVlanTagOctets;
  std::memmove(start, frame, kMacAddressesOctets);
  const bool has_protocol = (header.tp_status & TP_STATUS_VLAN_TPID_VALID) != 0;
  Store16(start + kMacAddressesOctets, has_protocol ? header.hv1.tp_vlan_tpid : ETH_P_8021Q);
  Store16(start + kMacAddressesOctets + 2, static_cast<uint16_t>(header.hv1.tp_vlan_tci));
  return start;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PacketSource>> PacketRingSource::Open(const LiveOptions& options) {
  absl::StatusOr<std::unique_ptr<PacketRing>> ring = PacketRing::Open(options);
  if (!ring.ok()) return ring.status();
  return std::unique_ptr<PacketSource>(new PacketRingSource(options.interface, *std::move(ring)));
}

PacketRingSource::PacketRingSource(std::string interface, std::unique_ptr<PacketRing> ring)
    : interface_(std::move(interface)),
      ring_(std::move(ring)),
      largest_frame_octets_(LargestFrameOctets(interface_)) {}

absl::StatusOr<PollState> PacketRingSource::Poll(Sink sink) {
  tpacket_block_desc* block = ring_->ReadyBlock();
  if (block == nullptr) {
    const bool was_gone = is_gone_;
    ring_->Wait(kWaitMilliseconds);
    stats_.down_observations += ring_->TakeDownNotice();
    is_gone_ = ring_->IsGone();  // of that there is no notice: it comes with the one of being down, or later
    block = ring_->ReadyBlock();
    if (block == nullptr) {
      if (was_gone) return absl::UnavailableError(absl::StrCat(interface_, ": the interface is gone"));
      return PollState::kIdle;
    }
  }
  Deliver(*block, sink);
  ring_->ReleaseBlock();
  return PollState::kMore;
}

void PacketRingSource::Deliver(tpacket_block_desc& block, Sink sink) {
  auto* at = reinterpret_cast<uint8_t*>(&block) + block.hdr.bh1.offset_to_first_pkt;
  for (size_t left = block.hdr.bh1.num_pkts; left > 0;) {
    const size_t packets = std::min(left, kBurst);
    for (size_t i = 0; i < packets; ++i) {
      auto& header = *reinterpret_cast<tpacket3_hdr*>(at);
      burst_[i] = ViewOf(header);
      for (uint32_t line = 0; line < header.tp_next_offset; line += kCacheLineBytes)
        __builtin_prefetch(at + kPrefetchedBytes + line);
      at += header.tp_next_offset;
    }
    left -= packets;
    delivered_packets_ += packets;
    sink({burst_.data(), packets});
  }
}

PacketView PacketRingSource::ViewOf(tpacket3_hdr& header) const {
  auto* const start = reinterpret_cast<uint8_t*>(&header);
  const auto& address = *reinterpret_cast<const sockaddr_ll*>(start + TPACKET_ALIGN(sizeof header));
  uint8_t* frame = start + header.tp_mac;
  PacketView packet{.bytes = {frame, header.tp_snaplen},
                    .wire_octets = header.tp_len,
                    .link_type = LinkType::kRawIp,
                    .side = address.sll_pkttype == PACKET_OUTGOING ? Side::kSent : Side::kReceived,
                    .captured_unix_ns = UnixNanoseconds(header.tp_sec, header.tp_nsec)};
  if (!ring_->has_offload_headers()) {
    packet.wire_packets = WirePacketsBySize(packet.wire_octets, largest_frame_octets_);
  } else {
    OffloadHeader offload;
    std::memcpy(&offload, frame - sizeof offload, sizeof offload);
    packet.wire_packets = WirePackets(offload, packet.bytes, packet.wire_octets, largest_frame_octets_);
  }
  if (ring_->framing() != PacketRing::Framing::kEthernet) {
    const uint16_t protocol = ntohs(address.sll_protocol);
    if (protocol != ETH_P_IP && protocol != ETH_P_IPV6) packet.link_type = LinkType::kNotIp;
    return packet;
  }
  packet.link_type = LinkType::kEthernet;
  if ((header.tp_status & TP_STATUS_VLAN_VALID) != 0 && header.tp_snaplen >= kMacAddressesOctets) {
    frame = InsertVlanTag(frame, header);
    packet.bytes = {frame, header.tp_snaplen + kVlanTagOctets};
    packet.wire_octets += kVlanTagOctets;
  }
  return packet;
}

CaptureStats PacketRingSource::Stats() {
  const RingCounters now = ring_->TakeCounters();
  stats_.tap_packets += now.offered_packets;
  stats_.kernel_dropped_packets += now.dropped_packets;
  stats_.ring_freezes += now.freezes;
  stats_.received_packets = delivered_packets_ + stats_.kernel_dropped_packets;
  // The MTU may have been changed.
  if (const uint32_t octets = LargestFrameOctets(interface_); octets != 0) largest_frame_octets_ = octets;
  return stats_;
}

}  // namespace kansoku::collector
