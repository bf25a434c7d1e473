// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/dark_meter.h"

#include <utility>

#include "collector/classify/darknet_class.h"

namespace kansoku::collector {

DarkMeter::DarkMeter(std::vector<std::string> sensors, AddressSeconds address_seconds, bool has_subscribers,
                     uint64_t hash_seed)
    : hash_seed_(hash_seed),
      sensors_(std::move(sensors)),
      address_seconds_(std::move(address_seconds)),
      tally_(sensors_.size(), hash_seed),
      has_subscribers_(has_subscribers) {}

void DarkMeter::Watch(std::vector<std::string> sensors, AddressSeconds address_seconds,
                      bool has_subscribers) {
  sensors_ = std::move(sensors);
  address_seconds_ = std::move(address_seconds);
  has_subscribers_ = has_subscribers;
  tally_ = DarknetTally(sensors_.size(), hash_seed_);
  if (sources_.has_value()) sources_->WatchSensors(sensors_.size());
}

void DarkMeter::MoveTo(int64_t window_first_unix_ns, v1::WindowReport& report) {
  std::vector<v1::DarknetTally> tallies(sensors_.size());
  tally_.MoveTo(
      [&tallies](size_t sensor) -> DarknetTally::Cells& { return *tallies[sensor].mutable_cells(); });
  for (size_t sensor = 0; sensor < tallies.size(); ++sensor) {
    v1::DarknetTally& tally = tallies[sensor];
    tally.set_sensor(sensors_[sensor]);
    tally.set_rules(kDarknetRules);
    tally_.MoveSoftFlagsTo(sensor, tally);
    if (address_seconds_) {
      for (v1::DarkPrefix& prefix :
           address_seconds_(sensor, report.window_start_unix_seconds(), report.window_seconds())) {
        tally.set_address_seconds(tally.address_seconds() + prefix.address_seconds());
        *tally.add_prefixes() = std::move(prefix);
      }
    }
    if (sources_.has_value()) sources_->MoveSketchesTo(sensor, tally);
    if (tally.cells_size() > 0 || tally.address_seconds() > 0)
      *report.mutable_measurement()->add_darknet() = std::move(tally);
  }
  if (sources_.has_value()) sources_->MoveTo(sensors_, window_first_unix_ns, report);
  if (has_subscribers_ && !sensors_.empty() && subscriber_hash_.has_value())
    subscriber_sink_(std::exchange(subscribers_, {}));
}

}  // namespace kansoku::collector
