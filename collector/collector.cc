// SPDX-License-Identifier: Apache-2.0
#include "collector/collector.h"

#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "collector/capture/live_pcap_source.h"
#include "collector/capture/pcap_file_source.h"
#include "proto/contract/version.h"
#include "proto/contract/window.h"

namespace kansoku::collector {
namespace {

uint64_t RandomSeed() {
  std::random_device device;
  return uint64_t{device()} << 32 | device();
}

// Where direction follows the side, each side of a live interface is captured on its own: Ethernet frames do
// not say which side they were seen on.
absl::StatusOr<std::vector<std::unique_ptr<PacketSource>>> OpenSources(const v1::LinkConfig& link,
                                                                       const v1::CaptureConfig& capture) {
  std::vector<std::unique_ptr<PacketSource>> sources;
  const auto add = [&sources](absl::StatusOr<std::unique_ptr<PacketSource>> source) {
    if (source.ok()) sources.push_back(*std::move(source));
    return source.status();
  };
  if (!link.file().empty()) {
    if (absl::Status status = add(PcapFileSource::Open(link.file())); !status.ok()) return status;
    return sources;
  }
  std::vector<Side> sides = {Side::kUnknown};
  if (link.has_side()) {
    sides = {Side::kReceived};
    if (link.side().sent() != v1::DIRECTION_UNSPECIFIED) sides.push_back(Side::kSent);
  }
  for (const Side side : sides) {
    LiveOptions options;
    options.interface = link.interface();
    options.snap_length = static_cast<int>(capture.snap_length());
    options.ring_bytes = static_cast<int>(capture.ring_bytes());
    options.promiscuous = capture.promiscuous();
    options.side = side;
    if (absl::Status status = add(LivePcapSource::Open(options)); !status.ok()) return status;
  }
  return sources;
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
  options.every_window = !link.interface().empty();
  options.sensors = checked.plan->sensors();
  if (carries_telescope) {
    options.address_seconds = [plan = checked.plan](size_t sensor, int64_t start_s, uint32_t seconds) {
      return plan->AddressSeconds(sensor, start_s, seconds);
    };
  }
  return options;
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
  options.on_change = std::move(say);
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Collector>> Collector::Open(const CheckedConfig& checked,
                                                           Callbacks callbacks) {
  std::unique_ptr<Collector> collector(new Collector(std::move(callbacks)));
  const v1::CollectorConfig& config = checked.config;

  absl::StatusOr<std::unique_ptr<Exporter>> exporter =
      Exporter::Open(MakeExportOptions(config, collector->callbacks_.say));
  if (!exporter.ok()) return exporter.status();
  collector->exporter_ = *std::move(exporter);

  for (const v1::LinkConfig& link : config.links()) {
    auto sources = OpenSources(link, config.capture());
    if (!sources.ok()) return sources.status();
    const bool live = !link.interface().empty();
    // A file can wait for the disk; a live link cannot.
    auto sink = [exporter = collector->exporter_.get(), live](v1::WindowReport report) {
      live ? exporter->Submit(std::move(report)) : exporter->SubmitAndWait(std::move(report));
    };
    const bool carries_telescope = &link == &config.links(0);
    Link& opened = collector->links_.emplace_back();
    opened.point = link.point();
    opened.worker = std::make_unique<LinkWorker>(
        *std::move(sources), Classifier(checked.plan, link),
        LinkMeter(MeterOptions(checked, link, carries_telescope), std::move(sink)),
        live ? LinkWorker::Clock::kPacketsAndWall : LinkWorker::Clock::kPackets);
  }
  return collector;
}

Collector::~Collector() { Stop(absl::InfinitePast()); }

void Collector::Start() {
  exporter_->Start();
  for (Link& link : links_) {
    link.thread = std::jthread([this, &link](std::stop_token stop) { RunLink(link, stop); });
  }
  ending_ = std::jthread([this](std::stop_token stop) { AwaitEnd(stop); });
}

void Collector::RunLink(Link& link, std::stop_token stop) {
  const absl::Status status = link.worker->Run(stop);
  if (status.ok()) return;
  failed_ = true;
  callbacks_.say(absl::StrCat(link.point, ": ", absl::string_view(status.message())));
}

void Collector::AwaitEnd(std::stop_token stop) {
  for (Link& link : links_) {
    if (link.thread.joinable()) link.thread.join();
  }
  links_ended_.set_value();
  // In slices, because Drain does not know of the stop token.
  while (!stop.stop_requested()) {
    if (!exporter_->Drain(absl::Now() + absl::Milliseconds(200))) continue;
    callbacks_.finished();
    return;
  }
}

void Collector::Stop(absl::Time deadline) {
  for (Link& link : links_) link.thread.request_stop();
  ending_.request_stop();
  // A file's link that waits for room behind a full disk ends only when the exporter does.
  if (ending_.joinable() &&
      links_ended_.get_future().wait_until(absl::ToChronoTime(deadline)) == std::future_status::ready) {
    exporter_->Drain(deadline);
  }
  if (exporter_ != nullptr) exporter_->Stop();
  if (ending_.joinable()) ending_.join();
}

}  // namespace kansoku::collector
