// SPDX-License-Identifier: Apache-2.0
#include "tests/nation/national_feed.h"

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "kansoku/v1/ingest.grpc.pb.h"
#include "proto/contract/identity.h"

namespace kansoku::nation {
namespace {

constexpr int kReportsPerBatch = 200;
constexpr uint64_t kOctetsPerPacket = 1000;
constexpr uint64_t kFrameOctets = 18;

void AddCell(const MeasuredLink& link, v1::Direction direction, uint64_t octets,
             v1::Measurement& measurement) {
  v1::Cell& cell = *measurement.add_cells();
  v1::TrafficClass& traffic_class = *cell.mutable_traffic_class();
  traffic_class.set_group(link.group);
  traffic_class.set_access(link.access);
  traffic_class.set_direction(direction);
  traffic_class.set_family(v1::FAMILY_IPV6);
  traffic_class.set_carrier(v1::CARRIER_NATIVE);
  traffic_class.set_transport(v1::TRANSPORT_UDP);
  cell.set_packets(octets / kOctetsPerPacket + 1);
  cell.set_ip_octets(octets);
  cell.set_wire_octets(octets + cell.packets() * kFrameOctets);
}

v1::SequencedReport ReportOf(const MeasuredLink& link, const LinkMonth& traffic, size_t window,
                             uint64_t sequence) {
  v1::SequencedReport sequenced;
  sequenced.set_sequence(sequence);
  v1::WindowReport& report = *sequenced.mutable_report();
  report.set_point(link.point);
  report.set_window_start_unix_seconds(traffic.start_unix_seconds(window));
  report.set_window_seconds(kWindowSeconds);
  v1::Measurement& measurement = *report.mutable_measurement();
  AddCell(link, v1::DIRECTION_DOWNLOAD, traffic.download_octets(window), measurement);
  AddCell(link, v1::DIRECTION_UPLOAD, traffic.upload_octets(window), measurement);
  const CountedTotals totals = Totals(measurement);
  v1::Ledger& ledger = *measurement.mutable_ledger();
  ledger.set_received_packets(totals.cell_packets);
  ledger.set_captured_packets(totals.cell_packets);
  ledger.set_captured_wire_octets(totals.cell_wire_octets);
  measurement.set_windows(1);
  measurement.set_covered_seconds(kWindowSeconds);
  return sequenced;
}

v1::CollectorMessage HelloOf(const Operator& isp, const std::vector<MeasuredLink>& links, uint64_t epoch) {
  v1::CollectorMessage message;
  v1::Hello& hello = *message.mutable_hello();
  hello.set_collector(isp.isp);
  hello.set_isp(isp.isp);
  hello.set_software_version("simulation");
  hello.set_epoch(epoch);
  hello.set_first_sequence(1);
  for (const MeasuredLink& link : links) {
    v1::PointDescription& point = *hello.add_points();
    point.set_point(link.point);
    point.set_group(link.group);
    point.set_window_seconds(kWindowSeconds);
  }
  return message;
}

// The collector's side of one stream. Answers are read beside what is written, so that neither waits for the
// other.
class Stream {
 public:
  explicit Stream(const std::shared_ptr<grpc::Channel>& aggregator)
      : stub_(v1::Ingest::NewStub(aggregator)), stream_(stub_->Report(&context_)) {}

  bool Begin(const v1::CollectorMessage& hello) {
    v1::AggregatorMessage answer;
    if (!stream_->Write(hello) || !stream_->Read(&answer) || !answer.has_welcome()) return false;
    reader_ = std::thread([this] {
      v1::AggregatorMessage ack;
      while (stream_->Read(&ack)) through_ = ack.ack().through();
    });
    return true;
  }

  bool Send(v1::SequencedReport report) {
    *batch_.mutable_batch()->add_reports() = std::move(report);
    return batch_.batch().reports_size() < kReportsPerBatch || Flush();
  }

  // The sequence that is committed through.
  absl::StatusOr<uint64_t> End() {
    Flush();
    stream_->WritesDone();
    if (reader_.joinable()) reader_.join();
    const grpc::Status status = stream_->Finish();
    if (!status.ok()) return absl::UnknownError(status.error_message());
    return through_;
  }

 private:
  bool Flush() {
    const bool written = batch_.batch().reports_size() == 0 || stream_->Write(batch_);
    batch_.Clear();
    return written;
  }

  grpc::ClientContext context_;
  std::unique_ptr<v1::Ingest::Stub> stub_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::CollectorMessage, v1::AggregatorMessage>> stream_;
  std::thread reader_;
  uint64_t through_ = 0;  // the reader's, until it has ended
  v1::CollectorMessage batch_;
};

}  // namespace

absl::StatusOr<uint64_t> Feed(const std::shared_ptr<grpc::Channel>& aggregator, const Operator& isp,
                              uint64_t epoch, uint64_t seed, const Reports& reports) {
  const std::vector<MeasuredLink> links = LinksOf(isp);
  std::set<Month> months;
  for (const MeasuredLink& link : links) months.insert(link.months.begin(), link.months.end());
  Stream stream(aggregator);
  uint64_t sent = 0;
  bool alive = stream.Begin(HelloOf(isp, links, epoch));
  for (const Month month : months) {
    for (const MeasuredLink& link : links) {
      if (std::find(link.months.begin(), link.months.end(), month) == link.months.end()) continue;
      const LinkMonth traffic(link, isp, month, seed);
      for (size_t window = 0; alive && window < traffic.windows(); ++window) {
        if (!reports(link, traffic.start_unix_seconds(window))) continue;
        alive = stream.Send(ReportOf(link, traffic, window, ++sent));
      }
    }
  }
  const absl::StatusOr<uint64_t> through = stream.End();
  if (!through.ok()) return through;
  if (*through != sent)
    return absl::DataLossError(
        absl::StrCat(isp.isp, ": ", *through, " of ", sent, " windows were acknowledged"));
  return sent;
}

}  // namespace kansoku::nation
