// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/window_cells.h"

#include <algorithm>
#include <numeric>

namespace kansoku::collector {
namespace {

// The bit above the class keeps the key from being 0.
uint64_t KeyOf(TrafficClass traffic_class) { return uint64_t{1} << 32 | traffic_class.bits(); }

}  // namespace

uint16_t WindowCells::IdOf(TrafficClass traffic_class) {
  uint32_t& id_plus_1 = ids_[KeyOf(traffic_class)];
  if (id_plus_1 == 0) {
    classes_.push_back(traffic_class);
    cells_.emplace_back();
    if (has_statistics_) statistics_.push_back(std::make_unique<ClassStatistics>());
    if (sampling_interval_ > 1) samples_.emplace_back();
    id_plus_1 = static_cast<uint32_t>(classes_.size());
  }
  return static_cast<uint16_t>(id_plus_1 - 1);
}

void WindowCells::CountSample(uint16_t id, const DecodedPacket& packet, Segmentation added) {
  samples_[id].packets.Add(1 + added.packets);
  samples_[id].wire_octets.Add(packet.wire_octets + added.wire_octets);
  samples_[id].ip_octets.Add(packet.ip_octets);
}

void WindowCells::MoveTo(google::protobuf::RepeatedPtrField<v1::Cell>& cells) {
  std::vector<size_t> ids(classes_.size());
  std::iota(ids.begin(), ids.end(), size_t{0});
  std::sort(ids.begin(), ids.end(), [this](size_t a, size_t b) { return classes_[a] < classes_[b]; });
  for (const size_t id : ids) {
    if (cells_[id].packets > 0 || cells_[id].flows > 0 || HasStatistics(id)) Fill(id, *cells.Add());
  }
}

bool WindowCells::HasStatistics(size_t id) const { return has_statistics_ && !statistics_[id]->empty(); }

void WindowCells::Fill(size_t id, v1::Cell& cell) {
  const Cell& counted = cells_[id];
  *cell.mutable_traffic_class() = classes_[id].ToMessage();
  cell.set_packets(counted.packets);
  cell.set_wire_octets(counted.wire_octets);
  cell.set_ip_octets(counted.ip_octets);
  cell.set_outer_ip_octets(counted.outer_ip_octets);
  cell.set_inner_ip_octets(counted.inner_ip_octets);
  cell.set_flows(counted.flows);
  cell.set_new_flows(counted.new_flows);
  if (HasStatistics(id)) statistics_[id]->MoveTo(*cell.mutable_statistics());
  if (sampling_interval_ > 1 && counted.packets > 0) {
    *cell.mutable_estimate() = EstimateFrom(samples_[id], sampling_interval_);
    samples_[id] = {};
  }
  cells_[id] = {};
}

}  // namespace kansoku::collector
