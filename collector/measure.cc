// SPDX-License-Identifier: Apache-2.0
#include "collector/measure.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "collector/capture/pcap_file_source.h"
#include "collector/census.h"
#include "collector/classify/classifier.h"
#include "collector/config.h"
#include "collector/five_tuples.h"
#include "collector/measure_output.h"
#include "collector/meter/link_meter.h"
#include "collector/meter_burst.h"
#include "proto/contract/identity.h"
#include "proto/contract/measurement.h"
#include "proto/contract/window.h"

namespace kansoku::collector {
namespace {

constexpr uint32_t kDefaultWindowSeconds = 10;
constexpr int64_t kDefaultIdleTimeoutNs = 60 * kNanosecondsPerSecond;

absl::StatusOr<CheckedConfig> ConfigFor(const MeasureOptions& options) {
  if (!options.config_path.empty()) return LoadConfig(options.config_path);
  CheckedConfig bare;
  bare.config.set_window_seconds(kDefaultWindowSeconds);
  bare.config.mutable_flow_table()->set_idle_timeout_seconds(kDefaultIdleTimeoutNs / kNanosecondsPerSecond);
  bare.config.add_links()->set_point("measured");
  auto plan = AddressPlan::Compile(bare.config, ConfigPlaces("measure"));
  if (!plan.ok()) return plan.status();
  bare.plan = *std::move(plan);
  return bare;
}

// One file through the chain. The status of the file itself (damaged at its end) is part of the result.
absl::StatusOr<FileTotals> MeasureFile(const std::string& path, const CheckedConfig& checked,
                                       const MeasureOptions& options, bool list_flows) {
  absl::StatusOr<std::unique_ptr<PacketSource>> source = PcapFileSource::Open(path);
  if (!source.ok()) return source.status();
  FileTotals totals;
  totals.file = path;

  LinkMeterOptions meter_options;
  meter_options.point = checked.config.links(0).point();
  meter_options.window_seconds = checked.config.window_seconds();
  meter_options.flow_table_entries = options.flow_table_entries;
  meter_options.flow_idle_timeout_ns =
      int64_t{checked.config.flow_table().idle_timeout_seconds()} * kNanosecondsPerSecond;
  meter_options.sensors = checked.plan->sensors();
  meter_options.address_seconds = [plan = checked.plan](size_t sensor, int64_t start_s, uint32_t seconds) {
    return plan->AddressSeconds(sensor, start_s, seconds);
  };
  LinkMeter meter(std::move(meter_options),
                  [&totals](v1::WindowReport report) { Merge(report.measurement(), totals.measurement); });
  const Classifier classifier(checked.plan, checked.config.links(0));
  FiveTuples tuples;

  const auto started = std::chrono::steady_clock::now();
  const auto observe = [&](const PacketView& packet, Refusal refusal, const DecodedPacket& decoded) {
    totals.census.AddFrame(packet);
    if (refusal != Refusal::kNone) return totals.census.AddOther();
    totals.census.AddIp(decoded);
    if (list_flows) tuples.Add(decoded);
  };
  const auto count = [&](std::span<const PacketView> burst) {
    MeterBurst(
        burst, classifier, meter, [&source] { return (*source)->Stats(); }, observe);
  };
  absl::StatusOr<PollState> state = PollState::kMore;
  while (state.ok() && *state != PollState::kEnd) state = (*source)->Poll(count);
  totals.damage = state.status();
  meter.Finish((*source)->Stats(), !state.ok());
  totals.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  if (list_flows) totals.tuples = std::move(tuples);
  return totals;
}

}  // namespace

absl::StatusOr<bool> Measure(const MeasureOptions& options, std::ostream& out, std::ostream& complaints) {
  const absl::StatusOr<CheckedConfig> config = ConfigFor(options);
  if (!config.ok()) return config.status();
  std::ofstream flows;
  if (!options.flows_path.empty()) {
    flows.open(options.flows_path);
    if (!flows)
      return absl::InvalidArgumentError(absl::StrCat(options.flows_path, ": cannot be written; see --flows"));
    FiveTuples::WriteHeader(flows);
  }
  bool clean = true;
  for (const std::string& path : options.files) {
    const bool list_flows = options.json || flows.is_open();
    absl::StatusOr<FileTotals> totals = MeasureFile(path, *config, options, list_flows);
    if (!totals.ok()) return totals.status();
    options.json ? WriteJson(*totals, out) : WriteTable(*totals, out);
    if (flows.is_open()) totals->tuples->WriteRows(std::filesystem::path(path).filename(), flows);
    if (!totals->damage.ok()) {
      clean = false;
      complaints << "kansoku-collector: " << totals->damage.message() << "\n";
    }
    for (const Identity& identity : CaptureIdentities(totals->measurement)) {
      if (identity.holds()) continue;
      clean = false;
      complaints << "kansoku-collector: " << path << ": violated: " << identity.statement << ": "
                 << identity.left << " against " << identity.right << "\n";
    }
  }
  flows.flush();
  if (flows.is_open() && !flows) {
    return absl::ResourceExhaustedError(
        absl::StrCat(options.flows_path, ": could not be written to its end"));
  }
  return clean;
}

}  // namespace kansoku::collector
