// SPDX-License-Identifier: Apache-2.0
//
// Days of a telescope, made up: what serves them does not make them.
#pragma once

#include <cstdint>
#include <string>

#include "aggregator/figures/port_categories.h"
#include "kansoku/v1/telescope_day.pb.h"

namespace kansoku::aggregator {

inline constexpr uint64_t kSampleDayWindows = 8'640;

// So few hosts that each has a register of its own, by TCP SYN.
inline v1::SourceSketch SampleSketch(uint64_t hosts) {
  v1::SourceSketch sketch;
  sketch.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
  sketch.set_family(v1::FAMILY_IPV4);
  sketch.set_protocol(6);
  for (uint32_t host = 0; host < hosts; ++host) sketch.add_few(host * 64 + 1);
  return sketch;
}

// 256 addresses; of the packets three quarters are for 23/TCP and a quarter for 80/TCP, of which half are a
// survey scanner's. As many hosts probed each port as is its number.
inline v1::TelescopeDay SampleDay(const std::string& day, uint64_t packets, uint32_t revision = 1,
                                  const std::string& isp = "") {
  v1::TelescopeDay made;
  made.set_day(day);
  made.set_isp(isp);
  made.set_revision(revision);
  made.set_windows(kSampleDayWindows);
  made.set_expected_windows(kSampleDayWindows);
  v1::SensorDay& sensor = *made.add_sensors();
  sensor.set_sensor("kyoto");
  sensor.set_address_seconds(256 * 86'400);
  v1::ClassDay& of_class = *sensor.add_classes();
  of_class.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
  of_class.set_family(v1::FAMILY_IPV4);
  of_class.set_packets(packets);
  const auto add_port = [&](uint32_t port, uint64_t of_port, uint64_t survey) {
    v1::PortDay& added = *made.add_ports();
    added.set_protocol(6);
    added.set_port(port);
    added.set_packets(of_port);
    added.set_survey_packets(survey);
    added.set_probe_hosts(port);
    added.set_survey_hosts(survey > 0 ? 1 : 0);
  };
  add_port(23, packets - packets / 4, 0);
  add_port(80, packets / 4, packets / 8);
  v1::SourcesDay& sources = *made.mutable_sources();
  sources.set_source_key(7);
  sources.set_judged_in_revision(1);
  sources.set_rules(1);
  sources.set_survey_sources(1);
  sources.set_survey_packets(packets / 8);
  sources.set_victims(2);
  *sources.add_sketches() = SampleSketch(1);
  *sources.add_non_survey_sketches() = SampleSketch(1);
  return made;
}

inline constexpr char kSampleCategories[] =
    "protocol,port,category,also,valid_from,source\n"
    "tcp,23,iot,,2015-01-01,made up\n"
    "tcp,80,http,iot,2015-01-01,made up\n";

inline PortCategories SampleCategories() {
  return *PortCategories::Parse(kSampleCategories, "port_categories.csv");
}

}  // namespace kansoku::aggregator
