// SPDX-License-Identifier: Apache-2.0
#include "collector/measure.h"

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "collector/capture/capture_file.h"
#include "collector/classify/classifier.h"
#include "collector/config.h"
#include "collector/measure_output.h"
#include "collector/meter/link_meter.h"
#include "collector/meter_burst.h"
#include "collector/port_table.h"
#include "collector/source_options.h"
#include "collector/survey.h"
#include "proto/contract/identity.h"
#include "proto/contract/measurement.h"
#include "proto/contract/window.h"
#include "proto/terminal/progress.h"

namespace kansoku::collector {
namespace {

// Every default of the configuration, no subscribers, no telescope.
constexpr char kBareConfig[] = R"(collector: measure
isp: measure
aggregator: {address: "127.0.0.1:1"}
spool: {path: unused}
links: [{point: measured, file: unused}]
)";

// The totals need the meter alone; addresses, ports and counts at the other layer cost more than that.
bool NeedsSurvey(const MeasureOptions& options) {
  return options.json || !options.flows_path.empty() || !options.ports_path.empty();
}

absl::StatusOr<CheckedConfig> ConfigFor(const MeasureOptions& options) {
  if (!options.config_path.empty()) return LoadConfig(options.config_path);
  return CompileConfig(kBareConfig, "measure");
}

LinkMeterOptions MeterOptionsOf(const CheckedConfig& checked, const MeasureOptions& options) {
  LinkMeterOptions meter;
  meter.point = checked.config.links(0).point();
  meter.window_seconds = checked.config.window_seconds();
  meter.flow_table_entries = options.flow_table_entries.value_or(checked.config.flow_table().entries());
  meter.flow_idle_timeout_ns =
      int64_t{checked.config.flow_table().idle_timeout_seconds()} * kNanosecondsPerSecond;
  meter.statistics = checked.config.flow_table().statistics();
  meter.sampling_interval = checked.config.capture().sampling_interval();
  meter.sensors = checked.plan->sensors();
  meter.address_seconds = [plan = checked.plan](size_t sensor, int64_t start_s, uint32_t seconds) {
    return plan->AddressSeconds(sensor, start_s, seconds);
  };
  return meter;
}

// Asking for the time with each burst would cost as much as a packet.
constexpr uint64_t kPollsBetweenLooks = 1024;

// What has no end, such as standard input, says nothing.
void Tell(const PacketSource& source, Progress& progress) {
  const std::optional<ReadShare> share = source.Share();
  if (share.has_value()) progress.Tell(share->read_octets, share->octets, absl::Now());
}

// One file through the chain. The status of the file itself (damaged at its end) is part of the result.
absl::StatusOr<FileTotals> MeasureFile(const std::string& path, const CheckedConfig& checked,
                                       const MeasureOptions& options) {
  absl::StatusOr<std::unique_ptr<PacketSource>> source = OpenCaptureFile(path);
  if (!source.ok()) return source.status();
  const auto dark_sources = ReadSourceOptions(checked.config, std::numeric_limits<int64_t>::min());
  if (!dark_sources.ok()) return dark_sources.status();
  FileTotals totals;
  totals.file = path;

  LinkMeter meter(MeterOptionsOf(checked, options),
                  [&totals](v1::WindowReport report) { Merge(report.measurement(), totals.measurement); });
  if (dark_sources->has_value()) meter.TellSourcesApart(**dark_sources);
  DecodeOptions decode_options = DecodeOptionsOf(checked.config, checked.config.links(0));
  if (options.layer) decode_options.layer = *options.layer;
  const Classifier classifier(checked.plan, checked.config.links(0));
  if (NeedsSurvey(options)) totals.survey.emplace(decode_options);

  const auto run = [&](auto observe) {
    const auto count = [&](std::span<const PacketView> burst) {
      FrameCensus frames = totals.frames;  // a copy, so that it can stay in registers
      for (const PacketView& packet : burst) frames.Add(packet);
      totals.frames = frames;
      if (options.json) {
        for (const PacketView& packet : burst) totals.times.Add(packet.captured_unix_ns);
      }
      MeterBurst(burst, decode_options, classifier, meter, [&source] { return (*source)->Stats(); }, observe);
    };
    absl::StatusOr<PollState> state = PollState::kMore;
    Progress progress(STDERR_FILENO, absl::StrCat("reading ", path));
    for (uint64_t polls = 0; state.ok() && *state != PollState::kEnd; ++polls) {
      if (polls % kPollsBetweenLooks == 0) Tell(**source, progress);
      state = (*source)->Poll(count);
    }
    totals.damage = state.status();
  };
  const auto started = std::chrono::steady_clock::now();
  if (totals.survey) {
    run([&survey = *totals.survey](const PacketView& packet, Refusal refusal, const DecodedPacket& decoded) {
      survey.Add(packet, refusal, decoded);
    });
  } else {
    run([](const PacketView&, Refusal, const DecodedPacket&) {});
  }
  meter.Finish((*source)->Stats(), !totals.damage.ok());
  totals.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return totals;
}

// Says on `complaints` what is wrong with a file or its totals; true: nothing is.
bool IsClean(const FileTotals& totals, std::ostream& complaints) {
  bool clean = totals.damage.ok();
  if (!clean) complaints << "kansoku-collector: " << totals.damage.message() << "\n";
  for (const Identity& identity : CaptureIdentities(totals.measurement)) {
    if (identity.holds()) continue;
    clean = false;
    complaints << "kansoku-collector: " << totals.file << ": violated: " << identity.statement << ": "
               << identity.left << " against " << identity.right << "\n";
  }
  return clean;
}

// A CSV file that an option names; nothing is opened where it names none.
struct ListFile {
  const std::string option;
  const std::string path;
  std::ofstream out;

  absl::Status Open() {
    if (path.empty()) return absl::OkStatus();
    out.open(path);
    if (out) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be written; see ", option));
  }
  absl::Status Close() {
    if (path.empty() || out.flush()) return absl::OkStatus();
    return absl::ResourceExhaustedError(absl::StrCat(path, ": could not be written to its end"));
  }
};

}  // namespace

absl::StatusOr<bool> Measure(const MeasureOptions& options, std::ostream& out, std::ostream& complaints) {
  const absl::StatusOr<CheckedConfig> config = ConfigFor(options);
  if (!config.ok()) return config.status();
  ListFile flows{"--flows", options.flows_path};
  ListFile ports{"--ports", options.ports_path};
  for (ListFile* list : {&flows, &ports}) {
    if (absl::Status status = list->Open(); !status.ok()) return status;
  }
  FiveTuples::WriteHeader(flows.out);
  WritePortHeader(ports.out);
  bool clean = true;
  for (const std::string& path : options.files) {
    const absl::StatusOr<FileTotals> totals = MeasureFile(path, *config, options);
    if (!totals.ok()) return totals.status();
    options.json ? WriteJson(*totals, out) : WriteTable(*totals, out);
    if (totals->survey) {
      const Survey& survey = *totals->survey;
      const std::string name = std::filesystem::path(path).filename();
      survey.inner().WriteRows(name, "inner", flows.out);
      if (survey.census().tunnelled > 0) survey.outer().WriteRows(name, "outer", flows.out);
      WritePortRows(name, survey.inner(), ports.out);
    }
    clean = IsClean(*totals, complaints) && clean;
  }
  for (ListFile* list : {&flows, &ports}) {
    if (absl::Status status = list->Close(); !status.ok()) return status;
  }
  return clean;
}

}  // namespace kansoku::collector
