// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/day_totals.h"

#include <cstdint>
#include <map>

namespace kansoku::aggregator {

v1::TelescopeDay TotalsOf(const v1::TelescopeDay& day) {
  v1::TelescopeDay totals;
  totals.set_day(day.day());
  totals.set_revision(day.revision());
  totals.set_computed_unix_seconds(day.computed_unix_seconds());
  totals.set_windows(day.windows());
  totals.set_expected_windows(day.expected_windows());
  *totals.mutable_flags() = day.flags();
  std::map<v1::Family, uint64_t> packets;
  uint64_t address_seconds = 0;
  for (const v1::SensorDay& sensor : day.sensors()) {
    address_seconds += sensor.address_seconds();
    for (const v1::ClassDay& of_class : sensor.classes()) packets[of_class.family()] += of_class.packets();
  }
  v1::SensorDay& all = *totals.add_sensors();
  all.set_address_seconds(address_seconds);
  for (const auto& [family, of_family] : packets) {
    v1::ClassDay& any_class = *all.add_classes();
    any_class.set_family(family);
    any_class.set_packets(of_family);
  }
  return totals;
}

}  // namespace kansoku::aggregator
