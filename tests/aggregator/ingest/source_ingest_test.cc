// SPDX-License-Identifier: Apache-2.0
//
// What is told of the sources of dark packets, from the wire into the store.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/aggregator/ingest/ingest_stream.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

constexpr int kSources = 4'096, kPortsOfEach = 64;

// As many sources as a report lists unless configured otherwise, with as many ports as each may have.
v1::SequencedReport FullReport(uint64_t sequence) {
  v1::SequencedReport report =
      SampleReport(sequence, "tokyo", kSampleStart + static_cast<int64_t>(sequence) * kSampleWindowSeconds);
  AddSampleSources(0, kSources, *report.mutable_report());
  uint64_t packets = 0;
  for (v1::DarknetSource& source : *report.mutable_report()->mutable_darknet_sources(0)->mutable_sources()) {
    source.set_probe_packets(source.probe_packets() + kPortsOfEach);
    packets += source.probe_packets();
    for (uint32_t port = 1; port < kPortsOfEach; ++port) {
      v1::PortPackets& further = *source.add_ports();
      further.set_protocol(17);
      further.set_port(port);
      further.set_packets(1);
    }
  }
  SetDarkPackets(packets, *report.mutable_report()->mutable_measurement());
  return report;
}

std::vector<v1::WindowReport> Stored(const Store& store) {
  std::vector<v1::WindowReport> reports;
  EXPECT_TRUE(store
                  .ScanDarknetSources(0, kSampleStart + 3'600, {},
                                      [&](const v1::WindowReport& report) { reports.push_back(report); })
                  .ok());
  return reports;
}

uint64_t SketchedSources(const Store& store) {
  uint64_t registers = 0;
  EXPECT_TRUE(store
                  .Scan(Tier::kHour, 0, kSampleStart + 3'600, {},
                        [&](const Bucket& bucket) {
                          for (const v1::DarknetTally& tally : bucket.measurement.darknet()) {
                            for (const v1::SourceSketch& sketch : tally.sketches()) {
                              registers += static_cast<uint64_t>(sketch.few_size());
                            }
                          }
                        })
                  .ok());
  return registers;
}

TEST(SourceIngest, AFullReportIsTakenAndCountsOnceHoweverOftenItComes) {
  StoreFolder folder;
  Server server(folder.File());
  for (int time = 0; time < 3; ++time) {
    Client client(server);
    client.Greet(SampleHello("tokyo"));
    client.Send({FullReport(1)});
    if (time == 0) client.ReadAcksThrough(1);
    EXPECT_TRUE(client.Close().ok());
  }
  EXPECT_TRUE(server.store().Quarantine({.most = 10})->empty());
  v1::WindowReport alone = FullReport(1).report();
  alone.clear_measurement();
  const auto stored = Stored(server.store());
  ASSERT_EQ(stored.size(), 1u);
  EXPECT_TRUE(stored[0].SerializeAsString() == alone.SerializeAsString());
  EXPECT_EQ(SketchedSources(server.store()), uint64_t{kSources});
}

TEST(SourceIngest, ABadSketchOrSourceIsPutAsideAndSaysWhatIsWrong) {
  StoreFolder folder;
  Server server(folder.File());
  std::vector<v1::SequencedReport> reports = {FullReport(1), FullReport(2), FullReport(3)};
  reports[0].mutable_report()->mutable_measurement()->mutable_darknet(0)->mutable_sketches(0)->set_few(0, 0);
  reports[1].mutable_report()->mutable_darknet_sources(0)->set_source_key(1);
  reports.push_back(FullReport(4));
  reports[3].mutable_report()->mutable_darknet_sources(0)->set_further_packets(2);
  Client client(server);
  client.Greet(SampleHello("tokyo"));
  client.Send(reports);
  client.ReadAcksThrough(4);
  EXPECT_TRUE(client.Close().ok());
  const auto held = *server.store().Quarantine({.most = 10});
  ASSERT_EQ(held.size(), 3u);
  EXPECT_EQ(
      held[0].text(),
      "report 1, point tokyo, window 2024-11-01T00:00:10Z: measurement.darknet[0].sketches[0]: its registers "
      "are not up to 4096 in `few`, rising, with values of 1 to 51, nor more of them among 16384 in "
      "`registers`");
  EXPECT_EQ(held[1].text(),
            "report 2, point tokyo, window 2024-11-01T00:00:20Z: darknet_sources[0].source_key: 1 is not the "
            "tally's, 77");
  EXPECT_EQ(
      held[2].text(),
      "report 4, point tokyo, window 2024-11-01T00:00:40Z: darknet_sources[0]: sources and further_packets "
      "are 8652802 packets, the tally of dark-0 has 8652800");
  ASSERT_EQ(Stored(server.store()).size(), 1u);
  EXPECT_EQ(Stored(server.store())[0].window_start_unix_seconds(), kSampleStart + 30);
}

// As after a change of the key, and an upgrade to other rules, within the same hour.
TEST(SourceIngest, WhatHasAnotherKeyOrOtherRulesIsKeptApart) {
  StoreFolder folder;
  Server server(folder.File());
  std::vector<v1::SequencedReport> reports;
  for (uint64_t i = 1; i <= 4; ++i) {
    v1::WindowReport& report = *reports.emplace_back(FullReport(i)).mutable_report();
    v1::DarknetTally& tally = *report.mutable_measurement()->mutable_darknet(0);
    tally.set_source_key(i == 2 ? 78 : 77);
    tally.set_rules(i == 3 ? 2 : 1);
    tally.set_address_seconds(2'560);
    report.mutable_darknet_sources(0)->set_source_key(tally.source_key());
    report.mutable_darknet_sources(0)->set_rules(tally.rules());
  }
  Client client(server);
  client.Greet(SampleHello("tokyo"));
  client.Send(reports);
  client.ReadAcksThrough(4);
  EXPECT_TRUE(client.Close().ok());
  EXPECT_TRUE(server.store().Quarantine({.most = 10})->empty());
  using Origin = std::pair<uint64_t, uint32_t>;
  const std::set<Origin> all = {{77, 1}, {77, 2}, {78, 1}};
  std::set<Origin> of_sources;
  for (const v1::WindowReport& report : Stored(server.store())) {
    for (const v1::DarknetSources& sources : report.darknet_sources())
      of_sources.emplace(sources.source_key(), sources.rules());
  }
  EXPECT_EQ(of_sources, all);
  for (const Tier tier : {Tier::kFiveMinutes, Tier::kHour}) {
    std::map<Origin, uint64_t> seconds;
    EXPECT_TRUE(server.store()
                    .Scan(tier, 0, kSampleStart + 3'600, {},
                          [&](const Bucket& bucket) {
                            for (const v1::DarknetTally& tally : bucket.measurement.darknet()) {
                              if (tally.sketches_size() == 0) continue;
                              seconds[{tally.source_key(), tally.rules()}] += tally.address_seconds();
                            }
                          })
                    .ok());
    EXPECT_EQ(seconds, (std::map<Origin, uint64_t>{{{77, 1}, 5'120}, {{77, 2}, 2'560}, {{78, 1}, 2'560}}));
  }
}

}  // namespace
}  // namespace kansoku::aggregator
