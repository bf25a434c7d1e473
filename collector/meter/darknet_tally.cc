// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/darknet_tally.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>
#include <vector>

#include "proto/contract/measurement.h"
#include "proto/contract/report_limits.h"

namespace kansoku::collector {
namespace {

// Packed so that the order of keys is the order of a canonical report. Never 0: every packet has a class.
constexpr int kSensorShift = 40, kClassShift = 32, kFamilyShift = 24, kProtocolShift = 16;
constexpr uint64_t kPort = 0xffff;
static_assert(v1::DarknetClass_ARRAYSIZE <= 1 << (kSensorShift - kClassShift));

// Cells of one sensor that differ in more than their port, so many at most: fragments, other protocols and
// what is malformed may be of any protocol, each other class is of one.
constexpr size_t kFamilies = 2, kProtocols = 256, kClassesOfAnyProtocol = 3;
constexpr size_t kCellsWithoutPort =
    kFamilies * (kProtocols * kClassesOfAnyProtocol + v1::DarknetClass_ARRAYSIZE);
static_assert(kMaxSensors * kCellsWithoutPort < kMaxDarknetCells);

// Room for every cell without a port is set aside.
size_t MostCellsWithPort(size_t sensors) {
  return kMaxDarknetCells - std::min<size_t>(sensors, kMaxSensors) * kCellsWithoutPort;
}

}  // namespace

DarknetTally::DarknetTally(size_t sensors, uint64_t hash_seed)
    : cells_with_port_(MostCellsWithPort(sensors)), cells_(hash_seed), soft_flags_(sensors) {}

uint64_t DarknetTally::KeyOf(size_t sensor, v1::DarknetClass darknet_class, const DecodedPacket& packet) {
  const uint64_t family = packet.ip_version == 4 ? v1::FAMILY_IPV4 : v1::FAMILY_IPV6;
  return uint64_t{sensor} << kSensorShift | static_cast<uint64_t>(darknet_class) << kClassShift |
         family << kFamilyShift | static_cast<uint64_t>(packet.protocol) << kProtocolShift |
         packet.destination_port;
}

bool DarknetTally::Count(uint64_t key, const DecodedPacket& packet, uint8_t soft_flags, Segmentation added) {
  bool has_room = true;
  if (cells_.size() >= cells_with_port_ && (key & kPort) != 0 && !cells_.Contains(key)) [[unlikely]] {
    has_room = false;
    key &= ~kPort;
  }
  const uint64_t packets = 1 + added.packets;
  SoftFlagCounters& odd = soft_flags_[key >> kSensorShift];
  odd.examined += packets;
  if ((soft_flags & kAnyFlag) != 0) odd.any += packets;
  for (uint32_t left = soft_flags; left != 0; left &= left - 1)
    odd.of_flag[static_cast<size_t>(std::countr_zero(left))] += packets;
  Counters& cell = cells_[key];
  cell.packets += packets;
  cell.wire_octets += packet.wire_octets + added.wire_octets;
  cell.ip_octets += packet.ip_octets;
  return has_room;
}

void DarknetTally::MoveTo(absl::FunctionRef<Cells&(size_t sensor)> cells_of) {
  cells_.VisitSorted([&](uint64_t key, const Counters& counted) {
    v1::DarknetCell& cell = *cells_of(key >> kSensorShift).Add();
    cell.set_darknet_class(static_cast<v1::DarknetClass>(key >> kClassShift & 0xff));
    cell.set_family(static_cast<v1::Family>(key >> kFamilyShift & 0xff));
    cell.set_protocol(static_cast<uint32_t>(key >> kProtocolShift & 0xff));
    cell.set_destination_port(static_cast<uint32_t>(key & kPort));
    cell.set_packets(counted.packets);
    cell.set_wire_octets(counted.wire_octets);
    cell.set_ip_octets(counted.ip_octets);
  });
  cells_.Clear();
}

void DarknetTally::MoveSoftFlagsTo(size_t sensor, v1::DarknetTally& tally) {
  const SoftFlagCounters counted = std::exchange(soft_flags_[sensor], {});
  const auto of = [&](SoftFlag flag) {
    return counted.of_flag[static_cast<size_t>(std::countr_zero(uint8_t{flag}))];
  };
  v1::SoftFlags& told = *tally.mutable_soft_flags();
  told.set_examined(counted.examined);
  told.set_high_ttl(of(kHighTtl));
  told.set_network_source(of(kNetworkSource));
  told.set_own_source(of(kOwnSource));
  told.set_port_zero(of(kPortZero));
  told.set_any(counted.any);
  told.set_foreign_quote(of(kForeignQuote));
}

void BoundDarknetCells(v1::Measurement& measurement) {
  size_t cells = 0;
  for (const v1::DarknetTally& tally : measurement.darknet())
    cells += static_cast<size_t>(tally.cells_size());
  if (cells <= kMaxDarknetCells) return;

  std::vector<v1::DarknetCell*> with_port;
  for (v1::DarknetTally& tally : *measurement.mutable_darknet()) {
    for (v1::DarknetCell& cell : *tally.mutable_cells()) {
      if (cell.destination_port() != 0) with_port.push_back(&cell);
    }
  }
  // Of equal ones those that come first are kept.
  std::stable_sort(
      with_port.begin(), with_port.end(),
      [](const v1::DarknetCell* a, const v1::DarknetCell* b) { return a->packets() > b->packets(); });
  const size_t kept =
      std::min(with_port.size(), MostCellsWithPort(static_cast<size_t>(measurement.darknet_size())));
  v1::Remarked& remarked = *measurement.mutable_ledger()->add_remarked();
  remarked.set_remark(v1::REMARK_DARKNET_PORT_LOST);
  for (size_t i = kept; i < with_port.size(); ++i) {
    remarked.set_packets(remarked.packets() + with_port[i]->packets());
    with_port[i]->set_destination_port(0);
  }
  Canonicalize(measurement);
}

void BoundDarkPrefixes(v1::Measurement& measurement) {
  int prefixes = 0;
  for (const v1::DarknetTally& tally : measurement.darknet()) prefixes += tally.prefixes_size();
  if (prefixes <= kMaxDarkPrefixes) return;
  for (v1::DarknetTally& tally : *measurement.mutable_darknet()) tally.clear_prefixes();
}

}  // namespace kansoku::collector
