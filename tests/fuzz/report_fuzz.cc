// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as two reports: what the aggregator lets pass can be added up in any order, and nothing gets
// lost.
#include <google/protobuf/util/message_differencer.h>

#include <map>
#include <string>

#include "aggregator/ingest/darknet_source_validation.h"
#include "aggregator/ingest/measurement_validation.h"
#include "kansoku/v1/ingest.pb.h"
#include "proto/contract/darknet_sources.h"
#include "proto/contract/identity.h"
#include "proto/contract/measurement.h"
#include "tests/fuzz/expect.h"

namespace {

using kansoku::v1::Measurement;

Measurement Sum(const Measurement& first, const Measurement& second) {
  Measurement sum = first;
  kansoku::Merge(second, sum);
  return sum;
}

uint64_t PacketsOf(const Measurement& measurement) {
  const kansoku::CountedTotals totals = kansoku::Totals(measurement);
  return totals.cell_packets + totals.darknet_packets + totals.refused_packets;
}

void ExpectSame(const Measurement& left, const Measurement& right, const char* what) {
  kansoku::fuzz::Expect(google::protobuf::util::MessageDifferencer::Equals(left, right), what);
}

// Each packet of a sensor whose sources are told is of one of them, or of one that found no room.
void ExpectSourcesAddUp(const kansoku::v1::WindowReport& report) {
  for (const kansoku::v1::DarknetSources& sources : report.darknet_sources()) {
    uint64_t told = sources.further_packets(), counted = 0;
    for (const kansoku::v1::DarknetSource& source : sources.sources())
      told += source.probe_packets() + source.backscatter_packets() + source.other_packets();
    for (const kansoku::v1::DarknetTally& tally : report.measurement().darknet()) {
      if (tally.sensor() != sources.sensor()) continue;
      for (const kansoku::v1::DarknetCell& cell : tally.cells()) counted += cell.packets();
    }
    kansoku::fuzz::Expect(told == counted, "sources sent what was counted");
  }
}

// However many reports are added up.
void ExpectFlagsWithinPackets(const Measurement& measurement) {
  for (const kansoku::v1::DarknetTally& tally : measurement.darknet()) {
    const kansoku::v1::SoftFlags& flags = tally.soft_flags();
    uint64_t counted = 0;
    for (const kansoku::v1::DarknetCell& cell : tally.cells()) counted += cell.packets();
    kansoku::fuzz::Expect(flags.examined() <= counted, "no more packets were looked at than counted");
    kansoku::fuzz::Expect(flags.any() <= flags.examined(), "no more packets look odd than were looked at");
  }
}

// Of each sensor.
using Sources = std::map<std::string, kansoku::v1::DarknetSources>;

void AddSources(const kansoku::v1::WindowReport& report, Sources& total) {
  for (const kansoku::v1::DarknetSources& sources : report.darknet_sources()) {
    kansoku::v1::DarknetSources& known = total[sources.sensor()];
    if (known.sensor().empty()) known = sources;
    kansoku::v1::DarknetSources left = known, right = sources;
    const bool fits = kansoku::Merge(sources, left).ok();
    kansoku::fuzz::Expect(kansoku::Merge(known, right).ok() == fits, "sources fit either way or not at all");
    kansoku::fuzz::Expect(!fits || google::protobuf::util::MessageDifferencer::Equals(left, right),
                          "the order of sources does not matter");
    known = left;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  kansoku::v1::Batch batch;
  if (!batch.ParseFromArray(data, static_cast<int>(size))) return 0;
  batch.DiscardUnknownFields();  // what a later version may say is no part of this one's sums
  Measurement total;
  Sources total_sources;
  uint64_t packets = 0;
  int valid_reports = 0;
  for (const kansoku::v1::SequencedReport& sequenced : batch.reports()) {
    const kansoku::v1::WindowReport& report = sequenced.report();
    const Measurement& measurement = report.measurement();
    if (!kansoku::aggregator::ValidateMeasurement(measurement, report.window_seconds(),
                                                  report.sampling_interval())
             .ok() ||
        !kansoku::aggregator::ValidateDarknetSources(report).ok()) {
      continue;
    }
    ++valid_reports;
    ExpectSourcesAddUp(report);
    AddSources(report, total_sources);
    kansoku::fuzz::Expect(kansoku::IsCanonical(measurement), "what passes is canonical");
    const Measurement sum = Sum(total, measurement);
    kansoku::fuzz::Expect(kansoku::IsCanonical(sum), "a sum is canonical");
    ExpectSame(sum, Sum(measurement, total), "the order does not matter");
    total = sum;
    ExpectFlagsWithinPackets(total);
    packets += PacketsOf(measurement);
    kansoku::fuzz::Expect(PacketsOf(total) == packets, "no packet gets lost");
  }
  Measurement sorted = total;
  kansoku::Canonicalize(sorted);
  ExpectSame(sorted, total, "sorting a sum changes nothing");
  kansoku::fuzz::input_was_taken = valid_reports > 0 && valid_reports == batch.reports_size();
  return 0;
}
