// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/seed_messages.h"

#include <fstream>
#include <iterator>
#include <vector>

#include "collector/export/spool.h"
#include "kansoku/v1/admin.pb.h"
#include "kansoku/v1/ingest.pb.h"
#include "kansoku/v1/query.pb.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/fuzz/message_stream.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::fuzz {
namespace {

using aggregator::kSampleStart;

v1::CollectorMessage Hello() {
  v1::CollectorMessage message;
  *message.mutable_hello() = aggregator::SampleHello("alpha");
  return message;
}

template <typename Request>
Request Ranged() {
  Request request;
  request.mutable_range()->set_start_unix_seconds(kSampleStart);
  request.mutable_range()->set_end_unix_seconds(kSampleStart + 600);
  return request;
}

v1::AggregatorMessage Welcome(uint64_t committed_through) {
  v1::AggregatorMessage message;
  message.mutable_welcome()->set_committed_through(committed_through);
  return message;
}

v1::AggregatorMessage Ack(uint64_t through) {
  v1::AggregatorMessage message;
  message.mutable_ack()->set_through(through);
  return message;
}

std::string BytesOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::map<std::string, std::string> StreamSeeds() {
  v1::CollectorMessage reports;
  *reports.mutable_batch()->add_reports() = aggregator::SampleReport(1, "alpha", kSampleStart);
  aggregator::AddSampleRecords(1, 2, *reports.mutable_batch()->mutable_reports(0)->mutable_report());
  *reports.mutable_batch()->add_reports() = aggregator::SampleTombstone(2, "alpha", kSampleStart + 10);
  v1::CollectorMessage more;
  *more.mutable_batch()->add_reports() = aggregator::SampleReport(3, "alpha", kSampleStart + 20);
  v1::CollectorMessage account;
  account.mutable_delivery()->set_reports_closed(3);
  account.mutable_delivery()->set_reports_acknowledged(2);
  account.mutable_delivery()->set_reports_evicted(1);
  const std::vector<v1::CollectorMessage> first = {Hello(), reports},
                                          whole = {Hello(), reports, more, account};
  return {{"first", InputOf(first)}, {"whole", InputOf(whole)}};
}

std::map<std::string, std::string> AnswerSeeds() {
  const std::vector<v1::AggregatorMessage> fresh = {Welcome(0), Ack(5), Ack(10)},
                                           resumed = {Welcome(50), Ack(55), Ack(70)};
  return {{"fresh", InputOf(fresh)}, {"resumed", InputOf(resumed)}};
}

std::map<std::string, std::string> QuerySeeds() {
  auto traffic = Ranged<v1::GetTrafficRequest>();
  traffic.set_step_seconds(300);
  traffic.add_by(v1::DIMENSION_DIRECTION);
  traffic.add_by(v1::DIMENSION_POINT);
  traffic.add_points("alpha");
  traffic.mutable_only()->set_family(v1::FAMILY_IPV4);
  traffic.set_statistics(true);
  auto darknet = Ranged<v1::GetDarknetRequest>();
  darknet.add_by(v1::DARKNET_DIMENSION_SENSOR);
  darknet.add_by(v1::DARKNET_DIMENSION_PORT);
  darknet.set_top(5);
  auto records = Ranged<v1::ListFlowRecordsRequest>();
  records.add_points("alpha");
  records.set_page_size(10);
  v1::GetLedgerRequest ledger;
  ledger.set_stored_hours(true);
  v1::GetMatchedPanelRequest panel;
  panel.set_series(v1::SERIES_FIXED);
  panel.set_month("2024-11");
  v1::ListQuarantineRequest quarantine;
  quarantine.set_collector("alpha");
  quarantine.set_every_state(true);
  quarantine.set_page_size(2);
  v1::GetQuarantinedRequest quarantined;
  quarantined.set_id(1);
  v1::GetFiguresRequest months;
  months.mutable_months()->set_series(v1::SERIES_FIXED);
  months.mutable_months()->set_first("2024-10");
  months.mutable_months()->set_last("2024-11");
  months.mutable_months()->add_ids("fixed_download_national");
  months.mutable_months()->set_as_published_unix_seconds(kSampleStart + 40 * 86'400);
  months.mutable_months()->set_steps(true);
  v1::GetFiguresRequest telescope;
  telescope.mutable_telescope()->set_first_day("2024-10-31");
  telescope.mutable_telescope()->set_last_day("2024-11-03");
  telescope.mutable_telescope()->set_step(v1::TelescopeSelection::STEP_MONTH);
  telescope.mutable_telescope()->add_ids("darknet_packets");
  v1::ListVintagesRequest vintages;
  vintages.set_series(v1::SERIES_MOBILE);
  vintages.set_first("2024-11");
  v1::RecomputeVintageRequest recompute;
  recompute.set_series(v1::SERIES_FIXED);
  recompute.set_month("2024-11");
  recompute.set_number(1);
  return {{"traffic", "t" + traffic.SerializeAsString()},
          {"darknet", "d" + darknet.SerializeAsString()},
          {"figures", "f" + Ranged<v1::GetFiguresRequest>().SerializeAsString()},
          {"months", "m" + months.SerializeAsString()},
          {"telescope", "s" + telescope.SerializeAsString()},
          {"vintages", "v" + vintages.SerializeAsString()},
          {"recompute", "c" + recompute.SerializeAsString()},
          {"ledger", "l" + ledger.SerializeAsString()},
          {"panel", "b" + panel.SerializeAsString()},
          {"records", "r" + records.SerializeAsString()},
          {"points", "p"},
          {"quarantine", "q" + quarantine.SerializeAsString()},
          {"quarantined", "g" + quarantined.SerializeAsString()}};
}

std::map<std::string, std::string> DecisionSeeds() {
  std::vector<v1::DecideQuarantinedRequest> requests;
  for (const uint64_t id : {1, 2, 3, 4, 5}) {
    v1::DecideQuarantinedRequest& request = requests.emplace_back();
    request.set_id(id);
    request.set_by("hanako");
  }
  // The first two can be admitted.
  return {{"discarded", std::string(1, '\0') + InputOf(requests)},
          {"admitted", std::string(1, '\x03') + InputOf(requests)}};
}

std::map<std::string, std::string> SpoolSeeds() {
  const testing::TempDir folder;
  const std::string path = folder.File("seed.spool");
  std::map<std::string, std::string> seeds;
  const auto keep = [&](const std::string& name, uint64_t reports) {
    if (auto spool = collector::Spool::Open(path, {.max_bytes = 400}); spool.ok()) {
      std::vector<v1::SequencedReport> entries;
      while (entries.size() < reports)
        entries.push_back(aggregator::SampleReport(1, "alpha", kSampleStart, 1));
      if (!(*spool)->Append(entries, absl::UnixEpoch()).ok()) return;
    }
    seeds[name] = BytesOf(path);  // closed, so that all of it is in the one file
  };
  keep("empty", 0);
  keep("held", 1);
  keep("evicted", 9);
  return seeds;
}

}  // namespace kansoku::fuzz
