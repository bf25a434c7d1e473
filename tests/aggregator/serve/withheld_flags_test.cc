// SPDX-License-Identifier: Apache-2.0
//
// What no group of packets tells of: packets that look odd, who is no survey scanner, and what one source was
// denied.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>

#include "aggregator/figures/figure_labels.h"
#include "aggregator/figures/range_sum.h"
#include "aggregator/figures/telescope_day.h"
#include "aggregator/serve/withheld_telescope.h"
#include "tests/aggregator/serve/sample_telescope.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

constexpr int64_t kDayStart = kSampleStart - 9 * 3'600, kDayEnd = kDayStart + 86'400;  // in Japan
constexpr char kFew[] = "fewer than 3 ISPs contribute to it, or to what it would tell by subtraction";
constexpr char kFewSources[] =
    "fewer than 10 sources are behind it, or behind what it would tell by subtraction";
using Told = std::map<std::string, std::string>;

// Three ISPs with a sensor each.
class WithheldFlags : public ::testing::Test {
 protected:
  WithheldFlags() {
    for (const std::string name : {"a", "b", "c"}) store_.Welcome(name, v1::GROUP_A1, "isp-" + name);
  }

  // Ten packets of the class reach the sensor of one.
  void Add(const std::string& name, bool examines,
           v1::DarknetClass darknet_class = v1::DARKNET_CLASS_TCP_SYN) {
    v1::Measurement measurement = SampleMeasurement(1, 0, /*darknet=*/false);
    v1::DarknetTally& tally = *measurement.add_darknet();
    tally.set_sensor("dark-" + name);
    tally.set_address_seconds(2'560);
    tally.set_source_key(7);
    tally.set_rules(1);
    v1::DarknetCell& cell = *tally.add_cells();
    cell.set_darknet_class(darknet_class);
    cell.set_family(v1::FAMILY_IPV4);
    cell.set_protocol(6);
    cell.set_destination_port(23);
    cell.set_packets(10);
    if (examines) {
      tally.mutable_soft_flags()->set_examined(10);
      tally.mutable_soft_flags()->set_high_ttl(4);
      tally.mutable_soft_flags()->set_any(4);
    }
    store_.Add(name, kDayStart + 10 * windows_++, measurement);
  }
  void AddAll(const std::set<std::string>& examining) {
    for (const std::string name : {"a", "b", "c"}) Add(name, examining.contains(name));
  }

  // The day as it is now, with so many scanners and others.
  void Keep(uint64_t scanners = 0, uint64_t others = 12) {
    const auto points = SumByPoint(*store_, {kDayStart, kDayEnd, 0});
    ASSERT_TRUE(points.ok()) << points.status();
    v1::TelescopeDay day = MakeTelescopeDay("2024-11-01", *points);
    day.set_revision(++revision_);
    v1::SourcesDay& sources = *day.mutable_sources();
    sources.set_source_key(7);
    sources.set_judged_in_revision(revision_);
    sources.set_rules(1);
    sources.set_survey_sources(scanners);
    sources.set_most_unjudged_of_one(2);
    *sources.add_sketches() = SampleSketch(scanners + others);
    *sources.add_non_survey_sketches() = SampleSketch(others);
    const absl::Status added = store_->AddTelescopeDay(day);
    ASSERT_TRUE(added.ok()) << added;
  }

  // By what the figure is of; where it is withheld, why.
  Told Ask(const std::string& id, const char* label, uint32_t fewest = 3) {
    v1::TelescopeSelection asked;
    asked.set_first_day("2024-11-01");
    asked.set_last_day("2024-11-01");
    asked.add_ids(id);
    const auto answer = ReadTelescope(*store_, asked, nullptr, fewest, remembered_);
    EXPECT_TRUE(answer.ok()) << answer.status();
    Told told;
    if (!answer.ok()) return told;
    for (const v1::Figure& figure : answer->figures()) {
      told[LabelOf(figure, label)] = figure.value().empty() ? figure.withheld_because() : figure.value();
    }
    return told;
  }
  Told Flags() { return Ask("darknet_flagged_packets", "flag"); }

  ServedStore store_;
  RememberedHours remembered_;
  int windows_ = 0;
  uint32_t revision_ = 0;
};

// How many packets were examined is how many reached those who do, and the rest is the others'.
TEST_F(WithheldFlags, AreToldWhereEnoughDoAndEnoughDoNotExamine) {
  AddAll({"a", "b", "c"});
  Keep();
  EXPECT_EQ(Flags(), (Told{{"examined", "30"},
                           {"high_ttl", "12"},
                           {"network_source", "0"},
                           {"own_source", "0"},
                           {"port_zero", "0"},
                           {"any", "12"},
                           {"foreign_quote", "0"}}));
  AddAll({});
  Keep();
  EXPECT_EQ(Flags()["examined"], "30");
}

TEST_F(WithheldFlags, AreNotToldWhereFewExamine) {
  AddAll({"a", "b"});
  AddAll({});
  Keep();
  const Told told = Flags();
  EXPECT_EQ(told.size(), 7u);
  for (const auto& [flag, value] : told) EXPECT_EQ(value, kFew) << flag;
  EXPECT_EQ(Ask("darknet_flagged_packets", "flag", 1)["examined"], "20");
}

TEST_F(WithheldFlags, AreNotToldWhereFewDoNotExamine) {
  AddAll({"a", "b", "c"});
  Add("a", /*examines=*/false);
  AddAll({"a", "b", "c"});
  Keep();
  EXPECT_EQ(Flags()["examined"], kFew);
}

TEST_F(WithheldFlags, AreNotToldWhereAClassIsSmall) {
  AddAll({"a", "b", "c"});
  AddAll({"a", "b", "c"});
  Add("a", /*examines=*/true, v1::DARKNET_CLASS_TCP_XMAS);
  Keep();
  EXPECT_EQ(Ask("darknet_packets", "family")["ipv4"], "70");
  EXPECT_EQ(Flags()["examined"], kFew);
}

// With all hosts they tell how many scanners there are (METRICS 10).
TEST_F(WithheldFlags, HostsAreToldWhereNeitherTheyNorScannersAreFew) {
  AddAll({});
  const auto hosts = [&](uint64_t scanners, uint64_t others) {
    Keep(scanners, others);
    return Ask("darknet_non_survey_hosts", "family")["ipv4"];
  };
  EXPECT_EQ(hosts(0, 10), "10");
  EXPECT_EQ(hosts(10, 11), "11");
  EXPECT_EQ(hosts(9, 11), kFewSources);
  EXPECT_EQ(hosts(10, 9), kFewSources);
  EXPECT_EQ(Ask("darknet_survey_sources", "rule")["behaviour"], kFewSources);  // all of 19 less 10
  EXPECT_EQ(Ask("darknet_non_survey_hosts", "family", 1)["ipv4"], "9");
}

TEST_F(WithheldFlags, WhatOneSourceWasDeniedIsNotTold) {
  AddAll({});
  Keep();
  EXPECT_EQ(Ask("darknet_most_unjudged_of_one", "", 1)[""], "2");
  EXPECT_EQ(
      Ask("darknet_most_unjudged_of_one", "")[""],
      "what could not be judged is mostly one ISP's: late, without room, or of sources that it does not tell "
      "apart");
}

}  // namespace
}  // namespace kansoku::aggregator
