// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "aggregator/serve/query_service.h"
#include "tests/aggregator/serve/sample_telescope.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

// kSampleNow is in November 2024.
TEST(ReadAhead, IsOfThisYearAndTheOneBeforeForWhoIsNotToldAll) {
  ServedStore store;
  for (const char* day : {"2022-12-31", "2023-01-01", "2024-10-31"})
    ASSERT_TRUE(store->AddTelescopeDay(SampleDay(day, 80)).ok());
  v1::RegistryConfig registry;
  registry.set_fewest_isps(3);
  AccessControl access = AccessControl::By(registry);
  PortTable ports;
  LimitCounts counts;
  QueryService service(*store, ports, [] { return LiveStatus(); }, [] { return kSampleNow; }, access, counts);
  int days = 0;
  const auto count = [&] { return ++days > 0; };
  EXPECT_EQ(service.ReadAhead(count), absl::OkStatus());
  EXPECT_EQ(days, 0) << "there is nobody";

  registry.add_clients()->set_role(v1::ROLE_REGULATOR);
  access.Replace(registry);
  EXPECT_EQ(service.ReadAhead(count), absl::OkStatus());
  EXPECT_EQ(days, 2);
  EXPECT_EQ(service.ReadAhead(count), absl::OkStatus());
  EXPECT_EQ(days, 2);
}

}  // namespace
}  // namespace kansoku::aggregator
