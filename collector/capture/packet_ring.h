// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/if_packet.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collector/capture/live_options.h"
#include "collector/capture/network_interface.h"
#include "collector/capture/ring_counters.h"

namespace kansoku::collector {

// A packet socket bound to one interface, and the blocks of memory that the kernel fills with packets and
// this program empties, in turn (packet(7), PACKET_RX_RING with TPACKET_V3;
// Documentation/networking/packet_mmap.rst). Owns both. One thread.
class PacketRing {
 public:
  // Whether frames begin with their link header. Otherwise they begin with what follows it: for interfaces
  // whose header says nothing (tunnels, PPP).
  enum class Framing { kEthernet, kNetworkHeader };

  // Captures from here on. NOT_FOUND, PERMISSION_DENIED, UNAVAILABLE.
  static absl::StatusOr<std::unique_ptr<PacketRing>> Open(const LiveOptions& options);

  ~PacketRing();
  PacketRing(const PacketRing&) = delete;
  PacketRing& operator=(const PacketRing&) = delete;

  // The block whose turn it is, if the kernel has handed it over: it does when the block is full, or with
  // packets in it is kRetireMilliseconds old.
  tpacket_block_desc* ReadyBlock() const;

  // Gives it back. Nothing in it may be used any more.
  void ReleaseBlock();

  // Until a block is ready, the interface went down, or the time is over (or a signal came).
  void Wait(int milliseconds) const;

  // Whether the interface went down since the last call. Clears the socket's error, which would otherwise end
  // every wait at once.
  bool TakeDownNotice() const;

  // Whether the interface was removed. The ring still holds what came before.
  bool IsGone() const;

  // Since they were last asked for. Among several sources, offered_packets is that of all or 0.
  RingCounters TakeCounters();

  // Takes in nothing more. UNAVAILABLE.
  absl::Status Deafen() const { return SetFilter(Side::kUnknown, 0); }

  Framing framing() const { return framing_; }
  // Whether an OffloadHeader stands before each frame.
  bool has_offload_headers() const { return has_offload_headers_; }

  static constexpr int kRetireMilliseconds = 50;
  // Free octets before each frame, for a VLAN tag to be put back.
  static constexpr uint32_t kReservedOctets = 16;

 private:
  explicit PacketRing(int socket) : socket_(socket) {}

  absl::Status Configure(const NetworkInterface& interface, const LiveOptions& options);
  absl::Status MapBlocks(const LiveOptions& options);
  absl::Status StartCapture(const NetworkInterface& interface, const LiveOptions& options);
  absl::Status SetFilter(Side side, uint32_t snap_length) const;

  const int socket_;
  std::shared_ptr<FanoutGroup> fanout_;  // that it is a member of
  bool counts_for_fanout_ = false;
  uint64_t fanout_offered_packets_ = 0;  // when last asked for
  Framing framing_ = Framing::kEthernet;
  bool has_offload_headers_ = false;
  std::span<std::byte> memory_;
  size_t block_bytes_ = 0;
  size_t block_ = 0;  // the offset whose turn it is
};

}  // namespace kansoku::collector
