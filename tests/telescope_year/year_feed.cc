// SPDX-License-Identifier: Apache-2.0
#include "tests/telescope_year/year_feed.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/contract/config_text.h"
#include "tests/end_to_end/harness.h"
#include "tests/generator/capture_writer.h"
#include "tests/generator/encapsulation.h"
#include "tests/telescope_year/watched_year.h"

namespace kansoku::telescope_year {
namespace {

constexpr uint32_t kSnapOctets = 96;
constexpr int64_t kNanoseconds = 1'000'000'000;

// Days that one collector sees in a row, both included.
struct Stretch {
  absl::CivilDay first, last;
};
std::vector<Stretch> StretchesOf(const std::string& isp) {
  for (const Sensor& sensor : Sensors()) {
    if (sensor.isp != isp || sensor.outage_first > kLastDay) continue;
    return {{kFirstDay, sensor.outage_first - 1}, {sensor.outage_until, kLastDay}};
  }
  return {{kFirstDay, kLastDay}};
}

// Traffic of others. A file tells of the windows in which there is a packet, so each has one of these.
generator::IpPacket Passer() {
  generator::IpPacket packet;
  packet.source = generator::Address::Ipv4(198, 19, 255, 1);
  packet.destination = generator::Address::Ipv4(198, 19, 255, 2);
  packet.protocol = generator::kProtocolUdp;
  packet.source_port = packet.destination_port = 9;
  return packet;
}

void WriteCapture(const std::string& path, const std::string& isp, const Stretch& stretch) {
  generator::CaptureWriter writer(path, kSnapOctets);
  generator::Frame frame;
  const auto write = [&](int64_t unix_ns, const generator::IpPacket& packet) {
    generator::WriteFrame(packet, {}, frame);
    writer.Write(unix_ns, frame, std::min(frame.wire_octets(), kSnapOctets));
  };
  for (absl::CivilDay day = stretch.first; day <= stretch.last; ++day) {
    int64_t window = StartOf(day);
    const auto pass_until = [&](int64_t unix_ns) {
      for (; window * kNanoseconds <= unix_ns; window += kWindowSeconds)
        write(window * kNanoseconds, Passer());
    };
    for (const TimedPacket& timed : PacketsOf(day)) {
      if (Sensors()[timed.sensor].isp != isp) continue;
      pass_until(timed.unix_ns);
      write(timed.unix_ns, timed.packet);
    }
    pass_until(StartOf(day + 1) * kNanoseconds - 1);
  }
  EXPECT_TRUE(writer.Close()) << path;
}

std::string DayText(absl::CivilDay day) {
  return absl::StrCat(absl::FormatCivilTime(day), "T00:00:00+09:00");
}

v1::CollectorConfig ConfigOf(const std::string& folder, const std::string& isp, const std::string& capture,
                             const std::string& aggregator_address) {
  std::string yaml = absl::StrCat(
      "collector: ", isp, "\nisp: ", isp, "\naggregator: {address: \"", aggregator_address,
      "\"}\nspool: {path: ", folder, "/", isp, ".spool}\nwindow_seconds: ", kWindowSeconds,
      "\nlinks:\n  - {point: ", isp, "-link, file: ", capture,
      "}\nflow_table: {entries: 1024}\ndarknet_sources:\n  key_path: ", folder,
      "/source.key\n  entries: 1024\n  survey_lists:\n    - {name: known, version: \"2024\", path: ", folder,
      "/known.csv}\ntelescopes:\n");
  for (const Sensor& sensor : Sensors()) {
    if (sensor.isp != isp) continue;
    absl::StrAppend(&yaml, "  - {sensor: ", sensor.name, ", prefix: ", sensor.prefix, ", valid_from: \"",
                    DayText(sensor.first), "\", valid_until: \"", DayText(sensor.until), "\"}\n");
  }
  v1::CollectorConfig config;
  const auto parsed = ParseConfig(yaml, "collector.yaml", config);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return config;
}

void FeedOne(const std::string& folder, const std::string& isp, const std::string& aggregator_address) {
  uint64_t windows = 0;
  for (const Stretch& stretch : StretchesOf(isp)) {
    const std::string capture =
        absl::StrCat(folder, "/", isp, "-", absl::FormatCivilTime(stretch.first), ".pcap");
    WriteCapture(capture, isp, stretch);
    const v1::Delivery delivery = testing::Collect(ConfigOf(folder, isp, capture, aggregator_address));
    windows += static_cast<uint64_t>(stretch.last - stretch.first + 1) * 86'400 / kWindowSeconds;
    EXPECT_EQ(delivery.reports_acknowledged(), windows) << isp << " " << delivery.ShortDebugString();
  }
}

}  // namespace

void FeedYear(const std::string& folder, const std::string& aggregator_address) {
  std::ofstream(folder + "/source.key") << "a key of thirty-two octets; test";
  std::filesystem::permissions(folder + "/source.key", std::filesystem::perms::owner_read);
  std::ofstream list(folder + "/known.csv");
  list << "prefix\n";
  for (const std::string_view host : kListed) list << host << "\n";
  list.close();
  std::set<std::string> isps;
  for (const Sensor& sensor : Sensors()) isps.insert(sensor.isp);
  std::vector<std::thread> collectors;
  for (const std::string& isp : isps) {
    collectors.emplace_back(
        [&folder, isp, &aggregator_address] { FeedOne(folder, isp, aggregator_address); });
  }
  for (std::thread& collector : collectors) collector.join();
}

}  // namespace kansoku::telescope_year
