// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/packet_ring.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <net/if_arp.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/capture/capture_filter.h"
#include "collector/capture/fanout_group.h"

namespace kansoku::collector {
namespace {

// TPACKET_V3 packs frames one behind the other; the kernel only wants a number here that divides a block.
constexpr uint32_t kNominalFrameBytes = 2048;

template <typename T>
absl::Status SetOption(int socket, int option, const T& value, const char* what) {
  if (setsockopt(socket, SOL_PACKET, option, &value, sizeof value) == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(what, ": ", std::strerror(errno)));
}

// Others have no header on the wire, or one that says nothing that is counted here.
PacketRing::Framing FramingOf(uint16_t hardware_type) {
  return hardware_type == ARPHRD_ETHER || hardware_type == ARPHRD_LOOPBACK
             ? PacketRing::Framing::kEthernet
             : PacketRing::Framing::kNetworkHeader;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PacketRing>> PacketRing::Open(const LiveOptions& options) {
  const absl::StatusOr<NetworkInterface> interface = FindInterface(options.interface);
  if (!interface.ok()) return interface.status();
  // Protocol 0: until it is bound, the socket would hear every interface.
  const int type = FramingOf(interface->hardware_type) == Framing::kEthernet ? SOCK_RAW : SOCK_DGRAM;
  const int fd = socket(AF_PACKET, type | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    if (errno == EPERM) return CaptureNotPermitted(options.interface);
    return absl::ErrnoToStatus(errno, absl::StrCat(options.interface, ": cannot open a packet socket"));
  }
  std::unique_ptr<PacketRing> ring(new PacketRing(fd));
  absl::Status status = ring->Configure(*interface, options);
  if (status.ok()) status = ring->MapBlocks(options);
  if (status.ok()) status = ring->StartCapture(*interface, options);
  if (status.ok()) return ring;
  return absl::UnavailableError(absl::StrCat(
      options.interface, ": cannot capture with a packet ring: ", absl::string_view(status.message())));
}

PacketRing::~PacketRing() {
  if (fanout_ != nullptr) fanout_->Leave(socket_);
  if (!memory_.empty()) munmap(memory_.data(), memory_.size());
  close(socket_);
}

absl::Status PacketRing::Configure(const NetworkInterface& interface, const LiveOptions& options) {
  framing_ = FramingOf(interface.hardware_type);
  // Only frames with a link header can be told about; a kernel that cannot tell is worked with all the same.
  has_offload_headers_ =
      framing_ == Framing::kEthernet && SetOption(socket_, PACKET_VNET_HDR, int{1}, "PACKET_VNET_HDR").ok();
  if (absl::Status status = SetOption(socket_, PACKET_VERSION, int{TPACKET_V3}, "TPACKET_V3"); !status.ok())
    return status;
  if (absl::Status status = SetOption(socket_, PACKET_RESERVE, kReservedOctets, "PACKET_RESERVE");
      !status.ok()) {
    return status;
  }
  if (!options.promiscuous) return absl::OkStatus();
  packet_mreq membership{};
  membership.mr_ifindex = interface.index;
  membership.mr_type = PACKET_MR_PROMISC;
  return SetOption(socket_, PACKET_ADD_MEMBERSHIP, membership, "promiscuous mode");
}

absl::Status PacketRing::MapBlocks(const LiveOptions& options) {
  tpacket_req3 request{};
  request.tp_block_size = options.block_bytes;
  request.tp_block_nr =
      static_cast<uint32_t>(std::max<uint64_t>(options.ring_bytes / options.block_bytes, 2));
  request.tp_frame_size = std::min(kNominalFrameBytes, options.block_bytes);
  request.tp_frame_nr = request.tp_block_size / request.tp_frame_size * request.tp_block_nr;
  request.tp_retire_blk_tov = kRetireMilliseconds;
  if (absl::Status status = SetOption(socket_, PACKET_RX_RING, request, "PACKET_RX_RING"); !status.ok())
    return status;
  block_bytes_ = request.tp_block_size;
  const size_t bytes = block_bytes_ * request.tp_block_nr;
  void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, socket_, 0);
  if (memory == MAP_FAILED) {
    return absl::UnavailableError(absl::StrCat("mapping ", bytes, " octets: ", std::strerror(errno),
                                               "; make capture.ring_bytes smaller"));
  }
  memory_ = {static_cast<std::byte*>(memory), bytes};
  return absl::OkStatus();
}

// Bound, but not yet in its group, a socket would hear what the others of the group count: it stays deaf
// until then.
absl::Status PacketRing::StartCapture(const NetworkInterface& interface, const LiveOptions& options) {
  if (absl::Status status = SetFilter(options.side, 0); !status.ok()) return status;
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = interface.index;
  if (bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return absl::UnavailableError(absl::StrCat("bind: ", std::strerror(errno)));
  // The kernel takes no members while the interface is down (before Linux 6.12).
  if (options.fanout != nullptr) {
    if (absl::Status status = options.fanout->Join(socket_, interface.index); !status.ok()) return status;
    fanout_ = options.fanout;
    counts_for_fanout_ = options.counts_for_fanout;
    fanout_offered_packets_ = fanout_->OfferedPackets();
  }
  TakeDownNotice();
  return SetFilter(options.side, options.snap_length);
}

absl::Status PacketRing::SetFilter(Side side, uint32_t snap_length) const {
  CaptureFilter filter = FilterOf(side, snap_length);
  const sock_fprog program{.len = filter.size(), .filter = filter.data()};
  if (setsockopt(socket_, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0)
    return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("SO_ATTACH_FILTER: ", std::strerror(errno)));
}

tpacket_block_desc* PacketRing::ReadyBlock() const {
  auto* const block = reinterpret_cast<tpacket_block_desc*>(memory_.data() + block_);
  const std::atomic_ref<uint32_t> status(block->hdr.bh1.block_status);
  return (status.load(std::memory_order_acquire) & TP_STATUS_USER) != 0 ? block : nullptr;
}

void PacketRing::ReleaseBlock() {
  auto* const block = reinterpret_cast<tpacket_block_desc*>(memory_.data() + block_);
  const std::atomic_ref<uint32_t> status(block->hdr.bh1.block_status);
  status.store(TP_STATUS_KERNEL, std::memory_order_release);
  block_ += block_bytes_;
  if (block_ == memory_.size()) block_ = 0;
}

void PacketRing::Wait(int milliseconds) const {
  pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
  poll(&ready, 1, milliseconds);
}

bool PacketRing::TakeDownNotice() const {
  int error = 0;
  socklen_t length = sizeof error;
  return getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error != 0;
}

bool PacketRing::IsGone() const {
  sockaddr_ll address{};
  socklen_t length = sizeof address;
  return getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length) != 0 ||
         address.sll_ifindex <= 0;
}

RingCounters PacketRing::TakeCounters() {
  if (fanout_ == nullptr) return TakeRingCounters(socket_);
  RingCounters counters = fanout_->TakeCounters(socket_);
  counters.offered_packets = 0;
  if (counts_for_fanout_) {
    const uint64_t offered_packets = fanout_->OfferedPackets();
    counters.offered_packets = offered_packets - std::exchange(fanout_offered_packets_, offered_packets);
  }
  return counters;
}

}  // namespace kansoku::collector
