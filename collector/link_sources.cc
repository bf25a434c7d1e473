// SPDX-License-Identifier: Apache-2.0
#include "collector/link_sources.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/capture/capture_file.h"
#include "collector/capture/fanout_group.h"
#include "collector/capture/live_options.h"
#include "collector/capture/live_pcap_source.h"
#include "collector/capture/live_source.h"
#include "collector/capture/network_interface.h"
#include "collector/capture/packet_ring_source.h"

namespace kansoku::collector {
namespace {

using Say = std::function<void(const std::string&)>;

// An interface goes away for all of its sources, and one of them says so.
const Say kSilent = [](const std::string&) {};

bool WatchesOneSide(const v1::LinkConfig& link) {
  return link.has_side() && link.side().sent() == v1::DIRECTION_UNSPECIFIED;
}

LiveOptions MakeLiveOptions(const v1::LinkConfig& link, const v1::CaptureConfig& capture, Side side) {
  return {.interface = link.interface(),
          .snap_length = capture.snap_length(),
          .ring_bytes = capture.ring_bytes(),
          .block_bytes = capture.block_bytes(),
          .promiscuous = capture.promiscuous(),
          .side = side};
}

absl::Status AddLiveSource(const LiveOptions& options, bool reads_nic_counters, const Say& say,
                           absl::StatusOr<std::unique_ptr<PacketSource>> (*open)(const LiveOptions&),
                           WorkerSources& sources) {
  absl::StatusOr<std::unique_ptr<PacketSource>> source =
      LiveSource::Open({.interface = options.interface,
                        .side = options.side,
                        .reads_nic_counters = reads_nic_counters,
                        .say = say},
                       [open, options] { return open(options); });
  if (source.ok()) sources.push_back(*std::move(source));
  return source.status();
}

// The ring tells sides apart, so one source sees both.
absl::StatusOr<std::vector<WorkerSources>> OpenRings(const v1::LinkConfig& link,
                                                     const v1::CaptureConfig& capture, const Say& say) {
  LiveOptions options =
      MakeLiveOptions(link, capture, WatchesOneSide(link) ? Side::kReceived : Side::kUnknown);
  options.ring_bytes /= capture.workers();
  if (capture.workers() > 1) options.fanout = std::make_shared<FanoutGroup>();
  std::vector<WorkerSources> workers(capture.workers());
  for (WorkerSources& sources : workers) {
    const bool is_first = &sources == &workers.front();
    absl::Status status =
        AddLiveSource(options, is_first, is_first ? say : kSilent, PacketRingSource::Open, sources);
    if (!status.ok()) return status;
  }
  return workers;
}

// Libpcap does not tell on which side an Ethernet frame was seen: where direction follows the side, each is
// captured on its own.
absl::StatusOr<std::vector<WorkerSources>> OpenLibpcap(const v1::LinkConfig& link,
                                                       const v1::CaptureConfig& capture, const Say& say) {
  if (OffloadsOf(link.interface()).merges_received) {
    say(absl::StrCat(
        link.point(), ": ", link.interface(),
        " merges received packets (GRO or LRO), and libpcap does not tell how many: packet counts "
        "will be too low; use capture.method packet_ring, or turn it off"));
  }
  std::vector<Side> sides = {Side::kUnknown};
  if (link.has_side()) sides = {Side::kReceived};
  if (link.has_side() && !WatchesOneSide(link)) sides.push_back(Side::kSent);
  std::vector<WorkerSources> workers(1);
  for (const Side side : sides) {
    const LiveOptions options = MakeLiveOptions(link, capture, side);
    absl::Status status = AddLiveSource(options, true, side == sides.front() ? say : kSilent,
                                        LivePcapSource::Open, workers.front());
    if (!status.ok()) return status;
  }
  return workers;
}

absl::StatusOr<std::vector<WorkerSources>> OpenFile(const std::string& path) {
  absl::StatusOr<std::unique_ptr<PacketSource>> source = OpenCaptureFile(path);
  if (!source.ok()) return source.status();
  std::vector<WorkerSources> workers(1);
  workers.front().push_back(*std::move(source));
  return workers;
}

}  // namespace

absl::StatusOr<std::vector<WorkerSources>> OpenSources(const v1::LinkConfig& link,
                                                       const v1::CaptureConfig& capture, const Say& say) {
  if (!link.file().empty()) return OpenFile(link.file());
  return capture.method() == v1::CAPTURE_METHOD_PACKET_RING ? OpenRings(link, capture, say)
                                                            : OpenLibpcap(link, capture, say);
}

}  // namespace kansoku::collector
