// SPDX-License-Identifier: Apache-2.0
//
// usage: fuzz_seeds FOLDER REGISTER [CONFIG.yaml...]
//
// Writes what fuzzing starts from, a folder for each target: small valid inputs, one for each thing that the
// targets can read.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <system_error>

#include "kansoku/v1/ingest.pb.h"
#include "tests/fuzz/register_files.h"
#include "tests/fuzz/seed_messages.h"
#include "tests/fuzz/seed_packets.h"
#include "tests/testing/capture_writer.h"

namespace kansoku::fuzz {
namespace {

using testing::CaptureFormat;
using testing::CaptureWriter;

// False where a file cannot be written.
class SeedFolder {
 public:
  SeedFolder(const std::filesystem::path& root, const std::string& target) : folder_(root / target) {
    std::filesystem::create_directories(folder_);
  }

  void Add(const std::string& name, const std::string& input) {
    std::ofstream file(folder_ / name, std::ios::binary);
    if (!(file << input).flush()) {
      std::cerr << (folder_ / name).string() << ": cannot be written\n";
      is_complete_ = false;
    }
  }

  void Add(const std::map<std::string, std::string>& inputs) {
    for (const auto& [name, input] : inputs) Add(name, input);
  }

  bool is_complete() const { return is_complete_; }

 private:
  const std::filesystem::path folder_;
  bool is_complete_ = true;
};

void AddPackets(SeedFolder& folder) {
  for (const SeedPacket& seed : SeedPackets()) folder.Add(seed.name, InputOf(seed.view()));
}

void AddCaptures(SeedFolder& folder) {
  for (const auto& [name, order] : {std::pair{"little", CaptureFormat::ByteOrder::kLittle},
                                    std::pair{"big", CaptureFormat::ByteOrder::kBig}}) {
    for (const auto resolution :
         {CaptureFormat::Resolution::kMicroseconds, CaptureFormat::Resolution::kNanoseconds}) {
      CaptureWriter writer(CaptureFormat{.byte_order = order, .resolution = resolution, .snap_length = 60});
      int64_t unix_ns = 1'700'000'000'000'000'000;
      for (const SeedPacket& seed : SeedPackets()) {
        if (seed.link_type != collector::LinkType::kEthernet) continue;
        writer.Add(unix_ns += 1'000'000, seed.bytes, static_cast<uint32_t>(seed.bytes.size()));
      }
      folder.Add(std::string(name) + (resolution == CaptureFormat::Resolution::kNanoseconds ? "_ns" : "_us"),
                 writer.bytes());
    }
  }
}

std::string TextOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// That of a folder, and a small one with a row of each table.
bool AddRegisters(const std::filesystem::path& path, SeedFolder& folder) {
  aggregator::RegisterFiles shipped;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    shipped[entry.path().filename()] = TextOf(entry.path());
  }
  if (shipped.empty()) std::cerr << path.string() << ": no register can be read there\n";
  folder.Add("shipped", InputOf(shipped));
  folder.Add(
      "small",
      InputOf(aggregator::RegisterFiles{
          {"register.yaml",
           "publisher: {name_ja: a, name_en: b, contact: c}\nslot_offset_hours: 0\nfewest_contributors: 1\n"
           "contributors:\n"
           "  - {isp: kita, name_ja: a, name_en: b, series: fixed, member_since: 2017-05, points: "
           "[{point: k, group: a1}, {point: l, group: b1, since: 2017-06}]}\n"
           "  - {isp: kita, name_ja: a, name_en: b, series: mobile, member_since: 2016-06, points: "
           "[{point: m, group: a1}]}\n"
           "revisions: [{series: fixed, month: 2024-11, because: d, by: e}]\n"},
          {"contracts.csv",
           "series,quarter,released,contributor,contracts,source\nfixed,2024-09,2024-12-20,,9,s\n"
           "fixed,2024-09,2024-12-20,kita,7,s\nmobile,2024-09,2024-12-20,,5,s\n"},
          {"coverage.csv", "month,basis,share,released,source\n2024-11,contract_share,0.4,2025-02-14,s\n"},
          {"holidays.csv", "date,name_ja,name_en\n2024-11-04,a,b\n"},
          {"breaks.csv", "series,month,reason_ja,reason_en,source\nfixed,2024-05,a,b,s\n"},
          {"presentations.csv",
           "figure,since,unit,power_of_ten,digits\nfixed_download_national,2004-09,Tbps,12,1\n"}}));
  return !shipped.empty();
}

bool AddConfigs(int count, char** paths, SeedFolder& folder) {
  for (int i = 0; i < count; ++i) {
    std::ifstream file(paths[i]);
    std::ostringstream text;
    if (!(text << file.rdbuf())) {
      std::cerr << paths[i] << ": cannot be read\n";
      return false;
    }
    folder.Add(std::filesystem::path(paths[i]).stem(), text.str());
  }
  return true;
}

void AddReports(SeedFolder& folder) {
  v1::Batch batch;
  for (const v1::Family family : {v1::FAMILY_IPV4, v1::FAMILY_IPV6}) {
    v1::WindowReport& report = *batch.add_reports()->mutable_report();
    report.set_point("point");
    report.set_window_seconds(10);
    report.set_sampling_interval(10);
    v1::Measurement& measurement = *report.mutable_measurement();
    measurement.set_windows(1);
    measurement.set_covered_seconds(10);
    measurement.add_flags(v1::QUALITY_FLAG_PARTIAL);
    measurement.add_flags(v1::QUALITY_FLAG_SAMPLED);
    v1::Cell& cell = *measurement.add_cells();
    cell.mutable_traffic_class()->set_family(family);
    cell.mutable_traffic_class()->set_direction(v1::DIRECTION_TRANSIT);
    cell.mutable_traffic_class()->set_carrier(v1::CARRIER_NATIVE);
    cell.mutable_traffic_class()->set_transport(v1::TRANSPORT_UDP);
    cell.set_packets(3);
    cell.set_wire_octets(342);
    cell.set_ip_octets(300);
    cell.set_outer_ip_octets(300);
    cell.set_inner_ip_octets(300);
    cell.set_flows(1);
    cell.set_new_flows(1);
    cell.mutable_statistics()->mutable_packet_octets()->add_buckets(36);
    cell.mutable_statistics()->mutable_packet_octets()->add_counts(3);
    cell.mutable_estimate()->set_packets(30);
    cell.mutable_estimate()->set_wire_octets(3420);
    cell.mutable_estimate()->set_ip_octets(3000);
    cell.mutable_estimate()->mutable_packets_variance()->set_low(270);
    cell.mutable_estimate()->mutable_wire_octets_variance()->set_low(90 * 3 * 114 * 114);
    cell.mutable_estimate()->mutable_ip_octets_variance()->set_low(90 * 3 * 100 * 100);
    v1::DarknetTally& tally = *measurement.add_darknet();
    tally.set_sensor("dark");
    tally.set_source_key(77);
    tally.set_rules(1);
    v1::SourceSketch& sketch = *tally.add_sketches();
    sketch.set_darknet_class(v1::DARKNET_CLASS_UDP_PROBE);
    sketch.set_family(family);
    sketch.set_protocol(17);
    sketch.add_few(5 * 64 + 2);
    v1::DarknetSources& sources = *report.add_darknet_sources();
    sources.set_sensor("dark");
    sources.set_source_key(77);
    sources.set_rules(1);
    v1::SurveyList& list = *sources.add_lists();
    list.set_name("misp");
    list.set_version("7");
    v1::DarknetSource& source = *sources.add_sources();
    source.set_id(family);
    source.set_probe_packets(2);
    source.set_tcp_syns(1);
    source.mutable_marks()->set_mirai(1);
    source.set_addresses(3);
    source.set_lists(1);
    v1::PortPackets& port = *source.add_ports();
    port.set_protocol(17);
    port.set_port(53);
    port.set_packets(1);
    source.set_further_packets(1);
    v1::DarknetCell& dark = *tally.add_cells();
    dark.set_darknet_class(v1::DARKNET_CLASS_UDP_PROBE);
    dark.set_family(family);
    dark.set_protocol(17);
    dark.set_packets(2);
    dark.set_wire_octets(120);
    dark.set_ip_octets(92);
    v1::Ledger& ledger = *measurement.mutable_ledger();
    ledger.set_received_packets(5);
    ledger.set_captured_packets(5);
    ledger.set_captured_wire_octets(462);
    ledger.set_segmented_packets(1);
    ledger.set_not_sampled_packets(1);
    v1::Refused& refused = *ledger.add_refused();
    refused.set_reason(v1::REFUSAL_REASON_NOT_IP);
    refused.set_packets(1);
    refused.set_wire_octets(60);
    v1::Remarked& remarked = *ledger.add_remarked();
    remarked.set_remark(v1::REMARK_LATE);
    remarked.set_packets(1);
    folder.Add(family == v1::FAMILY_IPV4 ? "one" : "two", batch.SerializeAsString());
  }
}

}  // namespace
}  // namespace kansoku::fuzz

int main(int argc, char** argv) {
  using kansoku::fuzz::SeedFolder;
  if (argc < 3) {
    std::cerr << "usage: fuzz_seeds FOLDER REGISTER [CONFIG.yaml...]\n";
    return 2;
  }
  SeedFolder decode(argv[1], "decode"), capture(argv[1], "capture"), config(argv[1], "config"),
      report(argv[1], "report");
  kansoku::fuzz::AddPackets(decode);
  kansoku::fuzz::AddCaptures(capture);
  kansoku::fuzz::AddReports(report);
  SeedFolder stream(argv[1], "stream"), answer(argv[1], "answer"), query(argv[1], "query"),
      decision(argv[1], "decision"), spool(argv[1], "spool"), registers(argv[1], "register");
  stream.Add(kansoku::fuzz::StreamSeeds());
  answer.Add(kansoku::fuzz::AnswerSeeds());
  query.Add(kansoku::fuzz::QuerySeeds());
  decision.Add(kansoku::fuzz::DecisionSeeds());
  spool.Add(kansoku::fuzz::SpoolSeeds());
  bool complete = kansoku::fuzz::AddConfigs(argc - 3, argv + 3, config);
  complete = kansoku::fuzz::AddRegisters(argv[2], registers) && complete;
  for (const SeedFolder* folder :
       {&decode, &capture, &config, &report, &stream, &answer, &query, &decision, &spool, &registers})
    complete = complete && folder->is_complete();
  return complete ? 0 : 1;
}
