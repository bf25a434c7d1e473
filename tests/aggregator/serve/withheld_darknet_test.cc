// SPDX-License-Identifier: Apache-2.0
//
// What a version of the rules tells apart is a breakdown as any other (withheld_answers.h); and what few
// packets are behind is of few sources.
#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "aggregator/serve/withheld_answers.h"
#include "proto/contract/enum_label.h"
#include "tests/aggregator/figures/figure_literals.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

constexpr int64_t kEnd = kSampleStart + 3'600;
const absl::Time kLater = absl::FromUnixSeconds(kEnd) + absl::Hours(24);
constexpr char kFewSources[] =
    "fewer than 10 sources are behind it, or behind what it would tell by subtraction";
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

// Three ISPs, to each of which the same comes.
class DarknetOfFew : public ::testing::Test {
 protected:
  DarknetOfFew() {
    for (const std::string name : {"a", "b", "c"}) store_.Welcome(name, v1::GROUP_A1, "isp-" + name);
  }

  // In the next window of an hour; packets by port, and different sources.
  void AddAll(int hour, v1::DarknetClass darknet_class, const std::map<uint32_t, uint64_t>& packets,
              uint32_t hosts = 0, v1::Family family = v1::FAMILY_IPV4) {
    for (const std::string name : {"a", "b", "c"}) {
      v1::Measurement measurement = SampleMeasurement(1, 0, /*darknet=*/false);
      v1::DarknetTally& tally = *measurement.add_darknet();
      tally.set_sensor("dark-" + name);
      tally.set_source_key(7);
      for (const auto& [port, of_port] : packets) {
        *tally.add_cells() = PortCell(6, port, of_port);
        tally.mutable_cells()->rbegin()->set_darknet_class(darknet_class);
        tally.mutable_cells()->rbegin()->set_family(family);
      }
      v1::SourceSketch& sketch = *tally.add_sketches();
      sketch.set_darknet_class(darknet_class);
      sketch.set_family(family);
      sketch.set_protocol(6);
      for (uint32_t host = 0; host < hosts; ++host) sketch.add_few(host * 64 + 1);
      store_.Add(name, kSampleStart + hour * 3'600 + 10 * ++windows_, measurement);
    }
  }

  // Packets by class and port, as far as they were asked for; or why they are withheld.
  std::map<std::string, std::string> Ask(std::initializer_list<v1::DarknetDimension> by, int hours = 1) {
    auto request = RequestFor<v1::GetDarknetRequest>(kSampleStart, kSampleStart + hours * 3'600, 0);
    for (const v1::DarknetDimension dimension : by) request.add_by(dimension);
    const auto rows = ReadDarknet(*store_, request, 3, kLater);
    EXPECT_TRUE(rows.ok()) << rows.status();
    std::map<std::string, std::string> told;
    if (!rows.ok()) return told;
    for (const v1::DarknetRow& row : rows->rows()) {
      EXPECT_NE(row.withheld_because().empty(), row.cell().packets() == 0);
      told[absl::StrCat(EnumLabel(row.cell().darknet_class()), " ", row.cell().destination_port())] =
          row.cell().packets() == 0 ? row.withheld_because() : absl::StrCat(row.cell().packets());
    }
    return told;
  }

  // Of the range, by id and labels.
  std::map<std::string, std::string> Figures() {
    v1::GetFiguresRequest request;
    *request.mutable_range() = RequestFor<v1::GetDarknetRequest>(kSampleStart, kEnd, 0).range();
    const auto answer = ReadFigures(*store_, request, 3, kLater);
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::map<std::string, std::string> told;
    if (!answer.ok()) return told;
    for (const v1::Figure& figure : answer->figures()) {
      std::string name = figure.id();
      const std::map<std::string, std::string> labels(figure.labels().begin(), figure.labels().end());
      for (const auto& [label, value] : labels) absl::StrAppend(&name, " ", value);
      told[name] = figure.value().empty() ? figure.withheld_because() : figure.value();
    }
    return told;
  }

  static constexpr auto kPort = v1::DARKNET_DIMENSION_PORT;
  static constexpr auto kClass = v1::DARKNET_DIMENSION_CLASS;
  static constexpr auto kSyn = v1::DARKNET_CLASS_TCP_SYN;
  static constexpr auto kXmas = v1::DARKNET_CLASS_TCP_XMAS;
  ServedStore store_;
  int windows_ = 0;
};

using Told = std::map<std::string, std::string>;
const std::string kNoClass = EnumLabel(v1::DARKNET_CLASS_UNSPECIFIED);

// 81 and 2323 have 9 together: all packets less 23's and 80's would tell them.
TEST_F(DarknetOfFew, PortsOfFewPacketsAreWithheldAndWhatWouldTellThem) {
  AddAll(0, kSyn, {{23, 30}, {80, 10}, {81, 1}, {2323, 2}});
  EXPECT_EQ(Ask({kPort}), (Told{{kNoClass + " 23", "90"},
                                {kNoClass + " 80", kFewSources},
                                {kNoClass + " 81", kFewSources},
                                {kNoClass + " 2323", kFewSources}}));
  EXPECT_EQ(Ask({}), (Told{{kNoClass + " 0", "129"}}));
  AddAll(0, kSyn, {{81, 1}});
  EXPECT_EQ(Ask({kPort})[kNoClass + " 80"], "30");
  EXPECT_EQ(Ask({kPort})[kNoClass + " 81"], kFewSources);
}

TEST_F(DarknetOfFew, APortOfFewPacketsInAnyHourIsWithheld) {
  AddAll(0, kSyn, {{23, 30}, {80, 10}, {443, 20}});
  AddAll(1, kSyn, {{23, 30}, {80, 3}, {443, 20}});
  EXPECT_EQ(Ask({kPort})[kNoClass + " 80"], "30");
  EXPECT_EQ(
      Ask({kPort}, 2),
      (Told{{kNoClass + " 23", "180"}, {kNoClass + " 80", kFewSources}, {kNoClass + " 443", kFewSources}}));
}

// A rare class is told, and takes no other with it; but for which ports it came is not.
TEST_F(DarknetOfFew, ClassesOfFewPacketsAreToldAndTheirPortsAreNot) {
  AddAll(0, kSyn, {{23, 30}, {80, 10}});
  AddAll(0, kXmas, {{23, 1}});
  EXPECT_EQ(Ask({kClass}), (Told{{"tcp_syn 0", "120"}, {"tcp_xmas 0", "3"}}));
  EXPECT_EQ(Ask({kClass, kPort}),
            (Told{{"tcp_syn 23", "90"}, {"tcp_syn 80", kFewSources}, {"tcp_xmas 23", kFewSources}}));
  // By port alone, 93 less the 90 SYNs would tell it.
  EXPECT_EQ(Ask({kPort}), (Told{{kNoClass + " 23", kFewSources}, {kNoClass + " 80", kFewSources}}));
  AddAll(0, kXmas, {{80, 1}});
  EXPECT_EQ(Ask({kClass}), (Told{{"tcp_syn 0", "120"}, {"tcp_xmas 0", "6"}}));
  EXPECT_EQ(Ask({kPort}), (Told{{kNoClass + " 23", kFewSources}, {kNoClass + " 80", kFewSources}}));
}

TEST_F(DarknetOfFew, FewHostsOfARangeAreNotTold) {
  AddAll(0, kSyn, {{23, 30}}, 9);
  EXPECT_EQ(Figures()["darknet_unique_hosts ipv4"], kFewSources);
  EXPECT_EQ(Figures()["darknet_unique_hosts tcp_syn ipv4 tcp"], kFewSources);
  AddAll(0, kSyn, {{23, 30}}, 10);
  EXPECT_EQ(Figures()["darknet_unique_hosts ipv4"], "10");
  EXPECT_EQ(Figures()["darknet_unique_hosts tcp_syn ipv4 tcp"], "10");
  EXPECT_EQ(Figures()["darknet_packets ipv4"], "180");
}

TEST_F(DarknetOfFew, SharesOfPortsOfARangeAreToldWhereEachHasTenPackets) {
  AddAll(0, kSyn, {{23, 30}, {80, 3}});
  EXPECT_EQ(Figures()["darknet_port_share all"], kFewSources);
  // Shares are of IPv4.
  AddAll(0, kSyn, {{80, 10}}, 0, v1::FAMILY_IPV6);
  EXPECT_EQ(Figures()["darknet_port_share all"], kFewSources);
  AddAll(0, kSyn, {{80, 1}});
  EXPECT_EQ(Figures()["darknet_port_share all 23 tcp 1"], "0.8824");
  EXPECT_EQ(Figures()["darknet_port_share all 80 tcp 2"], "0.1176");
}

}  // namespace
}  // namespace kansoku::aggregator
