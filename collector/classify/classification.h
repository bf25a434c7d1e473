// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kansoku/v1/report.pb.h"
#include "proto/contract/traffic_class.h"

namespace kansoku::collector {

// Where one packet counts: in a traffic class, or at a sensor of a telescope; never in both.
struct Classification {
  static constexpr int kNoSensor = -1;

  int sensor = kNoSensor;      // index of the sensor, in the classifier's order
  TrafficClass traffic_class;  // without a sensor
  v1::DarknetClass darknet_class = v1::DARKNET_CLASS_UNSPECIFIED;  // with a sensor

  bool is_dark() const { return sensor != kNoSensor; }
};

}  // namespace kansoku::collector
