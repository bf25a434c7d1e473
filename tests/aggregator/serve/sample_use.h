// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "aggregator/serve/own_use.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {

inline OwnUse SampleUse() {
  OwnUse use;
  use.process.set_cpu_milliseconds(12'345);
  use.process.set_resident_bytes(1 << 20);
  use.process.set_started_unix_seconds(1'730'419'200);
  use.store = {.bytes = 4096, .free_bytes = 8192};
  use.certificate_expiries["grpc"] = absl::FromUnixSeconds(1'800'000'000);
  use.acknowledgement_seconds = {.below = {{0.01, 2}, {0.025, 3}}, .count = 4, .sum = 1.5};
  return use;
}

inline void RecordProcess(ServedStore& store, const std::string& collector) {
  v1::Delivery delivery;
  delivery.mutable_process()->set_cpu_milliseconds(1'500);
  delivery.mutable_process()->set_resident_bytes(30'000'000);
  ASSERT_TRUE(
      store->RecordDelivery(collector, SampleHello(collector).epoch(), delivery, absl::UnixEpoch()).ok());
}

// The value of one series, exactly as written; "absent" if there is none.
inline std::string Value(const std::string& text, const std::string& series) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(series + " ")) return line.substr(series.size() + 1);
  }
  return "absent";
}

}  // namespace kansoku::aggregator
