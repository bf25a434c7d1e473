// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/hour_tables.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"

namespace kansoku::aggregator {
namespace {

using Key = std::vector<uint32_t>;
// Called for each key with its packets.
using AddPackets = absl::FunctionRef<void(Key, uint64_t)>;

absl::Status ByHour(const StoreReader& store, const TimeSteps& range, uint32_t fewest,
                    absl::FunctionRef<void(const v1::Measurement&, const std::string*, AddPackets)> parts_of,
                    VisitHour visit) {
  const auto points = store.Points();
  if (!points.ok()) return points.status();
  std::map<std::string, std::string, std::less<>> isps;
  for (const PointRecord& point : *points) isps[point.point] = point.isp;

  int64_t start = 0;
  absl::flat_hash_map<Key, TablePart> parts;  // of the hour that begins there
  const auto end_hour = [&] {
    if (parts.empty()) return;
    HourTable table{.start_unix_seconds = start, .parts = {}};
    for (auto& [key, part] : parts) {
      part.key = key;
      table.parts.push_back(std::move(part));
    }
    parts.clear();
    std::sort(table.parts.begin(), table.parts.end(),
              [](const TablePart& one, const TablePart& other) { return one.key < other.key; });
    visit(table);
  };
  const absl::Status scanned = store.Scan(
      Tier::kHour, range.start_unix_seconds, range.end_unix_seconds, {}, [&](const Bucket& bucket) {
        if (bucket.start_unix_seconds != start) {
          end_hour();
          start = bucket.start_unix_seconds;
        }
        // A point that is newer than what was read above is of an ISP that nobody knows: none.
        const auto found = isps.find(bucket.point);
        const std::string* const isp = found == isps.end() ? nullptr : &found->second;
        parts_of(bucket.measurement, isp, [&](Key key, uint64_t packets) {
          TablePart& part = parts[std::move(key)];
          part.packets += packets;
          if (packets > 0 && isp != nullptr && part.isps.size() < fewest) part.isps.insert(*isp);
        });
      });
  if (scanned.ok()) end_hour();
  return scanned;
}

}  // namespace

absl::Status TrafficByHour(const StoreReader& store, const TimeSteps& range, uint32_t fewest,
                           VisitHour visit) {
  const auto parts_of = [](const v1::Measurement& measurement, const std::string* /*isp*/, AddPackets add) {
    for (const v1::Cell& cell : measurement.cells()) {
      const v1::TrafficClass& key = cell.traffic_class();
      add({static_cast<uint32_t>(key.group()), static_cast<uint32_t>(key.access()),
           static_cast<uint32_t>(key.direction()), static_cast<uint32_t>(key.family()),
           static_cast<uint32_t>(key.transport()), static_cast<uint32_t>(key.technology()),
           static_cast<uint32_t>(key.carrier())},
          cell.packets());
    }
  };
  return ByHour(store, range, fewest, parts_of, visit);
}

TrafficClass TrafficClassOf(const TablePart& part) {
  v1::TrafficClass key;
  key.set_group(static_cast<v1::Group>(part.key[0]));
  key.set_access(static_cast<v1::Access>(part.key[1]));
  key.set_direction(static_cast<v1::Direction>(part.key[2]));
  key.set_family(static_cast<v1::Family>(part.key[3]));
  key.set_transport(static_cast<v1::Transport>(part.key[4]));
  key.set_technology(static_cast<v1::Technology>(part.key[5]));
  key.set_carrier(static_cast<v1::Carrier>(part.key[6]));
  return TrafficClass(key);
}

absl::Status DarknetByHour(const StoreReader& store, const TimeSteps& range, uint32_t fewest,
                           VisitHour visit) {
  return DarknetByHour(store, range, fewest, visit, [](const v1::Measurement&, const std::string*) {});
}

absl::Status DarknetByHour(const StoreReader& store, const TimeSteps& range, uint32_t fewest, VisitHour visit,
                           VisitPoint visit_point) {
  const auto parts_of = [&](const v1::Measurement& measurement, const std::string* isp, AddPackets add) {
    visit_point(measurement, isp);
    for (const v1::DarknetTally& tally : measurement.darknet()) {
      for (const v1::DarknetCell& cell : tally.cells()) {
        add({static_cast<uint32_t>(cell.family()), static_cast<uint32_t>(cell.darknet_class()),
             cell.protocol(), cell.destination_port(), tally.rules()},
            cell.packets());
      }
    }
  };
  return ByHour(store, range, fewest, parts_of, visit);
}

}  // namespace kansoku::aggregator
