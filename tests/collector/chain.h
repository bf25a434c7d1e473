// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "collector/classify/classifier.h"
#include "collector/decode/decoder.h"
#include "collector/meter/link_meter.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

// A worker's chain behind its source: decode, classify, meter. Subscribers are 10.0.0.0/8 and
// 2001:db8:1::/48, dark are 198.51.100.0/24 and 2001:db8:dead::/48. One thread.
class Chain {
 public:
  explicit Chain(const DecodeOptions& options = {}, uint32_t flow_table_entries = 1024);

  void Meter(std::span<const PacketView> burst);

  // The sum of all windows so far. Ends them.
  v1::Measurement Finish();

 private:
  const DecodeOptions options_;
  Classifier classifier_;
  v1::Measurement sum_;
  CaptureStats stats_;
  LinkMeter meter_;
};

// Empty, or the accounting identities that do not hold.
std::string ViolatedIdentities(const v1::Measurement& measurement);

}  // namespace kansoku::collector
