// SPDX-License-Identifier: Apache-2.0
#include "collector/collector.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "collector/key_file.h"
#include "collector/link_sources.h"
#include "collector/machine_clocks.h"
#include "collector/processors.h"
#include "collector/reload.h"
#include "collector/source_options.h"
#include "collector/survey_list_watch.h"
#include "collector/window_merge.h"
#include "proto/contract/version.h"
#include "proto/contract/window.h"
#include "proto/exposition/process_use.h"
#include "proto/transport/certificate_files.h"

namespace kansoku::collector {
namespace {

uint64_t RandomSeed() {
  std::random_device device;
  return uint64_t{device()} << 32 | device();
}

// Dark addresses are monitored by the collector as a whole, so that one worker reports how many.
AddressSeconds AddressSecondsOf(const CheckedConfig& checked, bool carries_telescope) {
  if (!carries_telescope) return nullptr;
  return [plan = checked.plan](size_t sensor, int64_t start_s, uint32_t seconds) {
    return plan->AddressSeconds(sensor, start_s, seconds);
  };
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
  options.address_seconds = AddressSecondsOf(checked, carries_telescope);
  options.has_subscribers = checked.plan->subscriber_ranges() > 0;
  return options;
}

// Where the configuration asks for flow records, has the meter make them.
absl::Status RecordFlows(const v1::FlowRecordConfig& config, LinkMeter& meter) {
  if (!config.enabled()) return absl::OkStatus();
  std::optional<AddressPermutation> permutation;
  if (!config.plain_addresses()) {
    const absl::StatusOr<AddressPermutationKey> key = ReadKeyFile(config.key_path(), kFlowRecordKey);
    if (!key.ok()) return key.status();
    absl::StatusOr<AddressPermutation> keyed = AddressPermutation::FromKey(*key);
    if (!keyed.ok()) return keyed.status();
    permutation = *std::move(keyed);
  }
  meter.RecordFlows(config.max_records(), std::move(permutation));
  return absl::OkStatus();
}

std::vector<v1::PointDescription> PointsOf(const v1::CollectorConfig& config) {
  std::vector<v1::PointDescription> points;
  for (const v1::LinkConfig& link : config.links()) {
    v1::PointDescription& point = points.emplace_back();
    point.set_point(link.point());
    point.set_group(link.group());
    point.set_window_seconds(config.window_seconds());
    point.set_region(link.region());
  }
  return points;
}

absl::Status CheckCertificates(const v1::CollectorConfig& config) {
  if (!config.aggregator().has_tls()) return absl::OkStatus();
  const absl::Status status = CheckCertificateFiles(config.aggregator().tls(), absl::Now());
  return status.ok() ? status : absl::Status(status.code(), absl::StrCat("aggregator.", status.message()));
}

// The first window that begins when every worker has surely heard of it: more than a second from now.
int64_t NextWindowStart(absl::Time now, uint32_t window_seconds) {
  return WindowStart(absl::ToUnixNanos(now + absl::Seconds(1)), window_seconds) + window_seconds;
}

ExportOptions MakeExportOptions(const v1::CollectorConfig& config, std::function<void(std::string)> say) {
  ExportOptions options;
  options.collector = config.collector();
  options.isp = config.isp();
  options.software_version = std::string(SoftwareVersion());
  options.aggregator = config.aggregator();
  options.spool = config.spool();
  options.points = PointsOf(config);
  options.jitter_seed = RandomSeed();
  options.wall_clock = [] { return absl::Now(); };
  options.process_use = [started = absl::Now()] { return ReadProcessUse(started); };
  options.on_change = std::move(say);
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Collector>> Collector::Open(const CheckedConfig& checked,
                                                           Callbacks callbacks) {
  std::unique_ptr<Collector> collector(new Collector(std::move(callbacks)));
  const v1::CollectorConfig& config = checked.config;
  collector->config_ = config;

  if (absl::Status status = CheckCertificates(config); !status.ok()) return status;
  absl::StatusOr<std::unique_ptr<Exporter>> exporter =
      Exporter::Open(MakeExportOptions(config, collector->callbacks_.say));
  if (!exporter.ok()) return exporter.status();
  collector->exporter_ = *std::move(exporter);

  const auto& cpus = config.capture().cpus();
  if (absl::Status status = CheckProcessors({cpus.data(), static_cast<size_t>(cpus.size())}); !status.ok())
    return status;
  const auto sources = ReadSourceOptions(config, FirstPacketUnixNs(config, absl::Now()));
  if (!sources.ok()) return sources.status();
  if (sources->has_value()) collector->survey_lists_ = (*sources)->lists;
  for (const v1::LinkConfig& link : config.links()) {
    if (absl::Status status = collector->AddLink(checked, *sources, link); !status.ok()) return status;
  }
  return collector;
}

absl::Status Collector::AddLink(const CheckedConfig& checked,
                                const std::optional<DarkSourceOptions>& dark_sources,
                                const v1::LinkConfig& link) {
  const v1::CollectorConfig& config = checked.config;
  absl::StatusOr<std::vector<std::unique_ptr<PacketSource>>> sources =
      OpenSources(link, config.capture(), callbacks_.say);
  if (!sources.ok()) return sources.status();

  const bool live = !link.interface().empty();
  const bool is_first_link = &link == &config.links(0);
  std::shared_ptr<SurveyListWatch> watch;
  if (is_first_link && dark_sources.has_value())
    watch = std::make_shared<SurveyListWatch>(dark_sources->lists, callbacks_.say);
  // A file can wait for the disk; a live link cannot.
  totals_.Introduce(link.point());
  const auto submit = [exporter = exporter_.get(), totals = &totals_, live, watch,
                       flags_of = callbacks_.flags_of, link](v1::WindowReport report) {
    totals->Add(report);
    if (watch != nullptr)
      watch->Note(absl::ToUnixNanos(absl::FromUnixSeconds(report.window_start_unix_seconds())));
    if (live && flags_of) {
      for (const v1::QualityFlag flag : flags_of(link)) report.mutable_measurement()->add_flags(flag);
    }
    live ? exporter->Submit(std::move(report)) : exporter->SubmitAndWait(std::move(report));
  };
  const auto merge = std::make_shared<WindowMerge>(
      WindowMergeOptions{.workers = sources->size(),
                         .max_flow_records = config.flow_records().max_records(),
                         .max_darknet_sources = config.darknet_sources().max_reported()},
      submit);
  const DarkSubscriberHash subscriber_hash(RandomSeed());
  for (size_t i = 0; i < sources->size(); ++i) {
    Worker& worker = workers_.emplace_back();
    worker.point = link.point();
    worker.is_live = live;
    worker.reports_address_seconds = is_first_link && i == 0;
    LinkMeter meter(MeterOptions(checked, link, worker.reports_address_seconds),
                    [merge, i](v1::WindowReport of_worker) { merge->Add(i, std::move(of_worker)); });
    if (absl::Status status = RecordFlows(config.flow_records(), meter); !status.ok()) return status;
    if (dark_sources.has_value()) meter.TellSourcesApart(*dark_sources);
    meter.LookForSubscribers(subscriber_hash,
                             [merge, i](DarkSubscribers seen) { merge->AddSubscribers(i, std::move(seen)); });
    const auto& cpus = config.capture().cpus();
    if (live && !cpus.empty()) worker.processor = cpus[live_workers_++ % cpus.size()];
    worker.end = [merge, i] { merge->End(i); };
    worker.link_worker = std::make_unique<LinkWorker>(std::move((*sources)[i]), DecodeOptionsOf(config, link),
                                                      Classifier(checked.plan, link), std::move(meter),
                                                      live ? LinkWorker::Clocks(ReadMachineClocks) : nullptr);
  }
  return absl::OkStatus();
}

absl::StatusOr<Collector::Reloaded> Collector::Reload(const CheckedConfig& wanted) {
  ReloadPlan plan = PlanReload(config_, wanted.config);
  if (absl::Status status = CheckSensors(plan.config, *wanted.plan); !status.ok()) return status;
  if (absl::Status status = CheckCertificates(plan.config); !status.ok()) return status;
  const absl::Status exported = exporter_->Reconfigure({.aggregator = plan.config.aggregator(),
                                                        .spool = plan.config.spool(),
                                                        .points = PointsOf(plan.config)});
  if (!exported.ok()) return exported;
  config_ = std::move(plan.config);
  const CheckedConfig in_force{.config = config_, .plan = wanted.plan};
  const int64_t start = NextWindowStart(absl::Now(), config_.window_seconds());
  for (Worker& worker : workers_) {
    const auto link = std::find_if(config_.links().begin(), config_.links().end(),
                                   [&](const v1::LinkConfig& of) { return of.point() == worker.point; });
    // The time of a file is its packets'.
    worker.link_worker->Reclassify(worker.is_live ? start : std::numeric_limits<int64_t>::min(),
                                   ClassificationOf(in_force, *link, worker));
  }
  return Reloaded{.taken = std::move(plan.taken),
                  .awaiting_restart = std::move(plan.awaiting_restart),
                  .counted_from = absl::FromUnixSeconds(start)};
}

Classification Collector::ClassificationOf(const CheckedConfig& checked, const v1::LinkConfig& link,
                                           const Worker& worker) {
  return {.decode = DecodeOptionsOf(checked.config, link),
          .classifier = Classifier(checked.plan, link),
          .sensors = checked.plan->sensors(),
          .address_seconds = AddressSecondsOf(checked, worker.reports_address_seconds),
          .has_subscribers = checked.plan->subscriber_ranges() > 0};
}

ReadShare Collector::read_share() const {
  ReadShare all;
  for (const Worker& worker : workers_) {
    const ReadShare share = worker.link_worker->share().value_or(ReadShare());
    all.read_octets += share.read_octets;
    all.octets += share.octets;
  }
  return all;
}

Collector::~Collector() { Stop(absl::ZeroDuration()); }

void Collector::Start() {
  exporter_->TellConfiguration({});
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
    if (!exporter_->Drain(absl::Milliseconds(200))) continue;
    callbacks_.finished();
    return;
  }
}

void Collector::Stop(absl::Duration timeout) {
  const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout);
  for (Worker& worker : workers_) worker.thread.request_stop();
  ending_.request_stop();
  // A file's link that waits for room behind a full disk ends only when the exporter does.
  if (ending_.joinable() && workers_ended_.get_future().wait_until(deadline) == std::future_status::ready) {
    exporter_->Drain(absl::FromChrono(deadline - std::chrono::steady_clock::now()));
  }
  if (exporter_ != nullptr) exporter_->Stop();
  if (ending_.joinable()) ending_.join();
}

}  // namespace kansoku::collector
