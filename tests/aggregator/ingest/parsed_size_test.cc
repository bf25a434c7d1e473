// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/parsed_size.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "aggregator/ingest/report_validation.h"
#include "kansoku/v1/ingest.pb.h"
#include "proto/contract/message_size.h"
#include "proto/contract/report_limits.h"
#include "proto/contract/source_sketch.h"
#include "tests/aggregator/store/sample_report.h"

namespace kansoku::aggregator {
namespace {

constexpr uint64_t kNoLimit = std::numeric_limits<uint64_t>::max();

std::optional<uint64_t> SizeOf(const std::string& wire, uint64_t most = kNoLimit) {
  google::protobuf::io::ArrayInputStream stream(wire.data(), static_cast<int>(wire.size()));
  return ParsedOctets(stream, *v1::CollectorMessage::descriptor(), most);
}

v1::Measurement& MeasurementOf(v1::CollectorMessage& message) {
  return *message.mutable_batch()->add_reports()->mutable_report()->mutable_measurement();
}

TEST(ParsedSize, CountsMessagesStringsAndNumbers) {
  v1::CollectorMessage message;
  EXPECT_EQ(SizeOf(message.SerializeAsString()), 160u);
  message.mutable_hello()->set_collector("tokyo");
  EXPECT_EQ(SizeOf(message.SerializeAsString()), 2 * 160u + 64 + 5);
  // Message, batch, report, window, measurement, and three cells with a class each.
  v1::Measurement& measurement = MeasurementOf(message);
  for (int i = 0; i < 3; ++i) measurement.add_cells()->mutable_traffic_class();
  EXPECT_EQ(SizeOf(message.SerializeAsString()), (5 + 6) * 160u);
  // Packed: an octet each.
  for (int i = 0; i < 7; ++i) measurement.add_flags(v1::QUALITY_FLAG_SAMPLED);
  EXPECT_EQ(SizeOf(message.SerializeAsString()), (5 + 6) * 160u + 7 * 16);
}

TEST(ParsedSize, IsNotBelowWhatTheMessageTakes) {
  v1::CollectorMessage message;
  for (uint64_t i = 1; i <= 40; ++i) {
    *message.mutable_batch()->add_reports() = SampleReport(i, "tokyo", kSampleStart, 60);
    AddSampleRecords(i, 50, *message.mutable_batch()->mutable_reports()->rbegin()->mutable_report());
  }
  EXPECT_GE(SizeOf(message.SerializeAsString()), message.SpaceUsedLong());
}

TEST(ParsedSize, StopsAtTheLimit) {
  v1::CollectorMessage message;
  v1::Measurement& measurement = MeasurementOf(message);
  for (int i = 0; i < 100'000; ++i) measurement.add_cells();
  const std::string wire = message.SerializeAsString();
  EXPECT_GT(SizeOf(wire, 10'000), 10'000u);
  EXPECT_LT(SizeOf(wire, 10'000), 11'000u);
}

TEST(ParsedSize, KnowsDamage) {
  v1::CollectorMessage message;
  MeasurementOf(message).add_cells()->set_packets(1'000'000);
  const std::string wire = message.SerializeAsString();
  for (size_t length = 1; length < wire.size(); ++length) {
    EXPECT_EQ(SizeOf(wire.substr(0, length)), std::nullopt) << length;
  }
  EXPECT_EQ(SizeOf("\x0b\x0c"), std::nullopt) << "a group";
  EXPECT_EQ(SizeOf(std::string(30, '\x0f')), std::nullopt) << "a wire type that there is not";
}

// Each list as long as reports may have it, and numbers as large.
v1::CollectorMessage LargestReport() {
  constexpr uint64_t kLarge = kMaxOctets / 4;
  v1::CollectorMessage message;
  v1::SequencedReport& report = *message.mutable_batch()->add_reports();
  report = SampleReport(kLarge, std::string(63, 'p'), kSampleStart);
  v1::WindowReport& window = *report.mutable_report();
  v1::Measurement& measurement = *window.mutable_measurement();
  measurement.clear_cells();
  for (int i = 0; i < kMaxCells; ++i) {
    v1::Cell& cell = *measurement.add_cells();
    v1::TrafficClass& key = *cell.mutable_traffic_class();
    key.set_group(v1::GROUP_B3);
    key.set_access(v1::ACCESS_MOBILE);
    key.set_technology(v1::TECHNOLOGY_BWA);
    key.set_direction(v1::DIRECTION_TRANSIT);
    key.set_family(v1::FAMILY_IPV6);
    key.set_carrier(v1::CARRIER_MAPT);
    key.set_transport(v1::TRANSPORT_WIREGUARD);
    cell.set_packets(kLarge);
    cell.set_wire_octets(kLarge);
    cell.set_ip_octets(kLarge);
    cell.set_flows(kLarge);
    cell.set_new_flows(kLarge);
    cell.set_outer_ip_octets(kLarge);
    cell.set_inner_ip_octets(kLarge);
    cell.mutable_estimate()->set_packets(kLarge);
    cell.mutable_estimate()->set_ip_octets(kLarge);
    cell.mutable_estimate()->mutable_ip_octets_variance()->set_low(kNoLimit);
    v1::FlowStatistics& statistics = *cell.mutable_statistics();
    for (v1::Histogram* histogram :
         {statistics.mutable_packet_octets(), statistics.mutable_flow_octets(),
          statistics.mutable_flow_milliseconds(), statistics.mutable_handshake_microseconds()}) {
      for (int j = 0; j < kMaxHistogramBuckets / kMaxCells / 4; ++j) {
        histogram->add_buckets(400);
        histogram->add_counts(1 << 20);  // flows of a window
      }
    }
  }
  measurement.clear_darknet();
  v1::DarknetTally& tally = *measurement.add_darknet();
  tally.set_sensor(std::string(63, 's'));
  for (int i = 0; i < kMaxDarknetCells; ++i) {
    v1::DarknetCell& cell = *tally.add_cells();
    cell.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
    cell.set_family(v1::FAMILY_IPV4);
    cell.set_protocol(17);
    cell.set_destination_port(65'535);
    cell.set_packets(1 << 24);
    cell.set_wire_octets(1 << 30);
    cell.set_ip_octets(1 << 30);
  }
  for (int i = 0; i < kMaxSourceSketches; ++i) {
    tally.add_sketches()->set_registers(std::string(kSketchRegisters, 7));
  }
  for (int i = 0; i < kMaxDarkPrefixes; ++i) {
    v1::DarkPrefix& prefix = *tally.add_prefixes();
    prefix.set_address(0xffffffff);
    prefix.set_length(32);
    prefix.set_address_seconds(kLarge);
  }
  AddSampleRecords(1, kMaxFlowRecords, window);
  v1::DarknetSources& sources = *window.add_darknet_sources();
  sources.set_sensor(tally.sensor());
  for (int i = 0; i < kMaxDarknetSources; ++i) {
    v1::DarknetSource& source = *sources.add_sources();
    source.set_id(kNoLimit);
    source.set_probe_packets(1 << 24);
    source.set_further_packets(1 << 24);
    source.set_backscatter_packets(1 << 24);
    source.set_other_packets(1 << 24);
    source.set_tcp_syns(1 << 24);
    source.mutable_marks()->set_mirai(1 << 24);
    source.mutable_marks()->set_zmap(1 << 24);
    source.set_addresses(kNoLimit);
    source.set_lists(0xffffffff);
    for (int j = 0; j < kMaxSourcePorts / kMaxDarknetSources; ++j) {
      v1::PortPackets& port = *source.add_ports();
      port.set_protocol(17);
      port.set_port(65'535);
      port.set_packets(1 << 24);
    }
  }
  return message;
}

TEST(ParsedSize, OfTheLargestReportThatACollectorMakesIsWithinTheLimits) {
  const v1::CollectorMessage message = LargestReport();
  const std::string wire = message.SerializeAsString();
  EXPECT_LT(wire.size(), size_t{kMaxMessageBytes});
  const auto size = SizeOf(wire);
  ASSERT_TRUE(size.has_value());
  EXPECT_LT(*size, kMaxParsedBytes) << wire.size();
  EXPECT_GE(*size, message.SpaceUsedLong());
}

}  // namespace
}  // namespace kansoku::aggregator
