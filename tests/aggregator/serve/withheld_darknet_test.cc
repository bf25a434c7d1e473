// SPDX-License-Identifier: Apache-2.0
//
// What a version of the rules tells apart is a breakdown as any other (withheld_answers.h).
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "aggregator/serve/withheld_answers.h"
#include "tests/aggregator/figures/figure_literals.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

constexpr int64_t kEnd = kSampleStart + 3'600;
const absl::Time kLater = absl::FromUnixSeconds(kEnd) + absl::Hours(24);
constexpr char kWithheld[] = "fewer than 3 ISPs contribute to it, or to what it would tell by subtraction";

// a was upgraded before the others: which packets are of its rules is its alone, and so is what is left of
// all.
TEST(WithheldDarknet, WhatFewToldApartByTheirRulesIsWithheld) {
  ServedStore store;
  for (const std::string name : {"a", "b", "c"}) store.Welcome(name, v1::GROUP_A1, "isp-" + name);
  int windows = 0;
  const auto add = [&](const std::string& name, uint32_t rules, uint64_t packets) {
    v1::Measurement measurement = SampleMeasurement(1, 0, /*darknet=*/false);
    v1::DarknetTally& tally = *measurement.add_darknet();
    tally.set_sensor("dark-" + name);
    tally.set_address_seconds(2'560);
    tally.set_rules(rules);
    if (packets > 0) *tally.add_cells() = PortCell(6, 23, packets);
    store.Add(name, kSampleStart + 10 * ++windows, measurement);
  };
  auto request = RequestFor<v1::GetDarknetRequest>(kSampleStart, kEnd, 0);
  const auto told = [&] {
    std::map<uint32_t, uint64_t> packets;  // by rules; 0: withheld
    const auto rows = ReadDarknet(*store, request, 3, kLater);
    EXPECT_TRUE(rows.ok()) << rows.status();
    if (!rows.ok()) return packets;
    for (const v1::DarknetRow& row : rows->rows()) {
      EXPECT_EQ(row.withheld_because(), row.cell().packets() == 0 ? kWithheld : "") << row.rules();
      EXPECT_EQ(row.address_seconds(), row.cell().packets() == 0 ? 0u : 7'680u) << row.rules();
      packets[row.rules()] = row.cell().packets();
    }
    return packets;
  };
  for (const char* name : {"a", "b", "c"}) add(name, 1, 5);
  add("a", 3, 0);
  EXPECT_EQ(told(), (std::map<uint32_t, uint64_t>{{1, 15}, {3, 0}}));
  add("a", 2, 7);
  EXPECT_EQ(told(), (std::map<uint32_t, uint64_t>{{1, 0}, {2, 0}, {3, 0}}));
  for (const char* name : {"b", "c"}) add(name, 2, 7);
  EXPECT_EQ(told(), (std::map<uint32_t, uint64_t>{{1, 15}, {2, 21}, {3, 0}}));
}

}  // namespace
}  // namespace kansoku::aggregator
