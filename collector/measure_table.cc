// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "collector/measure_output.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/estimate.h"
#include "proto/contract/estimated_totals.h"
#include "proto/contract/histogram.h"
#include "proto/contract/identity.h"

namespace kansoku::collector {
namespace {

// Octets as a switch counts them, where the link has a check sequence that the capture does not show.
std::string FcsOctets(uint64_t packets, uint64_t wire_octets, bool is_ethernet) {
  return is_ethernet ? absl::StrCat(wire_octets + kCheckSequenceOctets * packets) : "-";
}

constexpr char kClassColumns[] = "  %-8s %-5s %-9s %-6s %-7s %-9s";

std::string ClassText(const v1::TrafficClass& c) {
  return absl::StrFormat(kClassColumns, EnumLabel(c.access()), EnumLabel(c.technology()),
                         EnumLabel(c.direction()), EnumLabel(c.family()), EnumLabel(c.carrier()),
                         EnumLabel(c.transport()));
}

const std::string& ClassHeading() {
  static const std::string& heading = *new std::string(
      absl::StrFormat(kClassColumns, "access", "tech", "direction", "family", "carrier", "transport"));
  return heading;
}

void WriteCells(const FileTotals& totals, std::ostream& out) {
  const bool is_ethernet = totals.frames.ethernet_frames == totals.frames.frames;
  out << ClassHeading()
      << absl::StrFormat(" %12s %16s %16s %16s %16s %16s %10s\n", "packets", "octets l2_fcs", "octets l2",
                         "octets l3", "l3 outer", "l3 inner", "new flows");
  for (const v1::Cell& cell : totals.measurement.cells()) {
    out << ClassText(cell.traffic_class())
        << absl::StrFormat(" %12d %16s %16d %16d %16d %16d %10d\n", cell.packets(),
                           FcsOctets(cell.packets(), cell.wire_octets(), is_ethernet), cell.wire_octets(),
                           cell.ip_octets(), cell.outer_ip_octets(), cell.inner_ip_octets(),
                           cell.new_flows());
  }
}

// Median and 99th percentile.
std::string Spread(const v1::Histogram& histogram) {
  const std::optional<uint64_t> median = Quantile(histogram, 1, 2);
  const std::optional<uint64_t> most = Quantile(histogram, 99, 100);
  return median && most ? absl::StrCat(*median, "/", *most) : "-";
}

std::string Percent(uint64_t part, uint64_t whole) {
  if (whole == 0) return "-";
  return absl::StrFormat("%.2f %%", 100 * static_cast<double>(part) / static_cast<double>(whole));
}

void WriteStatistics(const v1::Measurement& measurement, std::ostream& out) {
  bool has_heading = false;
  for (const v1::Cell& cell : measurement.cells()) {
    if (!cell.has_statistics()) continue;
    if (!std::exchange(has_heading, true)) {
      out << "  median/99th percentile\n"
          << ClassHeading()
          << absl::StrFormat(" %16s %20s %16s %16s %14s %10s\n", "packet octets", "flow octets", "flow ms",
                             "handshake us", "retransmitted", "resets");
    }
    const v1::FlowStatistics& statistics = cell.statistics();
    out << ClassText(cell.traffic_class())
        << absl::StrFormat(" %16s %20s %16s %16s %14s %10d\n", Spread(statistics.packet_octets()),
                           Spread(statistics.flow_octets()), Spread(statistics.flow_milliseconds()),
                           Spread(statistics.handshake_microseconds()),
                           Percent(statistics.tcp_retransmitted_segments(), statistics.tcp_segments()),
                           statistics.tcp_reset_flows());
  }
}

std::string WithError(uint64_t total, const v1::Wide& variance) {
  return absl::StrFormat("%d +- %.0f", total, StandardError(variance));
}

void WriteEstimates(const v1::Measurement& measurement, std::ostream& out) {
  bool has_heading = false;
  for (const v1::Cell& cell : measurement.cells()) {
    if (!cell.has_estimate()) continue;
    if (!std::exchange(has_heading, true)) {
      out << "  scaled up from the sample, +- standard error\n"
          << ClassHeading() << absl::StrFormat(" %24s %28s %28s\n", "packets", "octets l2", "octets l3");
    }
    const v1::SampledEstimate& estimate = cell.estimate();
    out << ClassText(cell.traffic_class())
        << absl::StrFormat(" %24s %28s %28s\n", WithError(estimate.packets(), estimate.packets_variance()),
                           WithError(estimate.wire_octets(), estimate.wire_octets_variance()),
                           WithError(estimate.ip_octets(), estimate.ip_octets_variance()));
  }
}

void WriteDarknet(const v1::Measurement& measurement, std::ostream& out) {
  for (const v1::DarknetTally& tally : measurement.darknet()) {
    uint64_t packets = 0;
    for (const v1::DarknetCell& cell : tally.cells()) packets += cell.packets();
    out << absl::StrFormat("  sensor %s: %d packets at dark addresses\n", tally.sensor(), packets);
  }
}

void WriteLedger(const v1::Measurement& measurement, std::ostream& out) {
  const v1::Ledger& ledger = measurement.ledger();
  for (const v1::Refused& refused : ledger.refused()) {
    out << absl::StrFormat("  refused %s: %d packets, %d octets\n", EnumLabel(refused.reason()),
                           refused.packets(), refused.wire_octets());
  }
  if (ledger.not_sampled_packets() > 0) {
    out << absl::StrFormat("  not sampled: %d packets, %d octets\n", ledger.not_sampled_packets(),
                           ledger.not_sampled_wire_octets());
  }
  if (ledger.segmented_packets() > 0) {
    out << absl::StrFormat("  added for merged packets: %d packets, %d octets\n", ledger.segmented_packets(),
                           ledger.segmented_wire_octets());
  }
  for (const v1::Remarked& remarked : ledger.remarked()) {
    out << absl::StrFormat("  remark %s: %d packets\n", EnumLabel(remarked.remark()), remarked.packets());
  }
  for (const Identity& identity : CaptureIdentities(measurement)) {
    out << absl::StrFormat("  %s: %s\n", std::string(identity.statement),
                           identity.holds()
                               ? "holds"
                               : absl::StrFormat("VIOLATED, %d against %d", identity.left, identity.right));
  }
}

}  // namespace

void WriteTable(const FileTotals& totals, std::ostream& out) {
  const FrameCensus& frames = totals.frames;
  out << absl::StrFormat("%s: %d frames, %d octets on the wire, %d kept, %.0f packets/s\n", totals.file,
                         frames.frames, frames.frame_len_sum, frames.cap_len_sum, totals.PacketsPerSecond());
  WriteCells(totals, out);
  WriteStatistics(totals.measurement, out);
  WriteEstimates(totals.measurement, out);
  WriteDarknet(totals.measurement, out);
  WriteLedger(totals.measurement, out);
}

}  // namespace kansoku::collector
