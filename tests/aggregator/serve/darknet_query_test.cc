// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/darknet_query.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/contract/measurement.h"
#include "tests/aggregator/figures/figure_literals.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

v1::GetDarknetRequest Ask(uint32_t step_seconds, std::initializer_list<v1::DarknetDimension> by) {
  auto request = RequestFor<v1::GetDarknetRequest>(kSampleStart, kSampleStart + 20, step_seconds);
  for (const v1::DarknetDimension dimension : by) request.add_by(dimension);
  return request;
}

v1::GetDarknetResponse Answer(ServedStore& store, const v1::GetDarknetRequest& request) {
  auto response = ReadDarknet(*store, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? *std::move(response) : v1::GetDarknetResponse();
}

v1::Measurement Window(std::vector<v1::DarknetTally> tallies) {
  v1::Measurement measurement;
  for (v1::DarknetTally& tally : tallies) *measurement.add_darknet() = std::move(tally);
  measurement.set_windows(1);
  measurement.set_covered_seconds(kSampleWindowSeconds);
  Canonicalize(measurement);
  return measurement;
}

// Two sensors, two windows.
class DarknetQuery : public ::testing::Test {
 protected:
  DarknetQuery() {
    store_.Welcome("dark", v1::GROUP_NONE);
    store_.Add(
        "dark", kSampleStart,
        Window({Tally("kyoto", 2'560, {PortCell(6, 23, 50), PortCell(17, 53, 20), PortCell(6, 53, 25)}),
                Tally("nara", 640, {PortCell(6, 23, 5)})}));
    store_.Add(
        "dark", kSampleStart + 10,
        Window({Tally("kyoto", 2'560, {PortCell(6, 22, 7, v1::FAMILY_IPV6)}), Tally("nara", 640, {})}));
  }
  ServedStore store_;
};

TEST_F(DarknetQuery, SumsEverythingWhereNothingIsToldApart) {
  const auto response = Answer(store_, Ask(0, {}));
  ASSERT_EQ(response.rows_size(), 1);
  EXPECT_EQ(response.rows(0).cell().packets(), 107u);
  EXPECT_EQ(response.rows(0).address_seconds(), 6'400u);
  EXPECT_EQ(response.rows(0).range().end_unix_seconds(), kSampleStart + 20);
}

TEST_F(DarknetQuery, EverySubsetOfDimensionsSumsToTheSameTotal) {
  for (unsigned subset = 0; subset < 32; ++subset) {
    v1::GetDarknetRequest request = Ask(10, {});
    for (int dimension = 1; dimension <= 5; ++dimension) {
      if ((subset >> (dimension - 1) & 1) != 0) request.add_by(static_cast<v1::DarknetDimension>(dimension));
    }
    uint64_t packets = 0;
    const auto response = Answer(store_, request);
    for (const v1::DarknetRow& row : response.rows()) packets += row.cell().packets();
    EXPECT_EQ(packets, 107u) << request.ShortDebugString();
  }
}

TEST_F(DarknetQuery, RanksPortsByPacketsWithinEachStep) {
  auto request = Ask(10, {v1::DARKNET_DIMENSION_PROTOCOL, v1::DARKNET_DIMENSION_PORT});
  request.set_top(2);
  const auto response = Answer(store_, request);
  ASSERT_EQ(response.rows_size(), 3);
  EXPECT_EQ(response.rows(0).cell().destination_port(), 23u);
  EXPECT_EQ(response.rows(0).cell().packets(), 55u);
  EXPECT_EQ(response.rows(1).cell().destination_port(), 53u);
  EXPECT_EQ(response.rows(1).cell().protocol(), 6u);
  EXPECT_EQ(response.rows(1).cell().packets(), 25u);
  EXPECT_EQ(response.rows(2).range().start_unix_seconds(), kSampleStart + 10);
  EXPECT_EQ(response.rows(2).cell().packets(), 7u);
}

TEST_F(DarknetQuery, AddsProtocolsOfAPortThatIsAskedForAlone) {
  const auto response = Answer(store_, Ask(0, {v1::DARKNET_DIMENSION_PORT}));
  ASSERT_EQ(response.rows_size(), 3);
  EXPECT_EQ(response.rows(1).cell().destination_port(), 53u);
  EXPECT_EQ(response.rows(1).cell().packets(), 45u);
  EXPECT_EQ(response.rows(1).cell().protocol(), 0u);
}

TEST_F(DarknetQuery, GivesAWatchedButQuietSensorItsRow) {
  auto request = Ask(10, {v1::DARKNET_DIMENSION_SENSOR});
  request.add_sensors("nara");
  const auto response = Answer(store_, request);
  ASSERT_EQ(response.rows_size(), 2);
  EXPECT_EQ(response.rows(0).cell().packets(), 5u);
  EXPECT_EQ(response.rows(0).address_seconds(), 640u);
  EXPECT_EQ(response.rows(1).sensor(), "nara");
  EXPECT_EQ(response.rows(1).cell().packets(), 0u);
  EXPECT_EQ(response.rows(1).address_seconds(), 640u);
}

TEST_F(DarknetQuery, SaysHowGoodTheWindowsOfItsSensorsWere) {
  const auto flagged = [](v1::Measurement measurement, v1::QualityFlag flag) {
    measurement.add_flags(flag);
    return measurement;
  };
  store_.Welcome("tap", v1::GROUP_NONE);
  store_.Add("tap", kSampleStart,
             flagged(Window({Tally("nara", 0, {PortCell(6, 23, 1)})}), v1::QUALITY_FLAG_SAMPLED));
  // A window without a dark packet: those that were dropped may have been dark.
  store_.Add("tap", kSampleStart + 10, flagged(Window({}), v1::QUALITY_FLAG_DROPS));
  store_.Welcome("tokyo");
  store_.Add("tokyo", kSampleStart, flagged(Window({}), v1::QUALITY_FLAG_LATE_PACKETS));

  const auto flags_of = [](const v1::DarknetRow& row) {
    return std::vector<int>(row.flags().begin(), row.flags().end());
  };
  const auto by_sensor = Answer(store_, Ask(0, {v1::DARKNET_DIMENSION_SENSOR}));
  ASSERT_EQ(by_sensor.rows_size(), 2);
  EXPECT_EQ(by_sensor.rows(0).sensor(), "kyoto");
  EXPECT_EQ(flags_of(by_sensor.rows(0)), (std::vector<int>{}));
  EXPECT_EQ(by_sensor.rows(1).sensor(), "nara");
  EXPECT_EQ(flags_of(by_sensor.rows(1)),
            (std::vector<int>{v1::QUALITY_FLAG_DROPS, v1::QUALITY_FLAG_SAMPLED}));
  const auto by_step = Answer(store_, Ask(10, {}));
  ASSERT_EQ(by_step.rows_size(), 2);
  EXPECT_EQ(flags_of(by_step.rows(0)), (std::vector<int>{v1::QUALITY_FLAG_SAMPLED}));
  EXPECT_EQ(flags_of(by_step.rows(1)), (std::vector<int>{v1::QUALITY_FLAG_DROPS}));
  auto only_kyoto = Ask(0, {});
  only_kyoto.add_sensors("kyoto");
  EXPECT_EQ(flags_of(Answer(store_, only_kyoto).rows(0)), (std::vector<int>{}));
}

// As in the hour in which a collector is upgraded.
TEST_F(DarknetQuery, NeverAddsUpWhatSeveralRulesToldApart) {
  const auto by_rules = [](v1::DarknetTally tally, uint32_t rules) {
    tally.set_rules(rules);
    return tally;
  };
  store_.Add("dark", kSampleStart + 20,
             Window({by_rules(Tally("kyoto", 1'280, {PortCell(6, 23, 8), PortCell(6, 22, 4)}), 2),
                     by_rules(Tally("nara", 640, {}), 3)}));
  const auto rows = [&](std::initializer_list<v1::DarknetDimension> by) {
    v1::GetDarknetRequest request = Ask(0, by);
    request.mutable_range()->set_end_unix_seconds(kSampleStart + 30);
    std::vector<std::string> texts;
    const auto response = Answer(store_, request);
    for (const v1::DarknetRow& row : response.rows()) {
      texts.push_back(absl::StrCat("rules ", row.rules(), ": ", row.sensor(), " ",
                                   row.cell().destination_port(), " ", row.cell().packets(), " of ",
                                   row.address_seconds()));
    }
    return texts;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(rows({}), (Texts{"rules 0:  0 107 of 6400", "rules 2:  0 12 of 1280", "rules 3:  0 0 of 640"}));
  EXPECT_EQ(rows({v1::DARKNET_DIMENSION_SENSOR}),
            (Texts{"rules 0: kyoto 0 102 of 5120", "rules 2: kyoto 0 12 of 1280", "rules 0: nara 0 5 of 1280",
                   "rules 3: nara 0 0 of 640"}));
  EXPECT_EQ(rows({v1::DARKNET_DIMENSION_PORT}),
            (Texts{"rules 0:  23 55 of 6400", "rules 0:  53 45 of 6400", "rules 2:  23 8 of 1280",
                   "rules 0:  22 7 of 6400", "rules 2:  22 4 of 1280"}));
}

TEST_F(DarknetQuery, RefusesWhatItCannotAnswer) {
  auto request = Ask(0, {v1::DARKNET_DIMENSION_UNSPECIFIED});
  EXPECT_EQ(ReadDarknet(*store_, request).status().code(), absl::StatusCode::kInvalidArgument);
  request = Ask(0, {});
  request.add_sensors("osaka");
  EXPECT_EQ(ReadDarknet(*store_, request).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReadDarknet(*store_, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace kansoku::aggregator
