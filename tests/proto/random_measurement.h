// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <random>

#include "kansoku/v1/report.pb.h"

namespace kansoku {

// Measurements with any of their fields set, found by reflection: a field that joins the schema is in them.
// Few keys and many entries, so that sums meet equal keys as often as new ones; neither canonical nor
// balanced. Counters use all their bits.
class RandomMeasurement {
 public:
  explicit RandomMeasurement(uint32_t seed) : engine_(seed) {}

  v1::Measurement Next() {
    v1::Measurement measurement;
    Fill(measurement);
    return measurement;
  }

  uint64_t Below(uint64_t end) { return engine_() % end; }

 private:
  void Fill(google::protobuf::Message& message);
  void AddUpPrefixes(v1::DarknetTally& tally);
  void FillHistogram(v1::Histogram& histogram);
  void FillSketch(v1::SourceSketch& sketch);
  void FillField(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field);

  std::mt19937_64 engine_;
};

}  // namespace kansoku
