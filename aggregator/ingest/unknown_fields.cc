// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/unknown_fields.h"

#include <algorithm>

namespace kansoku::aggregator {
namespace {

bool HasOwn(const google::protobuf::Message& message) {
  return !message.GetReflection()->GetUnknownFields(message).empty();
}

template <typename Message>
bool AnyHasOwn(const google::protobuf::RepeatedPtrField<Message>& messages) {
  return std::any_of(messages.begin(), messages.end(), HasOwn);
}

bool Has(const v1::FlowStatistics& statistics) {
  return HasOwn(statistics) || HasOwn(statistics.packet_octets()) || HasOwn(statistics.flow_octets()) ||
         HasOwn(statistics.flow_milliseconds()) || HasOwn(statistics.handshake_microseconds());
}

bool Has(const v1::SampledEstimate& estimate) {
  return HasOwn(estimate) || HasOwn(estimate.packets_variance()) || HasOwn(estimate.wire_octets_variance()) ||
         HasOwn(estimate.ip_octets_variance());
}

bool Has(const v1::Cell& cell) {
  return HasOwn(cell) || HasOwn(cell.traffic_class()) || (cell.has_statistics() && Has(cell.statistics())) ||
         (cell.has_estimate() && Has(cell.estimate()));
}

bool Has(const v1::DarknetTally& tally) {
  return HasOwn(tally) || AnyHasOwn(tally.cells()) || AnyHasOwn(tally.sketches()) ||
         HasOwn(tally.soft_flags()) || AnyHasOwn(tally.prefixes());
}

bool Has(const v1::Ledger& ledger) {
  return HasOwn(ledger) || AnyHasOwn(ledger.refused()) || AnyHasOwn(ledger.remarked());
}

bool Has(const v1::FlowRecord& record) { return HasOwn(record) || HasOwn(record.traffic_class()); }

bool Has(const v1::DarknetSource& source) {
  return HasOwn(source) || AnyHasOwn(source.ports()) || HasOwn(source.marks());
}

bool Has(const v1::DarknetSources& sources) {
  const auto& of_one = sources.sources();
  return HasOwn(sources) || AnyHasOwn(sources.lists()) ||
         std::any_of(of_one.begin(), of_one.end(),
                     [](const v1::DarknetSource& source) { return Has(source); });
}

template <typename Message>
bool AnyHas(const google::protobuf::RepeatedPtrField<Message>& messages) {
  return std::any_of(messages.begin(), messages.end(), [](const Message& message) { return Has(message); });
}

bool Has(const v1::Measurement& measurement) {
  return HasOwn(measurement) || AnyHas(measurement.cells()) || AnyHas(measurement.darknet()) ||
         Has(measurement.ledger()) || HasOwn(measurement.darknet_subscribers());
}

}  // namespace

bool HasUnknownFields(const v1::SequencedReport& report) {
  return HasOwn(report) || HasOwn(report.tombstone()) || HasOwn(report.report()) ||
         Has(report.report().measurement()) || AnyHas(report.report().flow_records()) ||
         AnyHas(report.report().darknet_sources());
}

void RemoveUnknownFields(v1::SequencedReport& report) {
  if (HasUnknownFields(report)) report.DiscardUnknownFields();
}

}  // namespace kansoku::aggregator
