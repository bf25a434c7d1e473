// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/live_pcap_source.h"

#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "collector/capture/link_type.h"
#include "collector/capture/packet_time.h"

namespace kansoku::collector {
namespace {

constexpr int kPacketsPerPoll = 1024;
constexpr int kWaitMilliseconds = 100;

std::string InterfaceNames() {
  std::vector<std::string> names;
  struct if_nameindex* const interfaces = if_nameindex();
  for (auto* each = interfaces; each != nullptr && each->if_name != nullptr; ++each)
    names.push_back(each->if_name);
  if (interfaces != nullptr) if_freenameindex(interfaces);
  return absl::StrJoin(names, ", ");
}

absl::Status ActivationError(pcap_t* capture, int code, const std::string& interface) {
  switch (code) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
      return absl::NotFoundError(
          absl::StrCat(interface, ": no such network interface; there are ", InterfaceNames()));
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
      return absl::PermissionDeniedError(
          absl::StrCat(interface, ": capturing is not permitted; it needs CAP_NET_RAW (or root)"));
    default:
      return absl::UnavailableError(absl::StrCat(interface, ": cannot capture: ", pcap_statustostr(code),
                                                 " (", pcap_geterr(capture), ")"));
  }
}

// Everything that cannot fail before activation is set here; the side can only be chosen after it.
absl::Status Activate(pcap_t* capture, const LiveOptions& options) {
  pcap_set_snaplen(capture, options.snap_length);
  pcap_set_buffer_size(capture, options.ring_bytes);
  pcap_set_promisc(capture, options.promiscuous);
  pcap_set_timeout(capture, kWaitMilliseconds);
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
  if (options.side == Side::kUnknown) return absl::OkStatus();
  const pcap_direction_t direction = options.side == Side::kSent ? PCAP_D_OUT : PCAP_D_IN;
  if (pcap_setdirection(capture, direction) != 0) {
    return absl::UnavailableError(
        absl::StrCat(options.interface, ": cannot capture one side only: ", pcap_geterr(capture)));
  }
  return absl::OkStatus();
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
      nanoseconds_per_tick_(pcap_get_tstamp_precision(capture) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000) {}

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
                                    header->ts.tv_sec, header->ts.tv_usec * source.nanoseconds_per_tick_)};
        deliver({&packet, 1});
      },
      reinterpret_cast<u_char*>(&context));
}

absl::StatusOr<PollState> LivePcapSource::Poll(Sink sink) {
  int packets = Dispatch(sink);
  if (packets == 0) {
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
    interface_dropped_.Advance(now.ps_ifdrop);
  }
  // On Linux ps_recv counts what was dropped for want of room, what still waits in the ring, and the side
  // that was not asked for. So it bounds what we can have received, but does not equal it.
  const uint64_t offered = kernel_received_.total - std::min(kernel_received_.total, kernel_dropped_.total);
  return {.received_packets =
              std::min(delivered_packets_, offered) + kernel_dropped_.total + interface_dropped_.total,
          .kernel_dropped_packets = kernel_dropped_.total,
          .interface_dropped_packets = interface_dropped_.total};
}

}  // namespace kansoku::collector
