// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/live_pcap_source.h"

#include <pcap/pcap.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/capture/capture_filter.h"
#include "collector/capture/link_type.h"
#include "collector/capture/merged_packets.h"
#include "collector/capture/network_interface.h"
#include "collector/capture/packet_time.h"

namespace kansoku::collector {
namespace {

constexpr int kPacketsPerPoll = 1024;
constexpr int kWaitMilliseconds = 100;
// How long the kernel may keep packets back to hand over many at once.
constexpr int kRetireMilliseconds = 50;

absl::Status ActivationError(pcap_t* capture, int code, const std::string& interface) {
  switch (code) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
      return NoSuchInterface(interface);
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
      return CaptureNotPermitted(interface);
    default:
      return absl::UnavailableError(absl::StrCat(interface, ": cannot capture: ", pcap_statustostr(code),
                                                 " (", pcap_geterr(capture), ")"));
  }
}

absl::Status SetFilter(pcap_t* capture, const std::string& interface, Side side, uint32_t snap_length) {
  CaptureFilter filter = FilterOf(side, snap_length);
  const sock_fprog program{.len = filter.size(), .filter = filter.data()};
  if (setsockopt(pcap_fileno(capture), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0)
    return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat(interface, ": cannot filter what is captured: ", std::strerror(errno)));
}

// Libpcap tells sides apart, and cuts packets, only after the kernel has copied them. Its own filters
// ("inbound") would refuse what the ring holds when they are set.
absl::Status Filter(pcap_t* capture, const LiveOptions& options) {
  if (absl::Status status = SetFilter(capture, options.interface, options.side, options.snap_length);
      !status.ok()) {
    return status;
  }
  if (options.side == Side::kUnknown) return absl::OkStatus();
  // What came in before the filter.
  if (pcap_setdirection(capture, options.side == Side::kSent ? PCAP_D_OUT : PCAP_D_IN) != 0) {
    return absl::UnavailableError(
        absl::StrCat(options.interface, ": cannot capture one side only: ", pcap_geterr(capture)));
  }
  return absl::OkStatus();
}

// Everything that cannot fail before activation is set here; the filter can only be set after it.
absl::Status Activate(pcap_t* capture, const LiveOptions& options) {
  pcap_set_snaplen(capture, static_cast<int>(options.snap_length));
  pcap_set_buffer_size(capture, static_cast<int>(options.ring_bytes));
  pcap_set_promisc(capture, options.promiscuous);
  pcap_set_timeout(capture, kRetireMilliseconds);
  pcap_set_immediate_mode(capture, 0);
  pcap_set_tstamp_precision(capture, PCAP_TSTAMP_PRECISION_NANO);  // microseconds where refused
  if (const int code = pcap_activate(capture); code < 0)
    return ActivationError(capture, code, options.interface);

  // Without it libpcap waits for a first packet however long the link is silent.
  char error[PCAP_ERRBUF_SIZE] = "";
  if (pcap_setnonblock(capture, 1, error) != 0) {
    return absl::UnavailableError(
        absl::StrCat(options.interface, ": cannot capture without blocking: ", error));
  }
  return Filter(capture, options);
}

}  // namespace

absl::StatusOr<std::unique_ptr<PacketSource>> LivePcapSource::Open(const LiveOptions& options) {
  char error[PCAP_ERRBUF_SIZE] = "";
  pcap_t* const capture = pcap_create(options.interface.c_str(), error);
  if (capture == nullptr)
    return absl::UnavailableError(absl::StrCat(options.interface, ": cannot capture: ", error));
  absl::Status status = Activate(capture, options);
  if (status.ok()) {
    const absl::StatusOr<LinkType> link_type = LinkTypeOf(pcap_datalink(capture), options.interface);
    if (link_type.ok())
      return std::unique_ptr<PacketSource>(new LivePcapSource(capture, options, *link_type));
    status = link_type.status();
  }
  pcap_close(capture);
  return status;
}

LivePcapSource::LivePcapSource(pcap* capture, const LiveOptions& options, LinkType link_type)
    : capture_(capture),
      interface_(options.interface),
      side_(options.side),
      link_type_(link_type),
      nanoseconds_per_tick_(pcap_get_tstamp_precision(capture) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000),
      largest_frame_octets_(LargestFrameOctets(interface_)) {}

LivePcapSource::~LivePcapSource() { pcap_close(capture_); }

int LivePcapSource::Dispatch(Sink sink) {
  struct Context {
    LivePcapSource& source;
    Sink& sink;
  } context{*this, sink};
  return pcap_dispatch(
      capture_, kPacketsPerPoll,
      [](u_char* user, const pcap_pkthdr* header, const u_char* bytes) {
        auto& [source, deliver] = *reinterpret_cast<Context*>(user);
        ++source.delivered_packets_;
        const PacketView packet{.bytes = {bytes, header->caplen},
                                .wire_octets = header->len,
                                .link_type = source.link_type_,
                                .side = source.side_,
                                .captured_unix_ns = UnixNanoseconds(
                                    header->ts.tv_sec, header->ts.tv_usec * source.nanoseconds_per_tick_),
                                .wire_packets = WirePacketsBySize(header->len, source.largest_frame_octets_)};
        deliver({&packet, 1});
      },
      reinterpret_cast<u_char*>(&context));
}

absl::StatusOr<PollState> LivePcapSource::Poll(Sink sink) {
  int packets = Dispatch(sink);
  // Twice: when the interface has gone, the kernel still hands over what came before.
  for (int waits = 0; packets == 0 ? waits < 1 : packets < 0 && waits < 2; ++waits) {
    pollfd ready{.fd = pcap_get_selectable_fd(capture_), .events = POLLIN, .revents = 0};
    poll(&ready, 1, kWaitMilliseconds);  // a signal ends the wait early, which is as good as silence
    packets = Dispatch(sink);
  }
  if (packets < 0) {
    return absl::UnavailableError(absl::StrCat(interface_, ": capture ended: ", pcap_geterr(capture_)));
  }
  return packets > 0 ? PollState::kMore : PollState::kIdle;
}

void LivePcapSource::Counter::Advance(uint32_t now) {
  total += now - last;  // in 32 bits, so a counter that wrapped is right too
  last = now;
}

CaptureStats LivePcapSource::Stats() {
  pcap_stat now{};
  if (pcap_stats(capture_, &now) == 0) {
    kernel_received_.Advance(now.ps_recv);
    kernel_dropped_.Advance(now.ps_drop);
  }
  // The MTU may have been changed.
  if (const uint32_t octets = LargestFrameOctets(interface_); octets != 0) largest_frame_octets_ = octets;
  // On Linux ps_recv counts what was dropped for want of room and what still waits in the ring. So it bounds
  // what we can have received, but does not equal it. ps_ifdrop is left to NicCounters.
  const uint64_t offered = kernel_received_.total - std::min(kernel_received_.total, kernel_dropped_.total);
  return {.received_packets = std::min(delivered_packets_, offered) + kernel_dropped_.total,
          .kernel_dropped_packets = kernel_dropped_.total,
          .tap_packets = kernel_received_.total};
}

absl::Status LivePcapSource::Deafen() { return SetFilter(capture_, interface_, Side::kUnknown, 0); }

}  // namespace kansoku::collector
