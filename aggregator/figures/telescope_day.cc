// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/telescope_day.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "proto/contract/dark_prefixes.h"
#include "proto/contract/darknet_ways.h"
#include "proto/contract/measurement.h"

namespace kansoku::aggregator {
namespace {

struct Sensor {
  std::map<std::pair<v1::DarknetClass, v1::Family>, uint64_t> packets;
  SecondsByHour observed;
  v1::SensorDay day;  // its seconds and soft flags
};

// A sensor that moves from one point to another is observed by both, one after the other.
void AddWatched(const SecondsByHour& watched, SecondsByHour& observed) {
  for (const auto& [hour, seconds] : watched) observed[hour] = std::max(observed[hour], seconds);
}

uint64_t SumOf(const SecondsByHour& observed) {
  uint64_t sum = 0;
  for (const auto& [hour, seconds] : observed) sum += seconds;
  return sum;
}

uint64_t PacketsIf(const v1::TelescopeDay& day, bool ipv4_only) {
  uint64_t packets = 0;
  for (const v1::SensorDay& sensor : day.sensors()) {
    for (const v1::ClassDay& of_class : sensor.classes()) {
      if (!ipv4_only || of_class.family() == v1::FAMILY_IPV4) packets += of_class.packets();
    }
  }
  return packets;
}

}  // namespace

Rational AddressesOf(const v1::TelescopeDay& day) {
  Integer address_seconds = 0;
  for (const v1::SensorDay& sensor : day.sensors()) address_seconds += ToInteger(sensor.address_seconds());
  return QuotientOf(address_seconds, kSecondsOfADay);
}

uint64_t Ipv4PacketsOf(const v1::TelescopeDay& day) { return PacketsIf(day, true); }
uint64_t PacketsOf(const v1::TelescopeDay& day) { return PacketsIf(day, false); }

bool HasBackscatter(const v1::TelescopeDay& day) {
  for (const v1::SensorDay& sensor : day.sensors()) {
    for (const v1::ClassDay& of_class : sensor.classes()) {
      const bool is_backscatter = of_class.darknet_class() == v1::DARKNET_CLASS_BACKSCATTER_SYN_ACK ||
                                  of_class.darknet_class() == v1::DARKNET_CLASS_BACKSCATTER_RST ||
                                  of_class.darknet_class() == v1::DARKNET_CLASS_BACKSCATTER_ICMP;
      if (is_backscatter && of_class.packets() > 0) return true;
    }
  }
  return false;
}

SurveyThresholds ThresholdsFor(std::span<const PointSum> points, const Rational& packets_per_address,
                               uint32_t ports) {
  Integer address_seconds = 0;
  for (const PointSum& point : points) {
    for (const v1::DarknetTally& tally : point.measurement.darknet()) {
      if (tally.source_key() != 0) address_seconds += ToInteger(tally.address_seconds());
    }
  }
  const Rational addresses = QuotientOf(address_seconds, kSecondsOfADay);
  const Integer packets(ToDecimal(addresses * packets_per_address, 0));
  // More than IPv4 has addresses, a day's mean cannot be.
  return {.packets = std::max<uint64_t>(packets.get_ui(), 1), .ports = ports};
}

v1::TelescopeDay MakeTelescopeDay(std::string day, std::span<const PointSum> points) {
  v1::TelescopeDay made;
  made.set_day(std::move(day));
  std::map<std::string, Sensor> sensors;
  std::map<std::pair<uint32_t, uint32_t>, uint64_t> ports;
  std::set<int> flags;
  std::set<uint32_t> rules;
  SecondsByHour observed;
  for (const PointSum& point : points) {
    if (point.sensors.empty()) continue;
    made.set_windows(made.windows() + point.measurement.windows());
    made.set_expected_windows(made.expected_windows() + point.expected_windows);
    flags.insert(point.measurement.flags().begin(), point.measurement.flags().end());
    AddClassRules(point.measurement, rules);
    for (const std::string& sensor : point.sensors) sensors[sensor];
    for (const v1::DarknetTally& tally : point.measurement.darknet()) {
      Sensor& sensor = sensors[tally.sensor()];
      MergeAddressSeconds(tally, sensor.day);
      if (tally.has_soft_flags()) Merge(tally.soft_flags(), *sensor.day.mutable_soft_flags());
      for (const v1::DarknetCell& cell : tally.cells()) {
        sensor.packets[{cell.darknet_class(), cell.family()}] += cell.packets();
        const bool is_of_port = cell.family() == v1::FAMILY_IPV4 && cell.destination_port() != 0;
        if (is_of_port) ports[{cell.protocol(), cell.destination_port()}] += cell.packets();
      }
    }
    for (const auto& [sensor, watched] : point.watched) {
      AddWatched(watched, sensors[sensor].observed);
      AddWatched(watched, observed);
    }
  }
  made.set_observed_seconds(SumOf(observed));
  made.mutable_flags()->Assign(flags.begin(), flags.end());
  made.mutable_rules()->Assign(rules.begin(), rules.end());
  for (auto& [name, sensor] : sensors) {
    v1::SensorDay& of_sensor = *made.add_sensors();
    of_sensor = std::move(sensor.day);
    of_sensor.set_sensor(name);
    of_sensor.set_observed_seconds(SumOf(sensor.observed));
    for (const auto& [key, packets] : sensor.packets) {
      v1::ClassDay& of_class = *of_sensor.add_classes();
      of_class.set_darknet_class(key.first);
      of_class.set_family(key.second);
      of_class.set_packets(packets);
    }
  }
  for (const auto& [port, packets] : ports) {
    v1::PortDay& of_port = *made.add_ports();
    of_port.set_protocol(port.first);
    of_port.set_port(port.second);
    of_port.set_packets(packets);
  }
  return made;
}

}  // namespace kansoku::aggregator
