// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/measurement_validation.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "aggregator/ingest/report_validation.h"
#include "proto/contract/measurement.h"
#include "proto/contract/traffic_class.h"

namespace kansoku::aggregator {
namespace {

constexpr uint32_t kMaxPort = 65'535;
constexpr uint32_t kMaxProtocol = 255;
constexpr uint64_t kIpv4Addresses = uint64_t{1} << 32;

template <typename... Parts>
absl::Status Wrong(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

// What all entries of a report add up to. Each part is checked before it is added, so nothing overflows.
struct Sums {
  uint64_t packets = 0;
  uint64_t wire_octets = 0;
  uint64_t ip_octets = 0;
};

absl::Status AddPackets(const std::string& where, uint64_t packets, Sums& sums) {
  if (packets > kMaxPackets || (sums.packets += packets) > kMaxPackets) {
    return Wrong(where, ".packets: ", packets, " brings the report above ", kMaxPackets);
  }
  return absl::OkStatus();
}

absl::Status AddOctets(const std::string& field, uint64_t packets, uint64_t octets, uint64_t& sum) {
  if (packets == 0 && octets != 0) return Wrong(field, ": ", octets, " octets in no packet");
  if (octets > kMaxOctets || (sum += octets) > kMaxOctets) {
    return Wrong(field, ": ", octets, " brings the report above ", kMaxOctets);
  }
  return absl::OkStatus();
}

// Cells and darknet cells: both count packets, and octets in two ways. The IP header may lie about its
// length, so more IP octets than wire octets are no error.
template <typename Counters>
absl::Status ValidateCounters(const std::string& where, const Counters& counters, Sums& sums) {
  if (absl::Status ok = AddPackets(where, counters.packets(), sums); !ok.ok()) return ok;
  if (absl::Status ok = AddOctets(absl::StrCat(where, ".wire_octets"), counters.packets(),
                                  counters.wire_octets(), sums.wire_octets);
      !ok.ok()) {
    return ok;
  }
  return AddOctets(absl::StrCat(where, ".ip_octets"), counters.packets(), counters.ip_octets(),
                   sums.ip_octets);
}

absl::Status ValidateClass(const std::string& where, const v1::TrafficClass& traffic_class) {
  if (!IsKnownTrafficClass(traffic_class)) {
    return Wrong(where,
                 ": holds an enum value that this version does not know: ", traffic_class.ShortDebugString());
  }
  if (traffic_class.direction() == v1::DIRECTION_UNSPECIFIED)
    return Wrong(where, ".direction: is not specified");
  if (traffic_class.family() == v1::FAMILY_UNSPECIFIED) return Wrong(where, ".family: is not specified");
  if (traffic_class.carrier() == v1::CARRIER_UNSPECIFIED) return Wrong(where, ".carrier: is not specified");
  if (traffic_class.transport() == v1::TRANSPORT_UNSPECIFIED)
    return Wrong(where, ".transport: is not specified");
  return absl::OkStatus();
}

absl::Status ValidateCell(const std::string& where, const v1::Cell& cell, Sums& sums) {
  if (absl::Status ok = ValidateClass(absl::StrCat(where, ".traffic_class"), cell.traffic_class());
      !ok.ok()) {
    return ok;
  }
  if (absl::Status ok = ValidateCounters(where, cell, sums); !ok.ok()) return ok;
  if (cell.flows() > kMaxPackets) return Wrong(where, ".flows: ", cell.flows(), " is above ", kMaxPackets);
  if (cell.new_flows() > cell.flows()) {
    return Wrong(where, ".new_flows: ", cell.new_flows(), " is more than the ", cell.flows(), " flows");
  }
  return absl::OkStatus();
}

absl::Status ValidateDarknetCell(const std::string& where, const v1::DarknetCell& cell, Sums& sums) {
  if (cell.darknet_class() == v1::DARKNET_CLASS_UNSPECIFIED ||
      !v1::DarknetClass_IsValid(cell.darknet_class())) {
    return Wrong(where, ".darknet_class: ", cell.darknet_class(), " is none that this version knows");
  }
  if (cell.family() == v1::FAMILY_UNSPECIFIED || !v1::Family_IsValid(cell.family())) {
    return Wrong(where, ".family: ", cell.family(), " is none that this version knows");
  }
  if (cell.protocol() > kMaxProtocol) return Wrong(where, ".protocol: ", cell.protocol(), " is above 255");
  if (cell.destination_port() > kMaxPort) {
    return Wrong(where, ".destination_port: ", cell.destination_port(), " is above 65535");
  }
  return ValidateCounters(where, cell, sums);
}

absl::Status ValidateDarknet(const v1::Measurement& measurement, uint32_t window_seconds, Sums& sums) {
  if (measurement.darknet_size() > kMaxSensors) {
    return Wrong("darknet: ", measurement.darknet_size(), " sensors, more than ", kMaxSensors);
  }
  int cells = 0;
  for (int i = 0; i < measurement.darknet_size(); ++i) {
    const v1::DarknetTally& tally = measurement.darknet(i);
    const std::string where = absl::StrCat("darknet[", i, "]");
    if (!IsName(tally.sensor())) return Wrong(where, ".sensor: is not a name (1 to 63 of a-z 0-9 - _ .)");
    if (tally.address_seconds() > kIpv4Addresses * window_seconds) {
      return Wrong(where, ".address_seconds: ", tally.address_seconds(), " is more than IPv4 has in ",
                   window_seconds, " s");
    }
    if ((cells += tally.cells_size()) > kMaxDarknetCells) {
      return Wrong(where, ".cells: more than ", kMaxDarknetCells, " in one report");
    }
    for (int j = 0; j < tally.cells_size(); ++j) {
      absl::Status ok = ValidateDarknetCell(absl::StrCat(where, ".cells[", j, "]"), tally.cells(j), sums);
      if (!ok.ok()) return ok;
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateLedger(const v1::Ledger& ledger) {
  const auto at_most = [](std::string_view field, uint64_t value, uint64_t limit) {
    return value <= limit ? absl::OkStatus()
                          : Wrong("ledger.", std::string(field), ": ", value, " is above ", limit);
  };
  for (const absl::Status& status :
       {at_most("received_packets", ledger.received_packets(), kMaxPackets),
        at_most("captured_packets", ledger.captured_packets(), kMaxPackets),
        at_most("captured_wire_octets", ledger.captured_wire_octets(), kMaxOctets),
        at_most("kernel_dropped_packets", ledger.kernel_dropped_packets(), kMaxPackets),
        at_most("interface_dropped_packets", ledger.interface_dropped_packets(), kMaxPackets),
        at_most("flows_evicted", ledger.flows_evicted(), kMaxPackets)}) {
    if (!status.ok()) return status;
  }
  Sums sums;
  for (int i = 0; i < ledger.refused_size(); ++i) {
    const v1::Refused& refused = ledger.refused(i);
    const std::string where = absl::StrCat("ledger.refused[", i, "]");
    if (refused.reason() == v1::REFUSAL_REASON_UNSPECIFIED || !v1::RefusalReason_IsValid(refused.reason())) {
      return Wrong(where, ".reason: ", refused.reason(), " is none that this version knows");
    }
    if (absl::Status ok = AddPackets(where, refused.packets(), sums); !ok.ok()) return ok;
    if (absl::Status ok = AddOctets(absl::StrCat(where, ".wire_octets"), refused.packets(),
                                    refused.wire_octets(), sums.wire_octets);
        !ok.ok()) {
      return ok;
    }
  }
  for (int i = 0; i < ledger.remarked_size(); ++i) {
    const v1::Remarked& remarked = ledger.remarked(i);
    const std::string where = absl::StrCat("ledger.remarked[", i, "]");
    if (remarked.remark() == v1::REMARK_UNSPECIFIED || !v1::Remark_IsValid(remarked.remark())) {
      return Wrong(where, ".remark: ", remarked.remark(), " is none that this version knows");
    }
    if (remarked.packets() > kMaxPackets) {
      return Wrong(where, ".packets: ", remarked.packets(), " is above ", kMaxPackets);
    }
  }
  return absl::OkStatus();
}

}  // namespace

bool IsName(const std::string& text) {
  const auto may_begin = [](char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c); };
  const auto may_follow = [&](char c) { return may_begin(c) || c == '-' || c == '_' || c == '.'; };
  return !text.empty() && text.size() <= 63 && may_begin(text[0]) &&
         std::all_of(text.begin(), text.end(), may_follow);
}

absl::Status ValidateMeasurement(const v1::Measurement& measurement, uint32_t window_seconds) {
  if (measurement.windows() != 1)
    return Wrong("windows: is ", measurement.windows(), ", must be 1 in a report");
  if (measurement.covered_seconds() != window_seconds) {
    return Wrong("covered_seconds: is ", measurement.covered_seconds(), ", must be the window's ",
                 window_seconds);
  }
  if (measurement.evicted_windows() != 0) {
    return Wrong("evicted_windows: is ", measurement.evicted_windows(), ", must be 0 in a report");
  }
  for (const int flag : measurement.flags()) {
    if (flag == v1::QUALITY_FLAG_UNSPECIFIED || !v1::QualityFlag_IsValid(flag)) {
      return Wrong("flags: ", flag, " is none that this version knows");
    }
  }
  if (measurement.cells_size() > kMaxCells) return Wrong("cells: more than ", kMaxCells);
  Sums sums;
  for (int i = 0; i < measurement.cells_size(); ++i) {
    absl::Status ok = ValidateCell(absl::StrCat("cells[", i, "]"), measurement.cells(i), sums);
    if (!ok.ok()) return ok;
  }
  if (absl::Status ok = ValidateDarknet(measurement, window_seconds, sums); !ok.ok()) return ok;
  if (absl::Status ok = ValidateLedger(measurement.ledger()); !ok.ok()) return ok;
  // Last: the order is only defined for values that are known.
  if (!IsCanonical(measurement)) {
    return Wrong("cells, darknet, ledger or flags: are not sorted by their keys, or hold a key twice");
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
