// SPDX-License-Identifier: Apache-2.0
#include "tests/collector/chain.h"

#include <cstdlib>
#include <iostream>

#include "collector/config.h"
#include "collector/meter_burst.h"
#include "proto/contract/identity.h"
#include "proto/contract/measurement.h"

namespace kansoku::collector {
namespace {

constexpr char kConfig[] = R"(collector: edge-1
isp: example
aggregator: {address: "127.0.0.1:1"}
spool: {path: unused}
links: [{point: measured, file: unused}]
subscribers:
  - {prefix: 10.0.0.0/8, access: fixed}
  - {prefix: "2001:db8:1::/48", access: mobile}
telescopes:
  - {sensor: dark, prefix: 198.51.100.0/24}
  - {sensor: dark, prefix: "2001:db8:dead::/48"}
)";

const CheckedConfig& Config() {
  static const CheckedConfig& config = *[] {
    absl::StatusOr<CheckedConfig> compiled = CompileConfig(kConfig, "chain");
    if (!compiled.ok()) {
      std::cerr << compiled.status() << "\n";
      std::abort();
    }
    return new CheckedConfig(*std::move(compiled));
  }();
  return config;
}

LinkMeterOptions MeterOptions(uint32_t flow_table_entries) {
  LinkMeterOptions options;
  options.point = "measured";
  options.flow_table_entries = flow_table_entries;
  options.sensors = Config().plan->sensors();
  options.address_seconds = [](size_t, int64_t, uint32_t) { return std::vector<v1::DarkPrefix>(); };
  return options;
}

}  // namespace

Chain::Chain(const DecodeOptions& options, uint32_t flow_table_entries)
    : options_(options),
      classifier_(Config().plan, Config().config.links(0)),
      meter_(MeterOptions(flow_table_entries),
             [this](v1::WindowReport report) { Merge(report.measurement(), sum_); }) {}

void Chain::Meter(std::span<const PacketView> burst) {
  stats_.received_packets += burst.size();
  MeterBurst(
      burst, options_, classifier_, meter_, [this] { return stats_; },
      [](const PacketView&, Refusal, const DecodedPacket&) {});
}

v1::Measurement Chain::Finish() {
  meter_.Finish(stats_, false);
  return sum_;
}

std::string ViolatedIdentities(const v1::Measurement& measurement) {
  std::string violated;
  for (const Identity& identity : CaptureIdentities(measurement)) {
    if (identity.holds()) continue;
    violated += std::string(identity.statement) + ": " + std::to_string(identity.left) + " against " +
                std::to_string(identity.right) + "\n";
  }
  return violated;
}

}  // namespace kansoku::collector
