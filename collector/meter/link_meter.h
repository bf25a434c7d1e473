// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "collector/capture/capture_stats.h"
#include "collector/capture/packet_view.h"
#include "collector/decode/decoded_packet.h"
#include "collector/decode/refusal.h"
#include "collector/meter/clock_steps.h"
#include "collector/meter/dark_meter.h"
#include "collector/meter/flow_records.h"
#include "collector/meter/flow_table.h"
#include "collector/meter/fragment_table.h"
#include "collector/meter/packet_in_hand.h"
#include "collector/meter/packet_sampler.h"
#include "collector/meter/reclassification.h"
#include "collector/meter/segmentation.h"
#include "collector/meter/window_cells.h"
#include "kansoku/v1/report.pb.h"
#include "proto/contract/traffic_class.h"
#include "proto/contract/window.h"

namespace kansoku::collector {

struct LinkMeterOptions {
  std::string point;
  uint32_t window_seconds = 10;
  uint32_t flow_table_entries = 262144;
  int64_t flow_idle_timeout_ns = 60'000'000'000;
  uint64_t flow_hash_seed = 0;
  // A live link reports windows without packets too. Its last window is partial, and so is its first unless
  // it was watched from its very start. A file's silence says nothing, so only windows with something in them
  // are reported.
  bool every_window = false;
  bool statistics = true;            // of flows and packets, in every cell
  uint32_t sampling_interval = 1;    // one packet in so many is looked at
  std::vector<std::string> sensors;  // sorted; a sensor is known by its position
  AddressSeconds address_seconds;    // none where another link reports them
  bool has_subscribers = false;      // whether the packets of some addresses are subscribers'
};

// Everything one point says of one window, counted packet by packet. Time is the packets': a window is open
// until somebody says that a later one has begun. One thread. No allocation for packets of classes seen
// before.
class LinkMeter {
 public:
  using Sink = std::function<void(v1::WindowReport)>;
  // Must be a pure function of what makes a flow, and of direction and side: it is asked when a flow shows
  // the first packet of a direction and side, and may be asked again.
  using Classify = absl::FunctionRef<TrafficClass(const DecodedPacket&)>;

  LinkMeter(LinkMeterOptions options, Sink sink);

  // From now on reports carry records of single flows; see FlowRecords. Before the first packet.
  void RecordFlows(uint32_t max_records, std::optional<AddressPermutation> permutation);

  // From now on reports tell the sources of what reached sensors apart; see DarkSources. Before the first
  // packet.
  void TellSourcesApart(const DarkSourceOptions& options) { dark_.TellSourcesApart(options); }

  // From now on the sink gets, before each report, which subscribers sent probes to dark addresses in its
  // window. Before the first packet.
  void LookForSubscribers(const DarkSubscriberHash& hash, DarkMeter::SubscriberSink sink) {
    dark_.LookForSubscribers(hash, std::move(sink));
  }

  // Takes hold with the first window that begins at its instant or later, or to which a clock was set back,
  // so that each window is counted in one way. Flows go on, and are asked anew for their class.
  void Reclassify(Reclassification next) { next_.Add(std::move(next)); }

  // Whether the open window is over at this instant, or none is open: it lies beyond the window, or with
  // every_window so far before it that the clock was set back.
  bool EndsBefore(int64_t unix_ns) const {
    return unix_ns > window_last_unix_ns_ || unix_ns < window_earliest_unix_ns_;
  }

  // Closes the open window and opens the one that holds this instant. `packets_in_hand` of those that the
  // source has received are not counted yet: they belong to the new window. With every_window, the windows
  // between are reported empty, those of the last day at most; but where the clock was set, forward or back,
  // they are not reported, for nobody watched them, and the windows on both sides are partial.
  void Advance(int64_t unix_ns, const CaptureStats& stats, uint64_t packets_in_hand);

  // Whether to look at the next packet, or to skip it for the sample's sake.
  bool Samples() { return options_.sampling_interval <= 1 || sampler_.Take(); }

  // Counts packets that a window is open for: one older than it counts in it, and is remarked as late. They
  // are worked on in steps, each of which fetches what the next one reads, so give many at once, but no more
  // than the first-level cache holds. A later fragment joins its first's flow.
  void Count(std::span<PacketInHand> hand, Classify classify);

  // A probe that a subscriber sent to a dark address, for which a window is open. It is given to Count too,
  // as the traffic that it is.
  void NoteSubscriber(v1::DarknetClass darknet_class, const DecodedPacket& packet) {
    dark_.NoteSubscriber(darknet_class, packet, 1 + Segmentation::Of(packet).packets);
  }

  // One captured packet that is not counted further.
  void Refuse(Refusal refusal, const PacketView& packet);
  // Left out of the sample. How many packets of the wire it stands for is known all the same.
  void Skip(const PacketView& packet);

  // Closes the open window for good; flows that still live end in it.
  void Finish(const CaptureStats& stats, bool capture_damaged);

 private:
  static constexpr size_t kRemarks = v1::Remark_ARRAYSIZE;
  // Packets and their octets on the wire.
  struct Volume {
    uint64_t packets = 0;
    uint64_t wire_octets = 0;
    void Add(uint64_t octets) {
      ++packets;
      wire_octets += octets;
    }
  };
  struct Window {
    Volume captured;
    Volume segmented;
    Volume not_sampled;
    std::array<Volume, kRefusalCount> refused{};
    std::array<uint64_t, kRemarks> remarked{};
    uint64_t tcp_flows_ended = 0;
    uint64_t tcp_flows_one_sided = 0;
    // Of flows long enough to tell a one-sided view from an unanswered call.
    uint64_t long_tcp_flows_ended = 0;
    uint64_t long_tcp_flows_one_sided = 0;
    bool was_down = false;  // the interface, at some time
  };

  bool TakeClockStep(int64_t unix_ns, const CaptureStats& stats);
  void ReportSilence(int64_t until_unix_seconds, const CaptureStats& stats, uint64_t packets_in_hand);
  void Open(int64_t start_unix_seconds);
  void TakeReclassification(Reclassification taken);
  void Close(const CaptureStats& stats, uint64_t packets_in_hand);
  void FillLedger(const CaptureStats& stats, uint64_t packets_in_hand, v1::Ledger& ledger);
  void FillCounted(v1::Ledger& ledger) const;
  void FillRecords(v1::WindowReport& report);
  void AddFlags(v1::Measurement& measurement) const;

  uint64_t PrepareFlow(DecodedPacket& packet);
  void CountFlow(const PacketInHand& in, Classify classify);
  void CountDark(const PacketInHand& in);
  void RemarkIfLate(int64_t captured_unix_ns) {
    window_.remarked[v1::REMARK_LATE] += captured_unix_ns < window_first_unix_ns_ ? 1 : 0;
  }
  bool IsPlain(const DecodedPacket& packet) const;
  // Counts what is remarkable about a packet that is not plain, and returns what an offload left out of it.
  Segmentation Remark(const DecodedPacket& packet);
  void CountFlowWith(Segmentation added, const PacketInHand& in, Classify classify);
  void LearnClass(const DecodedPacket& packet, uint8_t way, Flow& flow, Classify classify);
  uint16_t ClassIdOf(const DecodedPacket& packet, const FlowTouch& touch, Classify classify);
  void CountStatistics(const DecodedPacket& packet, Segmentation added, uint16_t class_id,
                       const FlowTouch& touch);
  void CountEnd(const Flow& flow, FlowEnd end);
  void Record(const DecodedPacket& packet, const FlowTouch& touch);
  void TakeRecord(const Flow& flow, v1::FlowRecord::EndReason reason);

  LinkMeterOptions options_;
  const Sink sink_;
  PendingReclassifications next_;
  FlowTable flows_;
  std::optional<FlowRecords> records_;  // none: nobody asked for them
  FragmentTable fragments_;
  PacketSampler sampler_;
  ClockSteps clock_steps_;
  WindowCells cells_;
  DarkMeter dark_;
  Window window_;
  bool is_open_ = false;
  bool is_partial_ = false;
  bool is_damaged_ = false;
  int64_t window_start_unix_seconds_ = 0;
  // The open window's first and last instants, as far as int64_t has them, and the earliest that still counts
  // in it, late. No instant where none is open.
  int64_t window_first_unix_ns_ = 0;
  int64_t window_last_unix_ns_ = std::numeric_limits<int64_t>::min();
  int64_t window_earliest_unix_ns_ = std::numeric_limits<int64_t>::max();
  uint16_t window_ordinal_ = 0;  // told apart from those that living flows remember: see Open
  CaptureStats reported_;        // through the last closed window
  uint64_t evicted_flows_reported_ = 0;
};

}  // namespace kansoku::collector
