// SPDX-License-Identifier: Apache-2.0
#include "collector/collector.h"

#include <optional>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "collector/flow_record_key.h"
#include "collector/link_sources.h"
#include "collector/machine_clocks.h"
#include "collector/processors.h"
#include "collector/window_merge.h"
#include "proto/contract/version.h"
#include "proto/contract/window.h"
#include "proto/transport/certificate_files.h"

namespace kansoku::collector {
namespace {

uint64_t RandomSeed() {
  std::random_device device;
  return uint64_t{device()} << 32 | device();
}

LinkMeterOptions MeterOptions(const CheckedConfig& checked, const v1::LinkConfig& link,
                              bool carries_telescope) {
  LinkMeterOptions options;
  options.point = link.point();
  options.window_seconds = checked.config.window_seconds();
  options.flow_table_entries = checked.config.flow_table().entries();
  options.flow_idle_timeout_ns =
      int64_t{checked.config.flow_table().idle_timeout_seconds()} * kNanosecondsPerSecond;
  options.flow_hash_seed = RandomSeed();
  options.statistics = checked.config.flow_table().statistics();
  options.sampling_interval = checked.config.capture().sampling_interval();
  options.every_window = !link.interface().empty();
  options.sensors = checked.plan->sensors();
  if (carries_telescope) {
    options.address_seconds = [plan = checked.plan](size_t sensor, int64_t start_s, uint32_t seconds) {
      return plan->AddressSeconds(sensor, start_s, seconds);
    };
  }
  return options;
}

// Where the configuration asks for flow records, has the meter make them.
absl::Status RecordFlows(const v1::FlowRecordConfig& config, LinkMeter& meter) {
  if (!config.enabled()) return absl::OkStatus();
  std::optional<AddressPermutation> permutation;
  if (!config.plain_addresses()) {
    const absl::StatusOr<AddressPermutationKey> key = ReadFlowRecordKey(config.key_path());
    if (!key.ok()) return key.status();
    absl::StatusOr<AddressPermutation> keyed = AddressPermutation::FromKey(*key);
    if (!keyed.ok()) return keyed.status();
    permutation = *std::move(keyed);
  }
  meter.RecordFlows(config.max_records(), std::move(permutation));
  return absl::OkStatus();
}

ExportOptions MakeExportOptions(const v1::CollectorConfig& config, std::function<void(std::string)> say) {
  ExportOptions options;
  options.collector = config.collector();
  options.isp = config.isp();
  options.software_version = std::string(SoftwareVersion());
  options.aggregator = config.aggregator();
  options.spool = config.spool();
  for (const v1::LinkConfig& link : config.links()) {
    v1::PointDescription& point = options.points.emplace_back();
    point.set_point(link.point());
    point.set_group(link.group());
    point.set_window_seconds(config.window_seconds());
  }
  options.jitter_seed = RandomSeed();
  options.wall_clock = [] { return absl::Now(); };
  options.on_change = std::move(say);
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Collector>> Collector::Open(const CheckedConfig& checked,
                                                           Callbacks callbacks) {
  std::unique_ptr<Collector> collector(new Collector(std::move(callbacks)));
  const v1::CollectorConfig& config = checked.config;

  if (config.aggregator().has_tls()) {
    const absl::Status status = CheckCertificateFiles(config.aggregator().tls(), absl::Now());
    if (!status.ok()) return absl::Status(status.code(), absl::StrCat("aggregator.", status.message()));
  }
  absl::StatusOr<std::unique_ptr<Exporter>> exporter =
      Exporter::Open(MakeExportOptions(config, collector->callbacks_.say));
  if (!exporter.ok()) return exporter.status();
  collector->exporter_ = *std::move(exporter);

  const auto& cpus = config.capture().cpus();
  if (absl::Status status = CheckProcessors({cpus.data(), static_cast<size_t>(cpus.size())}); !status.ok())
    return status;
  for (const v1::LinkConfig& link : config.links()) {
    if (absl::Status status = collector->AddLink(checked, link); !status.ok()) return status;
  }
  return collector;
}

absl::Status Collector::AddLink(const CheckedConfig& checked, const v1::LinkConfig& link) {
  const v1::CollectorConfig& config = checked.config;
  absl::StatusOr<std::vector<std::unique_ptr<PacketSource>>> sources =
      OpenSources(link, config.capture(), callbacks_.say);
  if (!sources.ok()) return sources.status();

  const bool live = !link.interface().empty();
  const bool is_first_link = &link == &config.links(0);
  // A file can wait for the disk; a live link cannot.
  const auto submit = [exporter = exporter_.get(), live](v1::WindowReport report) {
    live ? exporter->Submit(std::move(report)) : exporter->SubmitAndWait(std::move(report));
  };
  const auto merge = std::make_shared<WindowMerge>(
      WindowMergeOptions{.workers = sources->size(), .max_flow_records = config.flow_records().max_records()},
      submit);
  for (size_t i = 0; i < sources->size(); ++i) {
    LinkMeter meter(MeterOptions(checked, link, is_first_link && i == 0),
                    [merge, i](v1::WindowReport of_worker) { merge->Add(i, std::move(of_worker)); });
    if (absl::Status status = RecordFlows(config.flow_records(), meter); !status.ok()) return status;
    Worker& worker = workers_.emplace_back();
    worker.point = link.point();
    const auto& cpus = config.capture().cpus();
    if (live && !cpus.empty()) worker.processor = cpus[live_workers_++ % cpus.size()];
    worker.end = [merge, i] { merge->End(i); };
    worker.link_worker = std::make_unique<LinkWorker>(std::move((*sources)[i]), DecodeOptionsOf(config, link),
                                                      Classifier(checked.plan, link), std::move(meter),
                                                      live ? LinkWorker::Clocks(ReadMachineClocks) : nullptr);
  }
  return absl::OkStatus();
}

Collector::~Collector() { Stop(absl::InfinitePast()); }

void Collector::Start() {
  exporter_->Start();
  for (Worker& worker : workers_) {
    worker.thread = std::jthread([this, &worker](std::stop_token stop) { RunWorker(worker, stop); });
  }
  ending_ = std::jthread([this](std::stop_token stop) { AwaitEnd(stop); });
}

void Collector::RunWorker(Worker& worker, std::stop_token stop) {
  const auto say = [&](const absl::Status& status) {
    callbacks_.say(absl::StrCat(worker.point, ": ", absl::string_view(status.message())));
  };
  if (worker.processor.has_value()) {
    if (const absl::Status status = BindThisThread(*worker.processor); !status.ok()) say(status);
  }
  const absl::Status status = worker.link_worker->Run(stop);
  worker.end();
  if (status.ok()) return;
  failed_ = true;
  say(status);
}

void Collector::AwaitEnd(std::stop_token stop) {
  for (Worker& worker : workers_) {
    if (worker.thread.joinable()) worker.thread.join();
  }
  workers_ended_.set_value();
  // In slices, because Drain does not know of the stop token.
  while (!stop.stop_requested()) {
    if (!exporter_->Drain(absl::Now() + absl::Milliseconds(200))) continue;
    callbacks_.finished();
    return;
  }
}

void Collector::Stop(absl::Time deadline) {
  for (Worker& worker : workers_) worker.thread.request_stop();
  ending_.request_stop();
  // A file's link that waits for room behind a full disk ends only when the exporter does.
  if (ending_.joinable() &&
      workers_ended_.get_future().wait_until(absl::ToChronoTime(deadline)) == std::future_status::ready) {
    exporter_->Drain(deadline);
  }
  if (exporter_ != nullptr) exporter_->Stop();
  if (ending_.joinable()) ending_.join();
}

}  // namespace kansoku::collector
