// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/darknet_validation.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "aggregator/ingest/report_validation.h"
#include "proto/contract/report_limits.h"

namespace kansoku::aggregator {
namespace {

constexpr uint32_t kWindowSeconds = 10;

v1::Measurement Dark() {
  v1::Measurement measurement;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
    darknet {
      sensor: "east" address_seconds: 42949672960 source_key: 77 rules: 1
      cells { darknet_class: DARKNET_CLASS_TCP_SYN family: FAMILY_IPV4 protocol: 6 destination_port: 65535
              packets: 5 wire_octets: 300 ip_octets: 200 }
      sketches { darknet_class: DARKNET_CLASS_TCP_SYN family: FAMILY_IPV4 protocol: 6 few: [51, 1048513] }
      soft_flags { examined: 5 high_ttl: 1 network_source: 2 own_source: 3 port_zero: 1 any: 4 foreign_quote: 5 }
      prefixes { address: 0 length: 1 address_seconds: 21474836480 }
      prefixes { address: 0x80000000 length: 2 address_seconds: 21474836479 }
      prefixes { address: 0xffffffff length: 32 address_seconds: 1 }
    }
    darknet { sensor: "west" soft_flags {} }
    darknet { sensor: "west-2" cells { darknet_class: DARKNET_CLASS_FRAGMENT family: FAMILY_IPV6 packets: 3 } })",
                                                            &measurement));
  return measurement;
}

TEST(DarknetValidation, TakesWhatACollectorSays) {
  EXPECT_EQ(ValidateDarknet(Dark(), kWindowSeconds), absl::OkStatus());
  EXPECT_EQ(ValidateDarknet({}, kWindowSeconds), absl::OkStatus());
}

TEST(DarknetValidation, NamesTheBadField) {
  using Tally = v1::DarknetTally;
  const auto cell = [](std::function<void(v1::DarknetCell&)> spoil) {
    return [spoil](Tally& tally) { spoil(*tally.mutable_cells(0)); };
  };
  const auto sketch = [](std::function<void(v1::SourceSketch&)> spoil) {
    return [spoil](Tally& tally) { spoil(*tally.mutable_sketches(0)); };
  };
  const auto flags = [](std::function<void(v1::SoftFlags&)> spoil) {
    return [spoil](Tally& tally) { spoil(*tally.mutable_soft_flags()); };
  };
  const auto prefix = [](std::function<void(v1::DarkPrefix&)> spoil) {
    return [spoil](Tally& tally) { spoil(*tally.mutable_prefixes(1)); };
  };
  const std::string bad_registers =
      ".sketches[0]: its registers are not up to 4096 in `few`, rising, with values of 1 to 51, nor more of "
      "them "
      "among 16384 in `registers`";
  struct BadTally {
    std::function<void(Tally&)> spoil;
    std::string message;
  };
  const std::vector<BadTally> cases = {
      {[](auto& t) { t.set_sensor(""); }, ".sensor: is not a name (1 to 63 of a-z 0-9 - _ .)"},
      {[](auto& t) { t.set_address_seconds((uint64_t{1} << 32) * 10 + 1); },
       ".address_seconds: 42949672961 is more than IPv4 has in 10 s"},
      {cell([](auto& c) { c.clear_darknet_class(); }),
       ".cells[0].darknet_class: 0 is none that this version knows"},
      {cell([](auto& c) { c.set_family(static_cast<v1::Family>(3)); }),
       ".cells[0].family: 3 is none that this version knows"},
      {cell([](auto& c) { c.set_protocol(256); }), ".cells[0].protocol: 256 is above 255"},
      {cell([](auto& c) { c.set_destination_port(65'536); }),
       ".cells[0].destination_port: 65536 is above 65535"},
      {cell([](auto& c) { c.set_packets(kMaxPackets + 1); }),
       ".cells[0].packets: 281474976710657 brings the report above 281474976710656"},
      {cell([](auto& c) { c.clear_packets(); }), ".cells[0].wire_octets: 300 octets in no packet"},
      {sketch([](auto& s) { s.clear_darknet_class(); }),
       ".sketches[0].darknet_class: 0 is none that this version knows"},
      {sketch([](auto& s) { s.set_family(static_cast<v1::Family>(3)); }),
       ".sketches[0].family: 3 is none that this version knows"},
      {sketch([](auto& s) { s.set_protocol(256); }), ".sketches[0].protocol: 256 is above 255"},
      {sketch([](auto& s) { s.set_few(0, 52); }), bad_registers},
      {sketch([](auto& s) { s.set_few(1, 1); }), bad_registers},
      {sketch([](auto& s) { s.set_registers("short"); }), bad_registers},
      {[](auto& t) { t.mutable_cells(0)->set_packets(6); },
       ".soft_flags.examined: 5 packets, the cells have 6"},
      {flags([](auto& f) { f.clear_examined(); }), ".soft_flags.examined: 0 packets, the cells have 5"},
      {flags([](auto& f) { f.set_any(6); }), ".soft_flags.any: 6 is more than the 5 of examined"},
      {flags([](auto& f) { f.set_any(2); }), ".soft_flags.own_source: 3 is more than the 2 of any"},
      {flags([](auto& f) { f.set_high_ttl(5); }), ".soft_flags.high_ttl: 5 is more than the 4 of any"},
      {flags([](auto& f) { f.set_network_source(~uint64_t{0}); }),
       ".soft_flags.network_source: 18446744073709551615 is more than the 4 of any"},
      {flags([](auto& f) { f.set_own_source(5); }), ".soft_flags.own_source: 5 is more than the 4 of any"},
      {flags([](auto& f) { f.set_port_zero(5); }), ".soft_flags.port_zero: 5 is more than the 4 of any"},
      {flags([](auto& f) { f.set_foreign_quote(6); }),
       ".soft_flags.foreign_quote: 6 is more than the 5 of examined"},
      {flags([](auto& f) {
         f.clear_own_source();
         f.clear_port_zero();
       }),
       ".soft_flags.any: 4 is more than the 3 of the flags together"},
      {prefix([](auto& p) { p.set_length(33); }), ".prefixes[1].length: 33 is above 32"},
      {prefix([](auto& p) { p.set_length(0); }), ".prefixes[1].address: has bits set after its length, 0"},
      {prefix([](auto& p) { p.set_address(0xe0000000); }),
       ".prefixes[1].address: has bits set after its length, 2"},
      {prefix([](auto& p) { p.set_address_seconds(21'474'836'481); }),
       ".prefixes[1].address_seconds: 21474836481 brings the prefixes above the 42949672960 of their sensor"},
      {prefix([](auto& p) { p.set_address_seconds(~uint64_t{0}); }),
       ".prefixes[1].address_seconds: 18446744073709551615 brings the prefixes above the 42949672960 of "
       "their sensor"},
      {prefix([](auto& p) { p.set_address_seconds(0); }),
       ".prefixes: add up to 21474836481 address_seconds, their sensor has 42949672960"},
      {[](auto& t) { t.clear_address_seconds(); },
       ".prefixes[0].address_seconds: 21474836480 brings the prefixes above the 0 of their sensor"},
      {[](auto& t) {
         while (t.prefixes_size() <= kMaxDarkPrefixes) t.add_prefixes();
       },
       ".prefixes: more than 4096 in one report"},
      {[](auto& t) { t.clear_source_key(); },
       ".sketches: without a source_key nobody can tell what they may be merged with"},
      {[](auto& t) {
         while (t.sketches_size() <= kMaxSourceSketches) *t.add_sketches() = t.sketches(0);
       },
       ".sketches: more than 440 in one report"},
      {[](auto& t) {
         while (t.cells_size() <= kMaxDarknetCells) t.add_cells();
       },
       ".cells: more than 300000 in one report"},
  };
  for (const BadTally& bad : cases) {
    v1::Measurement measurement = Dark();
    bad.spoil(*measurement.mutable_darknet(0));
    const absl::Status status = ValidateDarknet(measurement, kWindowSeconds);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bad.message;
    EXPECT_EQ(std::string(status.message()), "darknet[0]" + bad.message);
  }
}

TEST(DarknetValidation, TakesOneKeyAndSetOfRulesOfASensor) {
  v1::Measurement measurement = Dark();
  measurement.mutable_darknet(1)->set_sensor("east");
  measurement.mutable_darknet(1)->set_source_key(78);
  EXPECT_EQ(std::string(ValidateDarknet(measurement, kWindowSeconds).message()),
            "darknet[1].sensor: is that of the tally before it; a window has one key and one set of rules");
}

// What a collector says that is older, or watches more of them than a report holds.
TEST(DarknetValidation, TakesSecondsOfNoPrefix) {
  v1::Measurement measurement = Dark();
  measurement.mutable_darknet(0)->clear_prefixes();
  EXPECT_EQ(ValidateDarknet(measurement, kWindowSeconds), absl::OkStatus());
}

TEST(DarknetValidation, BoundsTheSumOfPrefixes) {
  v1::Measurement measurement = Dark();
  v1::DarknetTally& west = *measurement.mutable_darknet(1);
  while (3 + west.prefixes_size() < kMaxDarkPrefixes) west.add_prefixes();
  EXPECT_EQ(ValidateDarknet(measurement, kWindowSeconds), absl::OkStatus());
  west.add_prefixes();
  EXPECT_EQ(std::string(ValidateDarknet(measurement, kWindowSeconds).message()),
            "darknet[1].prefixes: more than 4096 in one report");
}

TEST(DarknetValidation, BoundsSensorsAndTheirSumOfSketches) {
  v1::Measurement measurement = Dark();
  v1::DarknetTally& west = *measurement.mutable_darknet(1);
  west.set_source_key(77);
  while (1 + west.sketches_size() < kMaxSourceSketches)
    *west.add_sketches() = measurement.darknet(0).sketches(0);
  EXPECT_EQ(ValidateDarknet(measurement, kWindowSeconds), absl::OkStatus());
  *west.add_sketches() = measurement.darknet(0).sketches(0);
  EXPECT_EQ(std::string(ValidateDarknet(measurement, kWindowSeconds).message()),
            "darknet[1].sketches: more than 440 in one report");
  while (measurement.darknet_size() <= kMaxSensors) measurement.add_darknet();
  EXPECT_EQ(std::string(ValidateDarknet(measurement, kWindowSeconds).message()),
            "darknet: 101 sensors, more than 100");
}

}  // namespace
}  // namespace kansoku::aggregator
