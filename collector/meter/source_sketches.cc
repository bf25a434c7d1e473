// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/source_sketches.h"

#include <algorithm>

namespace kansoku::collector {

void SourceSketches::MoveTo(size_t sensor, v1::DarknetTally& tally) {
  for (int darknet_class = 1; darknet_class < v1::DarknetClass_ARRAYSIZE; ++darknet_class) {
    for (size_t family = 0; family < kFamilies; ++family) {
      for (size_t place = 0; place < kProtocolPlaces; ++place) {
        const size_t kind = (static_cast<size_t>(darknet_class) - 1) * kProtocolPlaces + place;
        const auto& sketch = sketches_[IndexOf(sensor, family, kind)];
        if (sketch == nullptr || sketch->empty()) continue;
        v1::SourceSketch& message = *tally.add_sketches();
        message.set_darknet_class(static_cast<v1::DarknetClass>(darknet_class));
        message.set_family(family == 0 ? v1::FAMILY_IPV4 : v1::FAMILY_IPV6);
        message.set_protocol(kProtocols[family][place]);
        sketch->WriteTo(message);
        sketch->Clear();
      }
    }
  }
}

size_t SourceSketches::octets() const {
  const auto used =
      std::count_if(sketches_.begin(), sketches_.end(), [](const auto& s) { return s != nullptr; });
  return static_cast<size_t>(used) * sizeof(SourceSketch);
}

}  // namespace kansoku::collector
