// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/darknet_source_validation.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "aggregator/ingest/report_validation.h"
#include "proto/contract/report_limits.h"

namespace kansoku::aggregator {
namespace {

v1::WindowReport Report() {
  v1::WindowReport report;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
    measurement {
      darknet { sensor: "east" source_key: 77 rules: 1 cells { packets: 100 } cells { packets: 21 } }
      darknet { sensor: "north" }
      darknet { sensor: "west" source_key: 77 rules: 1 cells { packets: 1 } }
    }
    darknet_sources {
      sensor: "east" source_key: 77 rules: 1
      lists { name: "misp" version: "2026-10-01" } lists { name: "own" version: "7" }
      sources {
        id: 3 probe_packets: 100 tcp_syns: 90 marks { mirai: 90 zmap: 1 masscan: 2 nmap: 3 unicornscan: 4 }
        ports { protocol: 6 port: 23 packets: 80 } ports { protocol: 6 port: 2323 packets: 10 }
        ports { protocol: 17 port: 53 packets: 6 } further_packets: 4
        backscatter_packets: 5 other_packets: 6 addresses: 18446744073709551615 lists: 3
        family: FAMILY_IPV4
      }
      sources { id: 18446744073709551615 other_packets: 1 family: FAMILY_IPV6 }
      further_packets: 9 most_of_one: 9
    }
    darknet_sources { sensor: "west" source_key: 77 rules: 1 sources { id: 3 other_packets: 1 } })",
                                                            &report));
  return report;
}

TEST(DarknetSourceValidation, TakesWhatACollectorSays) {
  EXPECT_EQ(ValidateDarknetSources(Report()), absl::OkStatus());
  v1::WindowReport with_pairs = Report();
  with_pairs.mutable_darknet_sources(0)->mutable_sources(0)->mutable_marks()->set_pairs(4);
  EXPECT_EQ(ValidateDarknetSources(with_pairs), absl::OkStatus());
  EXPECT_EQ(ValidateDarknetSources({}), absl::OkStatus());
}

TEST(DarknetSourceValidation, NamesTheBadField) {
  using Sources = v1::DarknetSources;
  using Source = v1::DarknetSource;
  const auto of_source = [](std::function<void(Source&)> spoil) {
    return [spoil](Sources& sources) { spoil(*sources.mutable_sources(0)); };
  };
  struct BadSources {
    std::function<void(Sources&)> spoil;
    std::string message;
  };
  const std::vector<BadSources> cases = {
      {[](auto& s) { s.set_sensor("south"); }, ".sensor: the measurement has no tally of it"},
      {[](auto& s) { s.clear_source_key(); }, ".source_key: is missing, so sources cannot be told apart"},
      {[](auto& s) { s.set_source_key(78); }, ".source_key: 78 is not the tally's, 77"},
      {[](auto& s) { s.set_rules(2); }, ".rules: 2 are not the tally's, 1"},
      {[](auto& s) { s.mutable_lists(1)->set_name("Own"); },
       ".lists[1].name: is not a name (1 to 63 of a-z 0-9 - _ .)"},
      {[](auto& s) { s.mutable_lists(1)->set_name("misp"); }, ".lists[1].name: is that of an earlier list"},
      {[](auto& s) { s.mutable_lists(0)->clear_version(); },
       ".lists[0].version: has 0 bytes, must have 1 to 64"},
      {[](auto& s) { s.mutable_lists(0)->set_version(std::string(65, 'v')); },
       ".lists[0].version: has 65 bytes, must have 1 to 64"},
      {[](auto& s) {
         while (s.lists_size() <= kMaxSurveyLists) {
           s.add_lists()->set_name("list-" + std::to_string(s.lists_size()));
           s.mutable_lists()->rbegin()->set_version("1");
         }
       },
       ".lists: 33, more than 32"},
      {[](auto& s) { s.set_further_packets(kMaxPackets); },
       ".further_packets: 281474976710656 brings the report above 281474976710656"},
      {[](auto& s) { s.set_most_of_one(10); }, ".most_of_one: 10 is more than the 9 of further_packets"},
      {[](auto& s) { s.mutable_sources(1)->set_id(3); },
       ".sources[1].id: is not above that of the source before it"},
      {[](auto& s) { s.mutable_sources()->SwapElements(0, 1); },
       ".sources[1].id: is not above that of the source before it"},
      {[](auto& s) { s.mutable_sources(1)->set_probe_packets(kMaxPackets); },
       ".sources[1].probe_packets: 281474976710656 brings the report above 281474976710656"},
      {of_source([](auto& s) { s.set_probe_packets(kMaxPackets + 1); }),
       ".sources[0].probe_packets: 281474976710657 brings the report above 281474976710656"},
      {of_source([](auto& s) { s.set_backscatter_packets(~uint64_t{0}); }),
       ".sources[0].backscatter_packets: 18446744073709551615 brings the report above 281474976710656"},
      {of_source([](auto& s) { s.set_other_packets(~uint64_t{0}); }),
       ".sources[0].other_packets: 18446744073709551615 brings the report above 281474976710656"},
      {of_source([](auto& s) { s.set_further_packets(5); }),
       ".sources[0].ports: 101 is more than the 100 of probe_packets"},
      {of_source([](auto& s) { s.set_further_packets(~uint64_t{0}); }),
       ".sources[0].further_packets: 18446744073709551615 brings the report above 281474976710656"},
      {of_source([](auto& s) { s.mutable_ports(1)->set_packets(~uint64_t{0}); }),
       ".sources[0].ports[1].packets: 18446744073709551615 brings the report above 281474976710656"},
      {of_source([](auto& s) { s.mutable_ports(2)->set_protocol(256); }),
       ".sources[0].ports[2].protocol: 256 is above 255"},
      {of_source([](auto& s) { s.mutable_ports(2)->set_port(65'536); }),
       ".sources[0].ports[2].port: 65536 is above 65535"},
      {of_source([](auto& s) { s.mutable_ports(1)->set_port(23); }),
       ".sources[0].ports[1]: is not after the port before it"},
      {of_source([](auto& s) { s.mutable_ports()->SwapElements(1, 2); }),
       ".sources[0].ports[2]: is not after the port before it"},
      {of_source([](auto& s) { s.set_tcp_syns(101); }),
       ".sources[0].tcp_syns: 101 is more than the 100 of probe_packets"},
      {of_source([](auto& s) { s.mutable_marks()->set_mirai(91); }),
       ".sources[0].marks.mirai: 91 is more than the 90 of tcp_syns"},
      {of_source([](auto& s) { s.mutable_marks()->set_zmap(91); }),
       ".sources[0].marks.zmap: 91 is more than the 90 of tcp_syns"},
      {of_source([](auto& s) { s.mutable_marks()->set_masscan(91); }),
       ".sources[0].marks.masscan: 91 is more than the 90 of tcp_syns"},
      {of_source([](auto& s) { s.mutable_marks()->set_nmap(91); }),
       ".sources[0].marks.nmap: 91 is more than the 90 of tcp_syns"},
      {of_source([](auto& s) { s.mutable_marks()->set_unicornscan(91); }),
       ".sources[0].marks.unicornscan: 91 is more than the 90 of tcp_syns"},
      {of_source([](auto& s) { s.mutable_marks()->set_pairs(91); }),
       ".sources[0].marks.pairs: 91 is more than the 90 of tcp_syns"},
      {of_source([](auto& s) { s.mutable_marks()->set_pairs(3); }),
       ".sources[0].marks.unicornscan: 4 is more than the 3 of pairs"},
      {of_source([](auto& s) { s.mutable_marks()->set_pairs(2); }),
       ".sources[0].marks.nmap: 3 is more than the 2 of pairs"},
      {of_source([](auto& s) { s.set_lists(4); }), ".sources[0].lists: 4 has a bit beyond the 2 lists"},
      {of_source([](auto& s) { s.set_family(static_cast<v1::Family>(3)); }),
       ".sources[0].family: 3 is none that this version knows"},
      // Told of packets that nobody counted, or not of all that were.
      {[](auto& s) { s.set_further_packets(10); },
       ": sources and further_packets are 122 packets, the tally of east has 121"},
      {of_source([](auto& s) { s.set_other_packets(5); }),
       ": sources and further_packets are 120 packets, the tally of east has 121"},
  };
  for (const BadSources& bad : cases) {
    v1::WindowReport report = Report();
    bad.spoil(*report.mutable_darknet_sources(0));
    const absl::Status status = ValidateDarknetSources(report);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bad.message;
    EXPECT_EQ(std::string(status.message()), "darknet_sources[0]" + bad.message);
  }
}

TEST(DarknetSourceValidation, TakesEachSensorOnceInTheirOrder) {
  for (const bool is_twice : {false, true}) {
    v1::WindowReport report = Report();
    report.mutable_darknet_sources()->SwapElements(0, 1);
    if (is_twice) *report.mutable_darknet_sources(0) = report.darknet_sources(1);
    EXPECT_EQ(std::string(ValidateDarknetSources(report).message()),
              "darknet_sources[1].sensor: is not after that of the entry before it");
  }
}

TEST(DarknetSourceValidation, BoundsSourcesAndPortsOverAllSensors) {
  v1::WindowReport report = Report();
  v1::DarknetSources& west = *report.mutable_darknet_sources(1);
  while (2 + west.sources_size() < kMaxDarknetSources) {
    west.add_sources()->set_id(10 + static_cast<uint64_t>(west.sources_size()));
  }
  EXPECT_EQ(ValidateDarknetSources(report), absl::OkStatus());
  west.add_sources()->set_id(~uint64_t{0});
  EXPECT_EQ(std::string(ValidateDarknetSources(report).message()),
            "darknet_sources[1].sources: more than 65536 in one report");

  report = Report();
  v1::DarknetSource& source = *report.mutable_darknet_sources(1)->mutable_sources(0);
  while (3 + source.ports_size() < kMaxSourcePorts) {
    v1::PortPackets& port = *source.add_ports();
    port.set_protocol(static_cast<uint32_t>(source.ports_size()) >> 16);
    port.set_port(static_cast<uint32_t>(source.ports_size()) & 0xffff);
  }
  EXPECT_EQ(ValidateDarknetSources(report), absl::OkStatus());
  source.add_ports()->set_protocol(255);
  EXPECT_EQ(std::string(ValidateDarknetSources(report).message()),
            "darknet_sources[1].sources[0].ports: more than 262144 in one report");
}

TEST(DarknetSourceValidation, TakesABitForEachOfAsManyListsAsThereMayBe) {
  v1::WindowReport report = Report();
  v1::DarknetSources& sources = *report.mutable_darknet_sources(0);
  while (sources.lists_size() < kMaxSurveyLists) {
    sources.add_lists()->set_name("list-" + std::to_string(sources.lists_size()));
    sources.mutable_lists()->rbegin()->set_version("1");
  }
  sources.mutable_sources(0)->set_lists(0xffffffff);
  EXPECT_EQ(ValidateDarknetSources(report), absl::OkStatus());
}

}  // namespace
}  // namespace kansoku::aggregator
