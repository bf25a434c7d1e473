// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/darknet_ways.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

namespace kansoku {
namespace {

v1::Measurement Parsed(const char* text) {
  v1::Measurement measurement;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &measurement)) << text;
  return measurement;
}

TEST(DarknetWays, AreThoseOfPackets) {
  const v1::Measurement measurement = Parsed(R"(
      darknet { sensor: "a" source_key: 7 rules: 1 cells { packets: 1 } }
      darknet { sensor: "b" source_key: 7 rules: 2 cells { packets: 1 } }
      darknet { sensor: "c" source_key: 8 rules: 3 address_seconds: 10 }
      darknet { sensor: "d" rules: 1 cells { packets: 1 } }
      darknet { sensor: "e" cells { packets: 1 } })");
  std::set<SourceWay> ways;
  AddSourceWays(measurement, ways);
  EXPECT_EQ(ways, (std::set<SourceWay>{{0, 0}, {7, 1}, {7, 2}}));
  std::set<uint32_t> rules;
  AddClassRules(measurement, rules);
  EXPECT_EQ(rules, (std::set<uint32_t>{0, 1, 2}));
}

TEST(DarknetWays, TellOfTelescopesWhereNothingCameToo) {
  EXPECT_FALSE(TellsOfTelescopes(Parsed("windows: 1")));
  EXPECT_TRUE(TellsOfTelescopes(Parsed(R"(darknet { sensor: "a" address_seconds: 10 })")));
  EXPECT_TRUE(TellsOfTelescopes(Parsed("darknet_subscribers {}")));
}

}  // namespace
}  // namespace kansoku
