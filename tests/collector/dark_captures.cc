// SPDX-License-Identifier: Apache-2.0
#include "tests/collector/dark_captures.h"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "collector/capture/capture_file.h"
#include "collector/config.h"
#include "collector/meter_burst.h"
#include "collector/window_merge.h"
#include "proto/contract/darknet_sources.h"
#include "proto/contract/identity.h"
#include "proto/contract/measurement.h"

namespace kansoku::collector {
namespace {

constexpr char kConfig[] = R"(collector: edge-1
isp: example
aggregator: {address: "127.0.0.1:1"}
spool: {path: unused}
links: [{point: measured, file: unused}]
telescopes:
)";
constexpr char kAllIsDark[] = R"(  - {sensor: all, prefix: 0.0.0.0/0}
  - {sensor: all, prefix: "::/0"}
)";

}  // namespace

const SourceHash& KnownHash() {
  static const SourceHash hash = SourceHash::FromKey({1, 2, 3}).value();
  return hash;
}

void MeterDark(const std::filesystem::path& path, const std::string& telescopes, uint32_t window_seconds,
               uint32_t entries, const LinkMeter::Sink& sink) {
  const auto checked = CompileConfig(kConfig + telescopes, "telescope");
  EXPECT_TRUE(checked.ok()) << checked.status();
  auto source = OpenCaptureFile(path);
  EXPECT_TRUE(source.ok()) << source.status();
  LinkMeter meter(
      {.point = "measured", .window_seconds = window_seconds, .sensors = checked->plan->sensors()}, sink);
  meter.TellSourcesApart({.hash = KnownHash(), .entries = entries, .max_reported = entries});
  const Classifier classifier(checked->plan, checked->config.links(0));
  absl::StatusOr<PollState> state = PollState::kMore;
  while (state.ok() && *state != PollState::kEnd) {
    state = (*source)->Poll([&](std::span<const PacketView> burst) {
      MeterBurst(
          burst, DecodeOptions(), classifier, meter, [&] { return (*source)->Stats(); },
          [](const PacketView&, Refusal, const DecodedPacket&) {});
    });
  }
  EXPECT_TRUE(state.ok()) << state.status();
  meter.Finish((*source)->Stats(), false);
}

void MeterDarkShared(const std::filesystem::path& path, const std::string& telescopes,
                     uint32_t window_seconds, size_t workers, uint64_t seed, const LinkMeter::Sink& sink) {
  constexpr uint32_t kRoom = 1 << 14;
  const auto checked = CompileConfig(kConfig + telescopes, "telescope");
  EXPECT_TRUE(checked.ok()) << checked.status();
  auto source = OpenCaptureFile(path);
  EXPECT_TRUE(source.ok()) << source.status();
  WindowMerge merge({.workers = workers, .max_darknet_sources = kRoom}, sink);
  std::deque<LinkMeter> meters;
  std::vector<CaptureStats> stats(workers);
  for (size_t worker = 0; worker < workers; ++worker) {
    meters.emplace_back(
        LinkMeterOptions{
            .point = "measured", .window_seconds = window_seconds, .sensors = checked->plan->sensors()},
        [&merge, worker](v1::WindowReport report) { merge.Add(worker, std::move(report)); });
    meters.back().TellSourcesApart({.hash = KnownHash(), .entries = kRoom, .max_reported = kRoom});
  }
  const Classifier classifier(checked->plan, checked->config.links(0));
  std::mt19937_64 random(seed);
  absl::StatusOr<PollState> state = PollState::kMore;
  while (state.ok() && *state != PollState::kEnd) {
    state = (*source)->Poll([&](std::span<const PacketView> burst) {
      for (const PacketView& view : burst) {
        const size_t worker = random() % workers;
        ++stats[worker].received_packets;
        MeterBurst(
            std::span(&view, 1), DecodeOptions(), classifier, meters[worker], [&] { return stats[worker]; },
            [](const PacketView&, Refusal, const DecodedPacket&) {});
      }
    });
  }
  EXPECT_TRUE(state.ok()) << state.status();
  for (size_t worker = 0; worker < workers; ++worker) {
    meters[worker].Finish(stats[worker], false);
    merge.End(worker);
  }
}

Observed ObserveAllDark(const std::filesystem::path& path, uint32_t entries) {
  Observed observed;
  v1::Measurement sum;
  MeterDark(path, kAllIsDark, 300, entries, [&](v1::WindowReport report) {
    Merge(report.measurement(), sum);
    for (const v1::DarknetSources& sources : report.darknet_sources())
      EXPECT_EQ(Merge(sources, observed.sources), absl::OkStatus());
  });
  for (const Identity& identity : CaptureIdentities(sum)) EXPECT_TRUE(identity.holds()) << identity.statement;
  EXPECT_EQ(sum.darknet_size(), 1);
  observed.tally = sum.darknet(0);
  return observed;
}

}  // namespace kansoku::collector
