// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/darknet_query.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/range_sum.h"
#include "aggregator/figures/time_steps.h"
#include "aggregator/serve/row_limit.h"

namespace kansoku::aggregator {
namespace {

struct Split {
  bool by_sensor = false;
  bool by_class = false;
  bool by_family = false;
  bool by_protocol = false;
  bool by_port = false;
  bool by_sensor_at_most() const { return !by_class && !by_family && !by_protocol && !by_port; }
};

// Sensor, class, family, protocol and port, zero or empty where not asked for; and always the version of the
// rules.
using CellKey = std::tuple<std::string, v1::DarknetClass, v1::Family, uint32_t, uint32_t, uint32_t>;

// One step of the answer. By sensor, or under "" for all.
struct StepRows {
  std::map<CellKey, v1::DarknetCell> cells;
  std::map<std::pair<std::string, uint32_t>, uint64_t> address_seconds;  // and by version of the rules
  std::map<std::string, std::set<int>> flags;
};

absl::StatusOr<Split> ToSplit(const v1::GetDarknetRequest& request) {
  Split split;
  for (const int dimension : request.by()) {
    switch (dimension) {
      case v1::DARKNET_DIMENSION_SENSOR:
        split.by_sensor = true;
        break;
      case v1::DARKNET_DIMENSION_CLASS:
        split.by_class = true;
        break;
      case v1::DARKNET_DIMENSION_FAMILY:
        split.by_family = true;
        break;
      case v1::DARKNET_DIMENSION_PROTOCOL:
        split.by_protocol = true;
        break;
      case v1::DARKNET_DIMENSION_PORT:
        split.by_port = true;
        break;
      default:
        return absl::InvalidArgumentError(
            absl::StrCat("by: ", dimension, " is not a dimension of the darknet; ",
                         v1::DARKNET_DIMENSION_SENSOR, " to ", v1::DARKNET_DIMENSION_PORT, " are"));
    }
  }
  return split;
}

// Of the points that ever reported an asked sensor (of none asked: any), those sensors. NOT_FOUND names a
// stranger.
absl::StatusOr<SensorsOfPoints> SelectSensors(const StoreReader& store, const std::set<std::string>& asked) {
  auto sensors_of = SensorsByPoint(store);
  if (!sensors_of.ok() || asked.empty()) return sensors_of;
  std::set<std::string> strangers = asked;
  for (auto& [point, sensors] : *sensors_of) {
    for (const std::string& sensor : sensors) strangers.erase(sensor);
    std::erase_if(sensors, [&](const std::string& sensor) { return !asked.contains(sensor); });
  }
  if (!strangers.empty()) {
    return absl::NotFoundError(absl::StrCat("sensors: no collector has reported a sensor \"",
                                            *strangers.begin(),
                                            "\"; GetDarknet by sensor names those there are"));
  }
  std::erase_if(*sensors_of, [](const auto& entry) { return entry.second.empty(); });
  return sensors_of;
}

absl::StatusOr<std::vector<PointRecord>> PointsOf(const StoreReader& store,
                                                  const SensorsOfPoints& sensors_of) {
  auto points = store.Points();
  if (!points.ok()) return points;
  std::erase_if(*points, [&](const PointRecord& point) { return !sensors_of.contains(point.point); });
  return points;
}

void AddCounters(const v1::DarknetCell& from, v1::DarknetCell& into) {
  into.set_packets(into.packets() + from.packets());
  into.set_wire_octets(into.wire_octets() + from.wire_octets());
  into.set_ip_octets(into.ip_octets() + from.ip_octets());
}

// Adds a tally; returns how many rows are new.
size_t AddTally(const v1::DarknetTally& tally, const Split& split, StepRows& rows) {
  const size_t before = rows.cells.size();
  const std::string sensor = split.by_sensor ? tally.sensor() : "";
  rows.flags.try_emplace(sensor);
  rows.address_seconds[{sensor, tally.rules()}] += tally.address_seconds();
  if (split.by_sensor_at_most()) rows.cells[{sensor, {}, {}, 0, 0, tally.rules()}];
  for (const v1::DarknetCell& cell : tally.cells()) {
    AddCounters(
        cell,
        rows.cells[{sensor, split.by_class ? cell.darknet_class() : v1::DarknetClass{},
                    split.by_family ? cell.family() : v1::Family{}, split.by_protocol ? cell.protocol() : 0,
                    split.by_port ? cell.destination_port() : 0, tally.rules()}]);
  }
  return rows.cells.size() - before;
}

void AppendRows(const v1::TimeRange& range, const StepRows& rows, uint32_t top,
                v1::GetDarknetResponse& response) {
  std::vector<std::pair<const CellKey*, const v1::DarknetCell*>> ranked;
  for (const auto& [key, cell] : rows.cells) ranked.emplace_back(&key, &cell);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.second->packets() > b.second->packets(); });
  if (top != 0 && ranked.size() > top) ranked.resize(top);
  for (const auto& [key, cell] : ranked) {
    const auto& [sensor, darknet_class, family, protocol, port, rules] = *key;
    v1::DarknetRow& row = *response.add_rows();
    *row.mutable_range() = range;
    row.set_sensor(sensor);
    *row.mutable_cell() = *cell;
    row.mutable_cell()->set_darknet_class(darknet_class);
    row.mutable_cell()->set_family(family);
    row.mutable_cell()->set_protocol(protocol);
    row.mutable_cell()->set_destination_port(port);
    row.set_rules(rules);
    row.set_address_seconds(rows.address_seconds.at({sensor, rules}));
    const std::set<int>& flags = rows.flags.at(sensor);
    row.mutable_flags()->Assign(flags.begin(), flags.end());
  }
}

}  // namespace

absl::StatusOr<v1::GetDarknetResponse> ReadDarknet(const StoreReader& store,
                                                   const v1::GetDarknetRequest& request) {
  const auto steps = ToTimeSteps(request.range(), request.step_seconds());
  if (!steps.ok()) return steps.status();
  const auto split = ToSplit(request);
  if (!split.ok()) return split.status();
  const std::set<std::string> asked(request.sensors().begin(), request.sensors().end());
  const auto sensors_of = SelectSensors(store, asked);
  if (!sensors_of.ok()) return sensors_of.status();
  const auto points = PointsOf(store, *sensors_of);
  if (!points.ok()) return points.status();

  std::map<int64_t, StepRows> rows;
  uint64_t row_count = 0;
  const absl::Status scanned = ScanSteps(store, *steps, *points, [&](int64_t step, const Bucket& bucket) {
    StepRows& step_rows = rows[step];
    // Also of a window that saw no dark packet: what it missed may have been one.
    for (const std::string& sensor : sensors_of->find(bucket.point)->second) {
      step_rows.flags[split->by_sensor ? sensor : ""].insert(bucket.measurement.flags().begin(),
                                                             bucket.measurement.flags().end());
    }
    for (const v1::DarknetTally& tally : bucket.measurement.darknet()) {
      if (row_count > kMostRows) return;
      if (asked.empty() || asked.contains(tally.sensor())) row_count += AddTally(tally, *split, step_rows);
    }
  });
  if (!scanned.ok()) return scanned;
  if (row_count > kMostRows) return TooManyRows();

  v1::GetDarknetResponse response;
  for (const auto& [step, step_rows] : rows) {
    AppendRows(steps->StepRange(step), step_rows, request.top(), response);
  }
  return response;
}

}  // namespace kansoku::aggregator
