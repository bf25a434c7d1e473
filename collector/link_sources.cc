// SPDX-License-Identifier: Apache-2.0
#include "collector/link_sources.h"

#include <net/if_arp.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/capture/capture_file.h"
#include "collector/capture/fanout_group.h"
#include "collector/capture/live_options.h"
#include "collector/capture/live_pcap_source.h"
#include "collector/capture/live_source.h"
#include "collector/capture/network_interface.h"
#include "collector/capture/packet_ring_source.h"
#include "collector/capture/two_sided_source.h"

namespace kansoku::collector {
namespace {

using Say = std::function<void(const std::string&)>;
using Source = absl::StatusOr<std::unique_ptr<PacketSource>>;
using Sources = absl::StatusOr<std::vector<std::unique_ptr<PacketSource>>>;

// An interface goes away for all of its sources, and one of them says so.
const Say kSilent = [](const std::string&) {};

// A tap only receives. The loopback interface receives whatever it sends: once is enough.
Side WatchedSide(const v1::LinkConfig& link) {
  const bool is_tap = link.has_side() && link.side().sent() == v1::DIRECTION_UNSPECIFIED;
  const absl::StatusOr<NetworkInterface> interface = FindInterface(link.interface());
  const bool is_loopback = interface.ok() && interface->hardware_type == ARPHRD_LOOPBACK;
  return is_tap || is_loopback ? Side::kReceived : Side::kUnknown;
}

LiveOptions MakeLiveOptions(const v1::LinkConfig& link, const v1::CaptureConfig& capture, Side side) {
  return {.interface = link.interface(),
          .snap_length = capture.snap_length(),
          .ring_bytes = capture.ring_bytes(),
          .block_bytes = capture.block_bytes(),
          .promiscuous = capture.promiscuous(),
          .side = side};
}

Source OpenLive(const LiveOptions& options, bool reads_nic_counters, const Say& say,
                Source (*open)(const LiveOptions&)) {
  return LiveSource::Open({.interface = options.interface,
                           .side = options.side,
                           .reads_nic_counters = reads_nic_counters,
                           .say = say},
                          [open, options] { return open(options); });
}

Sources OnlyOne(Source source) {
  if (!source.ok()) return source.status();
  std::vector<std::unique_ptr<PacketSource>> sources;
  sources.push_back(*std::move(source));
  return sources;
}

// The ring tells sides apart, so one source sees both.
Sources OpenRings(const v1::LinkConfig& link, const v1::CaptureConfig& capture, const Say& say) {
  LiveOptions options = MakeLiveOptions(link, capture, WatchedSide(link));
  options.ring_bytes /= capture.workers();
  if (capture.workers() > 1) options.fanout = std::make_shared<FanoutGroup>();
  std::vector<std::unique_ptr<PacketSource>> sources;
  while (sources.size() < capture.workers()) {
    const bool is_first = sources.empty();
    options.counts_for_fanout = is_first;
    Source source = OpenLive(options, is_first, is_first ? say : kSilent, PacketRingSource::Open);
    if (!source.ok()) return source.status();
    sources.push_back(*std::move(source));
  }
  return sources;
}

// Libpcap does not tell on which side an Ethernet frame was seen: where direction follows the side, each is
// captured on its own.
Sources OpenLibpcap(const v1::LinkConfig& link, const v1::CaptureConfig& capture, const Say& say) {
  if (MergesReceived(link.interface())) {
    say(absl::StrCat(
        link.point(), ": ", link.interface(),
        " merges received packets (GRO or LRO), and libpcap does not tell how many: packet counts "
        "will be too low; use capture.method packet_ring, or turn it off"));
  }
  const auto open = [&](Side side, const Say& say_gone) {
    return OpenLive(MakeLiveOptions(link, capture, side), true, say_gone, LivePcapSource::Open);
  };
  const Side watched = WatchedSide(link);
  if (!link.has_side() || watched == Side::kReceived) return OnlyOne(open(watched, say));
  Source received = open(Side::kReceived, say);
  if (!received.ok()) return received.status();
  Source sent = open(Side::kSent, kSilent);
  if (!sent.ok()) return sent.status();
  return OnlyOne(std::make_unique<TwoSidedSource>(*std::move(received), *std::move(sent)));
}

}  // namespace

Sources OpenSources(const v1::LinkConfig& link, const v1::CaptureConfig& capture, const Say& say) {
  if (!link.file().empty()) return OnlyOne(OpenCaptureFile(link.file()));
  return capture.method() == v1::CAPTURE_METHOD_PACKET_RING ? OpenRings(link, capture, say)
                                                            : OpenLibpcap(link, capture, say);
}

}  // namespace kansoku::collector
