// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/darknet_validation.h"

#include "aggregator/ingest/report_sums.h"
#include "aggregator/ingest/report_validation.h"
#include "aggregator/ingest/wrong.h"
#include "proto/contract/name.h"
#include "proto/contract/report_limits.h"
#include "proto/contract/source_sketch.h"

namespace kansoku::aggregator {
namespace {

constexpr uint64_t kIpv4Addresses = uint64_t{1} << 32;

// What all darknet cells of a report add up to.
struct DarknetSums {
  PacketSum packets;
  OctetSum wire_octets, ip_octets;
};

// What a cell and a sketch have in common.
template <typename Entry>
absl::Status ValidateDarknetKey(const Place& where, const Entry& entry) {
  if (entry.darknet_class() == v1::DARKNET_CLASS_UNSPECIFIED ||
      !v1::DarknetClass_IsValid(entry.darknet_class())) {
    return Wrong(where, ".darknet_class: ", entry.darknet_class(), " is none that this version knows");
  }
  if (entry.family() == v1::FAMILY_UNSPECIFIED || !v1::Family_IsValid(entry.family())) {
    return Wrong(where, ".family: ", entry.family(), " is none that this version knows");
  }
  if (entry.protocol() > kMaxProtocol) return Wrong(where, ".protocol: ", entry.protocol(), " is above 255");
  return absl::OkStatus();
}

absl::Status ValidateDarknetCell(const Place& where, const v1::DarknetCell& cell, DarknetSums& sums) {
  if (absl::Status ok = ValidateDarknetKey(where, cell); !ok.ok()) return ok;
  if (cell.destination_port() > kMaxPort) {
    return Wrong(where, ".destination_port: ", cell.destination_port(), " is above 65535");
  }
  for (const absl::Status& ok :
       {sums.packets.Add(where, ".packets", cell.packets()),
        sums.wire_octets.Add(where, ".wire_octets", cell.packets(), cell.wire_octets()),
        sums.ip_octets.Add(where, ".ip_octets", cell.packets(), cell.ip_octets())}) {
    if (!ok.ok()) return ok;
  }
  return absl::OkStatus();
}

absl::Status ValidateSketch(const Place& where, const v1::SourceSketch& sketch) {
  if (absl::Status ok = ValidateDarknetKey(where, sketch); !ok.ok()) return ok;
  if (!IsCanonical(sketch)) {
    return Wrong(where, ": its registers are not up to ", kMaxFewRegisters,
                 " in `few`, rising, with values of 1 to ", kMaxSketchValue, ", nor more of them among ",
                 kSketchRegisters, " in `registers`");
  }
  return absl::OkStatus();
}

// Whoever looks for flags looks at every packet that it counts; cells are valid.
absl::Status ValidateSoftFlags(const Place& where, const v1::DarknetTally& tally) {
  const v1::SoftFlags& flags = tally.soft_flags();
  uint64_t packets = 0;
  for (const v1::DarknetCell& cell : tally.cells()) packets += cell.packets();
  if (flags.examined() != packets) {
    return Wrong(where, ".examined: ", flags.examined(), " packets, the cells have ", packets);
  }
  for (const absl::Status& ok :
       {AtMost(where, ".any", flags.any(), "examined", flags.examined()),
        AtMost(where, ".high_ttl", flags.high_ttl(), "any", flags.any()),
        AtMost(where, ".network_source", flags.network_source(), "any", flags.any()),
        AtMost(where, ".own_source", flags.own_source(), "any", flags.any()),
        AtMost(where, ".port_zero", flags.port_zero(), "any", flags.any()),
        AtMost(where, ".foreign_quote", flags.foreign_quote(), "examined", flags.examined())}) {
    if (!ok.ok()) return ok;
  }
  const uint64_t each = flags.high_ttl() + flags.network_source() + flags.own_source() + flags.port_zero();
  return AtMost(where, ".any", flags.any(), "the flags together", each);
}

// Which addresses they are is for their owner: a message is not.
absl::Status ValidatePrefixes(const Place& where, const v1::DarknetTally& tally) {
  if (tally.prefixes().empty()) return absl::OkStatus();
  uint64_t rest = tally.address_seconds();
  for (int i = 0; i < tally.prefixes_size(); ++i) {
    const v1::DarkPrefix& prefix = tally.prefixes(i);
    const Place place = {&where, ".prefixes", i};
    if (prefix.length() > 32) return Wrong(place, ".length: ", prefix.length(), " is above 32");
    if ((prefix.address() & ((kIpv4Addresses - 1) >> prefix.length())) != 0) {
      return Wrong(place, ".address: has bits set after its length, ", prefix.length());
    }
    if (prefix.address_seconds() > rest) {
      return Wrong(place, ".address_seconds: ", prefix.address_seconds(), " brings the prefixes above the ",
                   tally.address_seconds(), " of their sensor");
    }
    rest -= prefix.address_seconds();
  }
  if (rest == 0) return absl::OkStatus();
  return Wrong(where, ".prefixes: add up to ", tally.address_seconds() - rest,
               " address_seconds, their sensor has ", tally.address_seconds());
}

}  // namespace

absl::Status ValidateDarknet(const v1::Measurement& measurement, uint32_t window_seconds) {
  if (measurement.darknet_size() > kMaxSensors) {
    return Wrong("darknet: ", measurement.darknet_size(), " sensors, more than ", kMaxSensors);
  }
  int cells = 0, sketches = 0, prefixes = 0;
  DarknetSums sums;
  for (int i = 0; i < measurement.darknet_size(); ++i) {
    const v1::DarknetTally& tally = measurement.darknet(i);
    const Place where = {nullptr, "darknet", i};
    if (!IsName(tally.sensor())) return Wrong(where, ".sensor: is not a name (1 to 63 of a-z 0-9 - _ .)");
    if (i > 0 && tally.sensor() == measurement.darknet(i - 1).sensor()) {
      return Wrong(where,
                   ".sensor: is that of the tally before it; a window has one key and one set of rules");
    }
    if (tally.address_seconds() > kIpv4Addresses * window_seconds) {
      return Wrong(where, ".address_seconds: ", tally.address_seconds(), " is more than IPv4 has in ",
                   window_seconds, " s");
    }
    if ((prefixes += tally.prefixes_size()) > kMaxDarkPrefixes) {
      return Wrong(where, ".prefixes: more than ", kMaxDarkPrefixes, " in one report");
    }
    if (absl::Status ok = ValidatePrefixes(where, tally); !ok.ok()) return ok;
    if ((cells += tally.cells_size()) > kMaxDarknetCells) {
      return Wrong(where, ".cells: more than ", kMaxDarknetCells, " in one report");
    }
    for (int j = 0; j < tally.cells_size(); ++j) {
      absl::Status ok = ValidateDarknetCell({&where, ".cells", j}, tally.cells(j), sums);
      if (!ok.ok()) return ok;
    }
    if (tally.has_soft_flags()) {
      if (absl::Status ok = ValidateSoftFlags({&where, ".soft_flags"}, tally); !ok.ok()) return ok;
    }
    if ((sketches += tally.sketches_size()) > kMaxSourceSketches) {
      return Wrong(where, ".sketches: more than ", kMaxSourceSketches, " in one report");
    }
    if (tally.sketches_size() > 0 && tally.source_key() == 0) {
      return Wrong(where, ".sketches: without a source_key nobody can tell what they may be merged with");
    }
    for (int j = 0; j < tally.sketches_size(); ++j) {
      absl::Status ok = ValidateSketch({&where, ".sketches", j}, tally.sketches(j));
      if (!ok.ok()) return ok;
    }
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
