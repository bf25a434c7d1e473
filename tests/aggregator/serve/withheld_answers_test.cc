// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/withheld_answers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "aggregator/serve/figures_query.h"
#include "aggregator/serve/ledger_query.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

constexpr int64_t kHour = 3'600, kEnd = kSampleStart + kHour;
const absl::Time kLater = absl::FromUnixSeconds(kEnd) + absl::Hours(24);
constexpr char kWithheld[] = "fewer than 3 ISPs contribute to it, or to what it would tell by subtraction";

void AddCell(v1::Family family, v1::Transport transport, uint64_t packets, v1::Measurement& measurement) {
  v1::Cell& cell = *measurement.add_cells();
  v1::TrafficClass& key = *cell.mutable_traffic_class();
  key.set_group(v1::GROUP_A1);
  key.set_access(v1::ACCESS_FIXED);
  key.set_direction(v1::DIRECTION_DOWNLOAD);
  key.set_family(family);
  key.set_carrier(v1::CARRIER_NATIVE);
  key.set_transport(transport);
  cell.set_packets(packets);
  cell.set_ip_octets(packets * 100);
  cell.set_new_flows(packets);
}

// Three ISPs with a window each. All have IPv4 TCP and UDP and IPv6 TCP; IPv6 UDP is of isp-a alone.
class WithheldAnswers : public ::testing::Test {
 protected:
  WithheldAnswers() {
    uint64_t packets = 1;
    for (const std::string name : {"a", "b", "c"}) {
      store_.Welcome(name, v1::GROUP_A1, "isp-" + name);
      v1::Measurement measurement = SampleMeasurement(1, 0, /*darknet=*/false);
      AddCell(v1::FAMILY_IPV4, v1::TRANSPORT_TCP, 1'000 * packets, measurement);
      AddCell(v1::FAMILY_IPV4, v1::TRANSPORT_UDP, 100 * packets, measurement);
      AddCell(v1::FAMILY_IPV6, v1::TRANSPORT_TCP, 10 * packets, measurement);
      if (name == "a") AddCell(v1::FAMILY_IPV6, v1::TRANSPORT_UDP, 1, measurement);
      store_.Add(name, kSampleStart, measurement);
      ++packets;
    }
  }

  v1::GetTrafficResponse Ask(std::initializer_list<v1::Dimension> by, int64_t end = kEnd, uint32_t step = 0) {
    auto request = RequestFor<v1::GetTrafficRequest>(kSampleStart, end, step);
    for (const v1::Dimension dimension : by) request.add_by(dimension);
    auto response = ReadTraffic(*store_, request, 3, kLater);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? *std::move(response) : v1::GetTrafficResponse();
  }

  // By family and transport; nothing where they are withheld.
  static std::map<std::pair<int, int>, std::optional<uint64_t>> PacketsOf(
      const v1::GetTrafficResponse& answer) {
    std::map<std::pair<int, int>, std::optional<uint64_t>> packets;
    for (const v1::TrafficRow& row : answer.rows()) {
      const v1::Cell& cell = row.cell();
      auto& told = packets[{cell.traffic_class().family(), cell.traffic_class().transport()}];
      if (row.withheld_because().empty()) {
        told = cell.packets();
      } else {
        EXPECT_EQ(row.withheld_because(), kWithheld);
        EXPECT_EQ(cell.packets() + cell.ip_octets() + cell.new_flows() + row.tcp_new_flows(), 0u);
      }
    }
    return packets;
  }

  ServedStore store_;
};

using Told = std::map<std::pair<int, int>, std::optional<uint64_t>>;

TEST_F(WithheldAnswers, ToldAreTotalsOfEnoughIsps) {
  EXPECT_EQ(PacketsOf(Ask({})), (Told{{{0, 0}, 6'661u}}));
  EXPECT_EQ(PacketsOf(Ask({v1::DIMENSION_FAMILY})), (Told{{{1, 0}, 6'600u}, {{2, 0}, 61u}}));
}

// IPv6 UDP is isp-a's; IPv6 TCP would tell it by the total of IPv6.
TEST_F(WithheldAnswers, ASmallCellIsWithheldAndSoIsWhatWouldTellIt) {
  EXPECT_EQ(PacketsOf(Ask({v1::DIMENSION_FAMILY, v1::DIMENSION_TRANSPORT})),
            (Told{{{1, 1}, 6'000u}, {{1, 2}, 600u}, {{2, 1}, std::nullopt}, {{2, 2}, std::nullopt}}));
  // With what is told of IPv4, so would the totals of TCP and UDP.
  EXPECT_EQ(PacketsOf(Ask({v1::DIMENSION_TRANSPORT})),
            (Told{{{0, 1}, std::nullopt}, {{0, 2}, std::nullopt}}));
}

TEST_F(WithheldAnswers, AFilterIsABreakdown) {
  auto request = RequestFor<v1::GetTrafficRequest>(kSampleStart, kEnd, 0);
  request.mutable_only()->set_transport(v1::TRANSPORT_UDP);
  auto udp = ReadTraffic(*store_, request, 3, kLater);
  ASSERT_TRUE(udp.ok()) << udp.status();
  EXPECT_EQ(PacketsOf(*udp), (Told{{{0, 0}, std::nullopt}}));
  request.mutable_only()->set_family(v1::FAMILY_IPV4);
  udp = ReadTraffic(*store_, request, 3, kLater);
  ASSERT_TRUE(udp.ok()) << udp.status();
  EXPECT_EQ(PacketsOf(*udp), (Told{{{0, 0}, 600u}}));
}

TEST_F(WithheldAnswers, SingleIspsAndPointsAreNotTold) {
  for (const v1::Dimension dimension : {v1::DIMENSION_ISP, v1::DIMENSION_POINT}) {
    const auto answer = Ask({dimension});
    ASSERT_EQ(answer.rows_size(), 3);
    for (const v1::TrafficRow& row : answer.rows()) {
      EXPECT_EQ(row.withheld_because(), kWithheld);
      EXPECT_EQ(row.cell().packets(), 0u);
      EXPECT_EQ(row.windows(), 1u);
    }
  }
  auto request = RequestFor<v1::GetTrafficRequest>(kSampleStart, kEnd, 0);
  request.add_points("a");
  EXPECT_EQ(ReadTraffic(*store_, request, 3, kLater).status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(ReadTraffic(*store_, request, 1, kLater).ok());
}

// An hour of two ISPs would be the difference of two ranges.
TEST_F(WithheldAnswers, ARangeWithAnHourOfFewIspsIsWithheld) {
  v1::Measurement measurement = SampleMeasurement(1, 0, /*darknet=*/false);
  AddCell(v1::FAMILY_IPV4, v1::TRANSPORT_TCP, 5, measurement);
  store_.Add("a", kEnd, measurement);
  store_.Add("b", kEnd, measurement);
  const auto steps = Ask({}, kEnd + kHour, kHour);
  ASSERT_EQ(steps.rows_size(), 2);
  EXPECT_EQ(steps.rows(0).cell().packets(), 6'661u);
  EXPECT_EQ(steps.rows(1).withheld_because(), kWithheld);
  EXPECT_EQ(PacketsOf(Ask({}, kEnd + kHour)), (Told{{{0, 0}, std::nullopt}}));
}

TEST_F(WithheldAnswers, PartsOfHoursAreNotTold) {
  const auto part =
      ReadTraffic(*store_, RequestFor<v1::GetTrafficRequest>(kSampleStart, kEnd, 300), 3, kLater);
  EXPECT_EQ(part.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(part.status().message(),
            "range: where what fewer than 3 ISPs contribute to is withheld, edges and step are multiples of "
            "3600 s");
}

// Asked for again and again, it would tell each window that was added.
TEST_F(WithheldAnswers, AnHourIsToldAnHourAfterItsEnd) {
  const auto request = RequestFor<v1::GetTrafficRequest>(kSampleStart, kEnd + kHour, kHour);
  const absl::Time end = absl::FromUnixSeconds(kEnd);
  for (const auto& [name, packets] : {std::pair("a", 1u), {"b", 2u}, {"c", 3u}}) {
    v1::Measurement measurement = SampleMeasurement(1, 0, /*darknet=*/false);
    AddCell(v1::FAMILY_IPV4, v1::TRANSPORT_TCP, packets, measurement);
    store_.Add(name, kEnd, measurement);
  }
  const auto told_at = [&](absl::Time now) {
    const auto answer = ReadTraffic(*store_, request, 3, now);
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::vector<uint64_t> packets;
    for (const v1::TrafficRow& row : answer->rows()) {
      packets.push_back(row.cell().packets());
      EXPECT_EQ(row.withheld_because(),
                row.cell().packets() > 0
                    ? ""
                    : "its time ended less than an hour ago, or has not ended: until then one answer after "
                      "another would tell single windows");
    }
    return packets;
  };
  EXPECT_EQ(told_at(end + absl::Minutes(59)), (std::vector<uint64_t>{0, 0}));
  EXPECT_EQ(told_at(end + absl::Minutes(60)), (std::vector<uint64_t>{6'661, 0}));
  EXPECT_EQ(told_at(end + absl::Minutes(120)), (std::vector<uint64_t>{6'661, 6}));

  v1::GetFiguresRequest of_figures;
  *of_figures.mutable_range() = request.range();
  const auto figures = ReadFigures(*store_, of_figures, 3, end + absl::Minutes(119));
  ASSERT_TRUE(figures.ok()) << figures.status();
  for (const v1::Figure& figure : figures->figures()) {
    EXPECT_EQ(figure.value(), "");
    EXPECT_EQ(figure.withheld_reason(), v1::WITHHELD_REASON_UNSETTLED);
  }
}

TEST_F(WithheldAnswers, WhatFewerMayHaveThanHavePacketsIsNotTold) {
  v1::Measurement measurement = SampleMeasurement(1, 0, /*darknet=*/false);
  AddCell(v1::FAMILY_IPV4, v1::TRANSPORT_TCP, 1, measurement);
  v1::Cell& cell = *measurement.mutable_cells(0);
  cell.set_flows(1);
  cell.set_inner_ip_octets(60);
  cell.set_outer_ip_octets(100);
  cell.mutable_statistics()->set_tcp_segments(1);
  cell.mutable_estimate()->set_packets(10);
  cell.mutable_estimate()->mutable_packets_variance()->set_low(90);
  cell.mutable_estimate()->set_ip_octets(1'000);
  cell.mutable_estimate()->mutable_ip_octets_variance()->set_low(9'000);
  store_.Add("a", kSampleStart + 10, measurement);
  const auto answer = Ask({});
  ASSERT_EQ(answer.rows_size(), 1);
  EXPECT_EQ(answer.rows(0).cell().ShortDebugString(), "traffic_class { } packets: 6662 ip_octets: 666200");
  EXPECT_EQ(answer.rows(0).tcp_new_flows(), 0u);

  v1::GetFiguresRequest request;
  *request.mutable_range() = RequestFor<v1::GetTrafficRequest>(kSampleStart, kEnd, 0).range();
  const auto has_errors = [](const absl::StatusOr<v1::GetFiguresResponse>& figures) {
    return std::any_of(figures->figures().begin(), figures->figures().end(),
                       [](const v1::Figure& figure) { return !figure.standard_error().empty(); });
  };
  EXPECT_TRUE(has_errors(ReadFigures(*store_, request)));
  EXPECT_FALSE(has_errors(ReadFigures(*store_, request, 3, kLater)));
}

TEST_F(WithheldAnswers, FiguresAreWithheldAlike) {
  v1::GetFiguresRequest request;
  request.mutable_range()->set_start_unix_seconds(kSampleStart);
  request.mutable_range()->set_end_unix_seconds(kEnd);
  v1::Measurement measurement = SampleMeasurement(1, 0, /*darknet=*/false);
  AddCell(v1::FAMILY_IPV4, v1::TRANSPORT_TCP, 5, measurement);
  measurement.mutable_cells(0)->mutable_traffic_class()->set_access(v1::ACCESS_MOBILE);
  store_.Add("a", kSampleStart + 10, measurement);
  const auto figures = ReadFigures(*store_, request, 3, kLater);
  ASSERT_TRUE(figures.ok()) << figures.status();
  int withheld = 0;
  for (const v1::Figure& figure : figures->figures()) {
    if (figure.withheld_because() == kWithheld) ++withheld;
    EXPECT_EQ(figure.withheld_reason() == v1::WITHHELD_REASON_FEW_CONTRIBUTORS,
              figure.withheld_because() == kWithheld)
        << figure.ShortDebugString();
    EXPECT_EQ(figure.withheld_because().empty(), !figure.value().empty()) << figure.ShortDebugString();
  }
  // Fixed and mobile download, each as rate and volume on three bases: mobile is isp-a's, fixed would tell
  // it. Of upload there is nothing.
  EXPECT_EQ(withheld, 12);
  const auto all = ReadFigures(*store_, request);
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all->figures_size(), figures->figures_size());
}

TEST_F(WithheldAnswers, TheDarknetIsWithheldAlike) {
  for (const std::string name : {"a", "b", "c"}) {
    v1::Measurement measurement = SampleMeasurement(1, 0, /*darknet=*/false);
    v1::DarknetTally& tally = *measurement.add_darknet();
    tally.set_sensor("dark-" + name);
    tally.set_address_seconds(2'560);
    for (const uint32_t port : {22u, 23u, 445u}) {
      if (port == 445 && name != "a") continue;
      v1::DarknetCell& cell = *tally.add_cells();
      cell.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
      cell.set_family(v1::FAMILY_IPV4);
      cell.set_protocol(6);
      cell.set_destination_port(port);
      cell.set_packets(port);
    }
    store_.Add(name, kSampleStart + 10, measurement);
  }
  auto request = RequestFor<v1::GetDarknetRequest>(kSampleStart, kEnd, 0);
  auto total = ReadDarknet(*store_, request, 3, kLater);
  ASSERT_TRUE(total.ok()) << total.status();
  ASSERT_EQ(total->rows_size(), 1);
  EXPECT_EQ(total->rows(0).cell().packets(), 3 * 45 + 445u);
  EXPECT_EQ(total->rows(0).address_seconds(), 7'680u);

  request.add_by(v1::DARKNET_DIMENSION_PORT);
  const auto ports = ReadDarknet(*store_, request, 3, kLater);
  ASSERT_TRUE(ports.ok()) << ports.status();
  ASSERT_EQ(ports->rows_size(), 3);
  EXPECT_EQ(ports->rows(0).cell().destination_port(), 23u);
  EXPECT_EQ(ports->rows(0).cell().packets(), 69u);
  for (const int withheld : {1, 2}) {
    EXPECT_EQ(ports->rows(withheld).withheld_because(), kWithheld);
    EXPECT_EQ(ports->rows(withheld).cell().packets(), 0u);
    EXPECT_EQ(ports->rows(withheld).address_seconds(), 0u);
  }
  EXPECT_EQ(ports->rows(1).cell().destination_port(), 22u);

  request.clear_by();
  request.add_by(v1::DARKNET_DIMENSION_SENSOR);
  const auto sensors = ReadDarknet(*store_, request, 3, kLater);
  ASSERT_TRUE(sensors.ok()) << sensors.status();
  ASSERT_EQ(sensors->rows_size(), 3);
  for (const v1::DarknetRow& row : sensors->rows()) EXPECT_EQ(row.withheld_because(), kWithheld);
  request.add_sensors("dark-a");
  EXPECT_EQ(ReadDarknet(*store_, request, 3, kLater).status().code(), absl::StatusCode::kPermissionDenied);
}

// 445 has more packets than 23, which GetDarknet tells, and is a's alone.
TEST_F(WithheldAnswers, LeadingPortsThatAreWithheldAreNotNamed) {
  for (const std::string name : {"a", "b", "c"}) {
    v1::Measurement measurement = SampleMeasurement(1, 0, /*darknet=*/false);
    v1::DarknetTally& tally = *measurement.add_darknet();
    tally.set_sensor("dark-" + name);
    tally.set_address_seconds(2'560);
    for (const uint32_t port : {22u, 23u, 445u}) {
      if (port == 445 && name != "a") continue;
      v1::DarknetCell& cell = *tally.add_cells();
      cell.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
      cell.set_family(v1::FAMILY_IPV4);
      cell.set_protocol(6);
      cell.set_destination_port(port);
      cell.set_packets(port);
    }
    store_.Add(name, kSampleStart + 10, measurement);
  }
  v1::GetFiguresRequest request;
  request.mutable_range()->set_start_unix_seconds(kSampleStart);
  request.mutable_range()->set_end_unix_seconds(kEnd);
  const auto shares = [&](uint32_t fewest) {
    std::vector<v1::Figure> told;
    const auto figures = ReadFigures(*store_, request, fewest, kLater);
    EXPECT_TRUE(figures.ok()) << figures.status();
    if (!figures.ok()) return told;
    for (const v1::Figure& figure : figures->figures()) {
      if (figure.id() == "darknet_port_share") told.push_back(figure);
    }
    return told;
  };
  EXPECT_EQ(shares(1).size(), 3u);
  const std::vector<v1::Figure> withheld = shares(3);
  ASSERT_EQ(withheld.size(), 1u);
  EXPECT_EQ(withheld[0].withheld_because(), kWithheld);
  for (const char* label : {"rank", "protocol", "port"}) {
    EXPECT_FALSE(withheld[0].labels().contains(label)) << label;
  }
}

TEST_F(WithheldAnswers, UniqueHostsOfAClassThatFewSawAreWithheld) {
  for (const std::string name : {"a", "b", "c"}) {
    v1::Measurement measurement = SampleMeasurement(1, 0, /*darknet=*/false);
    v1::DarknetTally& tally = *measurement.add_darknet();
    tally.set_sensor("dark-" + name);
    tally.set_source_key(7);
    for (const v1::DarknetClass darknet_class :
         {v1::DARKNET_CLASS_TCP_SYN, v1::DARKNET_CLASS_BACKSCATTER_RST, v1::DARKNET_CLASS_TCP_XMAS}) {
      if (darknet_class == v1::DARKNET_CLASS_TCP_XMAS && name != "a") continue;
      v1::DarknetCell& cell = *tally.add_cells();
      cell.set_darknet_class(darknet_class);
      cell.set_family(v1::FAMILY_IPV4);
      cell.set_protocol(6);
      cell.set_packets(static_cast<uint64_t>(darknet_class));
      v1::SourceSketch& sketch = *tally.add_sketches();
      sketch.set_darknet_class(darknet_class);
      sketch.set_family(v1::FAMILY_IPV4);
      sketch.set_protocol(6);
      for (uint32_t host = 0; host < 4; ++host) {
        sketch.add_few((static_cast<uint32_t>(name[0]) * 4 + host) * 64 + 1);
      }
    }
    store_.Add(name, kSampleStart + 10, measurement);
  }
  v1::GetFiguresRequest request;
  request.mutable_range()->set_start_unix_seconds(kSampleStart);
  request.mutable_range()->set_end_unix_seconds(kEnd);
  const auto figures = ReadFigures(*store_, request, 3, kLater);
  ASSERT_TRUE(figures.ok()) << figures.status();
  std::map<std::string, std::string> hosts;
  for (const v1::Figure& figure : figures->figures()) {
    if (figure.id() != "darknet_unique_hosts") continue;
    const auto darknet_class = figure.labels().find("class");
    hosts[darknet_class == figure.labels().end() ? "" : darknet_class->second] =
        figure.value().empty() ? figure.withheld_because() : figure.value();
  }
  // The class with the fewest packets that all saw goes with the one that a alone saw.
  EXPECT_EQ(hosts,
            (std::map<std::string, std::string>{
                {"", "12"}, {"tcp_syn", kWithheld}, {"backscatter_rst", "12"}, {"tcp_xmas", kWithheld}}));
}

TEST_F(WithheldAnswers, TheLedgerSaysThatAndNotHowMuch) {
  auto ledger = ReadLedger(*store_, {}, {});
  ASSERT_TRUE(ledger.ok()) << ledger.status();
  WithholdCounts(3, *ledger);
  ASSERT_EQ(ledger->collectors_size(), 3);
  for (const v1::CollectorLedger& collector : ledger->collectors()) {
    const v1::PointLedger& point = collector.points(0);
    EXPECT_EQ(point.withheld_because(), kWithheld);
    EXPECT_EQ(point.cell_packets(), 0u);
    EXPECT_FALSE(point.has_ledger());
    ASSERT_FALSE(point.identities().empty());
    for (const v1::Identity& identity : point.identities()) {
      EXPECT_EQ(identity.left() + identity.right() + identity.slack(), 0u) << identity.name();
    }
  }
}

}  // namespace
}  // namespace kansoku::aggregator
