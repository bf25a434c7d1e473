// SPDX-License-Identifier: Apache-2.0
#include "tests/load/simulated_collector.h"

#include <utility>

namespace kansoku::load {
namespace {

constexpr uint64_t kMaxBatchBytes = uint64_t{1} << 20;  // as the exporter's default
constexpr uint64_t kMaxBytesInFlight = uint64_t{4} << 20;
constexpr absl::Duration kAcknowledgementDeadline = absl::Seconds(20);

v1::SequencedReport ReportOf(const SimulatedCollectorOptions& options, uint64_t sequence) {
  v1::SequencedReport sequenced;
  sequenced.set_sequence(sequence);
  v1::WindowReport& report = *sequenced.mutable_report();
  report.set_point(options.name);
  report.set_window_start_unix_seconds(options.first_window_unix_seconds +
                                       static_cast<int64_t>((sequence - 1) * kWindowSeconds));
  report.set_window_seconds(kWindowSeconds);
  *report.mutable_measurement() = *options.measurement;
  return sequenced;
}

v1::Hello HelloOf(const SimulatedCollectorOptions& options, uint64_t first_sequence) {
  v1::Hello hello;
  hello.set_collector(options.name);
  hello.set_isp("load");
  hello.set_software_version("load");
  hello.set_epoch(1);
  hello.set_first_sequence(first_sequence);
  v1::PointDescription& point = *hello.add_points();
  point.set_point(options.name);
  point.set_group(v1::GROUP_A1);
  point.set_window_seconds(kWindowSeconds);
  return hello;
}

}  // namespace

SimulatedCollector::SimulatedCollector(SimulatedCollectorOptions options, std::function<void()> notify)
    : options_(std::move(options)),
      notify_(std::move(notify)),
      report_bytes_(ReportOf(options_, 1).ByteSizeLong()),
      delivery_({.max_batch_bytes = kMaxBatchBytes,
                 .max_bytes_in_flight = kMaxBytesInFlight,
                 .acknowledgement_deadline = kAcknowledgementDeadline,
                 .max_backoff = options_.max_backoff}),
      random_(options_.seed),
      closed_windows_(options_.backlog_windows) {}

void SimulatedCollector::CloseWindow(absl::Time now) {
  ++closed_windows_;
  closed_at_.push_back(now);
}

void SimulatedCollector::Proceed(absl::Time now, const Acknowledged& acknowledged) {
  if (stream_ != nullptr) Take(now, acknowledged);
  if (now >= delivery_.due()) {
    if (delivery_.phase() == collector::Delivery::Phase::kPausing) {
      Connect(now);
    } else {
      Lose(absl::DeadlineExceededError("no acknowledgement in time"), now);
    }
  }
  Send(now);
}

void SimulatedCollector::Take(absl::Time now, const Acknowledged& acknowledged) {
  const collector::ExportStream::Events events = stream_->Take();
  absl::Status status;
  if (events.welcome.has_value()) {
    ++counts_.welcomes;
    status = delivery_.Welcome(events.welcome->committed_through(), acknowledged_ + 1, closed_windows_, now);
  }
  if (status.ok() && events.acknowledged_through.has_value()) {
    status = delivery_.Acknowledge(*events.acknowledged_through, now);
  }
  if (status.ok() && delivery_.phase() == collector::Delivery::Phase::kStreaming) {
    while (acknowledged_ < delivery_.committed_through()) {
      ++acknowledged_;
      account_due_ = true;
      if (acknowledged_ <= options_.backlog_windows) continue;
      acknowledged(now - closed_at_.front());
      closed_at_.pop_front();
    }
  }
  if (status.ok() && events.ended.has_value()) status = *events.ended;
  if (!status.ok()) Lose(status, now);
}

void SimulatedCollector::Connect(absl::Time now) {
  delivery_.Begin(now);
  stream_ = std::make_unique<collector::ExportStream>(options_.aggregator, options_.credentials,
                                                      HelloOf(options_, acknowledged_ + 1), notify_);
}

void SimulatedCollector::Lose(const absl::Status& why, absl::Time now) {
  stream_.reset();
  ++counts_.lost_streams;
  counts_.last_error = why.ToString();
  delivery_.Lost(false, now, random_);
}

void SimulatedCollector::Send(absl::Time now) {
  while (const auto request = delivery_.NextBatch(closed_windows_)) {
    v1::CollectorMessage message;
    uint64_t through = request->after_sequence;
    uint64_t bytes = 0;
    do {
      *message.mutable_batch()->add_reports() = ReportOf(options_, ++through);
      bytes += report_bytes_;
    } while (through < closed_windows_ && bytes + report_bytes_ <= request->max_bytes);
    stream_->Write(std::move(message));
    delivery_.Sent(through, bytes, now);
  }
  if (!account_due_ || !is_welcomed() || !stream_->Written()) return;
  v1::CollectorMessage message;
  message.mutable_delivery()->set_reports_closed(closed_windows_);
  message.mutable_delivery()->set_reports_acknowledged(acknowledged_);
  message.mutable_delivery()->set_reports_spooled(closed_windows_ - acknowledged_);
  stream_->Write(std::move(message));
  account_due_ = false;
}

}  // namespace kansoku::load
