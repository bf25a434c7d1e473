// SPDX-License-Identifier: Apache-2.0
//
// A real store, three telescopes of two ISPs, and windows of what single sources sent there.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/telescope_day.h"
#include "aggregator/store/sqlite_store.h"
#include "aggregator/vintage/telescope_keeper.h"
#include "proto/contract/day.h"
#include "proto/contract/source_sketch.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {

using Texts = std::vector<std::string>;

inline const absl::CivilDay kSaturday(2026, 11, 21);
inline const int64_t kStart = DayStartUnixSeconds(kSaturday);
inline constexpr int64_t kDaySeconds = 86'400;
inline const absl::Time kEnd = absl::FromUnixSeconds(kStart + kDaySeconds);
inline const absl::Time kSettled = kEnd + kDaySettles;

// One probe of each TCP port from `first` on.
inline v1::DarknetSource Probes(uint64_t id, uint32_t first, uint32_t ports) {
  v1::DarknetSource source;
  source.set_id(id);
  source.set_probe_packets(ports);
  source.set_tcp_syns(ports);
  for (uint32_t port = first; port < first + ports; ++port) {
    v1::PortPackets& of_port = *source.add_ports();
    of_port.set_protocol(6);
    of_port.set_port(port);
    of_port.set_packets(1);
  }
  return source;
}

struct Seen {
  std::vector<v1::DarknetSource> sources = {};
  uint64_t key = 7;      // 0: sources are not told apart
  uint64_t further = 0;  // packets of sources that found no room, to port 1
};

// A window of ten seconds on a telescope of `addresses` addresses: what its sources sent, as a collector
// counts it.
inline v1::WindowReport Window(const std::string& point, int64_t start, uint64_t addresses,
                               const Seen& seen) {
  v1::WindowReport report;
  report.set_point(point);
  report.set_window_start_unix_seconds(start);
  report.set_window_seconds(kSampleWindowSeconds);
  v1::Measurement& measurement = *report.mutable_measurement();
  measurement.set_windows(1);
  measurement.set_covered_seconds(kSampleWindowSeconds);
  v1::DarknetTally& tally = *measurement.add_darknet();
  tally.set_sensor("dark-" + point);
  tally.set_address_seconds(addresses * kSampleWindowSeconds);
  v1::DarkPrefix& prefix = *tally.add_prefixes();
  prefix.set_address(0xc0000200);
  prefix.set_length(24);
  prefix.set_address_seconds(tally.address_seconds());
  std::map<uint32_t, uint64_t> ports;
  if (seen.further > 0) ports[1] = seen.further;
  SourceSketch sketch;
  for (const v1::DarknetSource& source : seen.sources) {
    sketch.Add(source.id() * 0x9e3779b97f4a7c15);  // random enough
    for (const v1::PortPackets& port : source.ports()) ports[port.port()] += port.packets();
  }
  for (const auto& [port, packets] : ports) {
    v1::DarknetCell& cell = *tally.add_cells();
    cell.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
    cell.set_family(v1::FAMILY_IPV4);
    cell.set_protocol(6);
    cell.set_destination_port(port);
    cell.set_packets(packets);
  }
  tally.set_rules(1);
  if (seen.key == 0) return report;
  tally.set_source_key(seen.key);
  v1::SourceSketch& of_syns = *tally.add_sketches();
  of_syns.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
  of_syns.set_family(v1::FAMILY_IPV4);
  of_syns.set_protocol(6);
  sketch.WriteTo(of_syns);
  v1::DarknetSources& sources = *report.add_darknet_sources();
  sources.set_sensor(tally.sensor());
  sources.set_source_key(seen.key);
  sources.set_rules(1);
  sources.set_further_packets(seen.further);
  for (const v1::DarknetSource& source : seen.sources) *sources.add_sources() = source;
  return report;
}

class KeptDays : public testing::Test {
 protected:
  KeptDays() {
    Reopen();
    for (const auto& [point, isp] :
         {std::pair("kobe", "isp-1"), std::pair("kyoto", "isp-1"), std::pair("nara", "isp-2")}) {
      v1::Hello hello = SampleHello(point);
      hello.set_isp(isp);
      EXPECT_TRUE(store_->Welcome(hello, absl::UnixEpoch()).ok());
    }
  }

  void Reopen() {
    store_.reset();
    store_ = *SqliteStore::Open({.path = folder_.File()});
    keeper_ = std::make_unique<TelescopeKeeper>();
  }

  // Ten addresses are watched.
  void Send(const std::string& point, int64_t start, const Seen& seen) {
    CollectorBatch batch{.collector = point, .epoch = 1};
    v1::SequencedReport& report = batch.reports.emplace_back();
    report.set_sequence(++sent_[point]);
    *report.mutable_report() = Window(point, start, 10, seen);
    Commit(batch);
  }
  void Commit(const CollectorBatch& batch) {
    const auto committed = store_->Commit({&batch, 1}, absl::UnixEpoch());
    ASSERT_TRUE(committed.ok()) << committed.status();
  }

  // What two calls added, five minutes after one another.
  Texts Keep(absl::Time now) {
    Texts added = KeepOnce(now - absl::Minutes(5));
    for (std::string& text : KeepOnce(now)) added.push_back(std::move(text));
    return added;
  }
  // What was added, each as "2026-11-21 1" with its ISP's name before if it has one; and an error, if any.
  Texts KeepOnce(absl::Time now) {
    Texts added;
    const absl::Status kept = keeper_->Keep(*store_, now, [&](const v1::TelescopeDay& day) {
      added.push_back(absl::StrCat(day.isp(), day.isp().empty() ? "" : " ", day.day(), " ", day.revision()));
    });
    if (!kept.ok()) added.push_back(std::string(kept.message()));
    return added;
  }

  v1::TelescopeDay Day(const std::string& isp = "", absl::CivilDay day = kSaturday) {
    v1::TelescopeDay found;
    const auto visit = [&](const v1::TelescopeDay& one) { found = one; };
    EXPECT_TRUE(store_->ScanTelescopeDays(isp, DayText(day), DayText(day), visit).ok());
    const v1::SourcesDay& sources = found.sources();
    if (found.has_sources()) {
      EXPECT_EQ(PacketsOf(found),
                sources.judged_packets() + sources.unjudged_packets() + sources.untold_packets());
    }
    return found;
  }
  static uint64_t Hosts(const v1::TelescopeDay& day) {
    return day.sources().sketches_size() == 1 ? EstimateSources(day.sources().sketches(0)) : 0;
  }

  StoreFolder folder_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<TelescopeKeeper> keeper_;
  std::map<std::string, uint64_t> sent_;
};

}  // namespace kansoku::aggregator
