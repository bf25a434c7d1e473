// SPDX-License-Identifier: Apache-2.0
//
// Short spellings of measurements, for tests.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "aggregator/figures/range_sum.h"
#include "kansoku/v1/query.pb.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/measurement.h"

namespace kansoku::aggregator {

inline v1::Cell SubscriberCell(v1::Group group, v1::Access access, v1::Direction direction,
                               uint64_t ip_octets, uint64_t wire_octets) {
  v1::Cell cell;
  cell.mutable_traffic_class()->set_group(group);
  cell.mutable_traffic_class()->set_access(access);
  cell.mutable_traffic_class()->set_direction(direction);
  cell.set_packets(1);
  cell.set_ip_octets(ip_octets);
  cell.set_wire_octets(wire_octets);
  return cell;
}

inline v1::DarknetCell PortCell(uint32_t protocol, uint32_t port, uint64_t packets,
                                v1::Family family = v1::FAMILY_IPV4) {
  v1::DarknetCell cell;
  cell.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
  cell.set_family(family);
  cell.set_protocol(protocol);
  cell.set_destination_port(port);
  cell.set_packets(packets);
  return cell;
}

inline v1::DarknetTally Tally(std::string sensor, uint64_t address_seconds,
                              std::vector<v1::DarknetCell> cells) {
  v1::DarknetTally tally;
  tally.set_sensor(std::move(sensor));
  tally.set_address_seconds(address_seconds);
  for (v1::DarknetCell& cell : cells) *tally.add_cells() = std::move(cell);
  return tally;
}

// `windows` of ten seconds present.
inline PointSum Point(std::string name, v1::Group group, uint64_t windows, uint64_t expected_windows,
                      std::vector<v1::Cell> cells, std::vector<v1::DarknetTally> tallies = {}) {
  PointSum sum;
  sum.point.point = std::move(name);
  sum.point.group = group;
  sum.point.window_seconds = 10;
  sum.expected_windows = expected_windows;
  sum.measurement.set_windows(windows);
  sum.measurement.set_covered_seconds(windows * 10);
  for (v1::Cell& cell : cells) *sum.measurement.add_cells() = std::move(cell);
  for (v1::DarknetTally& tally : tallies) {
    sum.sensors.push_back(tally.sensor());
    if (tally.address_seconds() > 0) sum.watched[tally.sensor()][0] = windows * 10;
    *sum.measurement.add_darknet() = std::move(tally);
  }
  Canonicalize(sum.measurement);
  return sum;
}

// "reason: because"; empty where there is a value.
inline std::string Why(const v1::Figure& figure) {
  if (figure.withheld_reason() == v1::WITHHELD_REASON_UNSPECIFIED) return figure.withheld_because();
  return EnumLabel(figure.withheld_reason()) + ": " + figure.withheld_because();
}

// The figure of this id that has exactly these labels; a failure and an empty one if there is none.
inline v1::Figure Find(const std::vector<v1::Figure>& figures, const std::string& id,
                       const std::map<std::string, std::string>& labels) {
  for (const v1::Figure& figure : figures) {
    if (figure.id() == id &&
        std::map<std::string, std::string>(figure.labels().begin(), figure.labels().end()) == labels) {
      return figure;
    }
  }
  ADD_FAILURE() << "no figure " << id << " with these labels among " << figures.size();
  return {};
}

}  // namespace kansoku::aggregator
