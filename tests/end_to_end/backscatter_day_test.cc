// SPDX-License-Identifier: Apache-2.0
//
// Answers to forged addresses, from a capture through a collector and an aggregator to the figures of a day:
// a real telescope's day without a flood, and a made-up flood.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/serve/telescope_query.h"
#include "aggregator/store/sqlite_store.h"
#include "aggregator/vintage/telescope_keeper.h"
#include "collector/decode/decoded_packet.h"
#include "proto/contract/config_text.h"
#include "proto/contract/day.h"
#include "tests/collector/truth.h"
#include "tests/end_to_end/harness.h"
#include "tests/testing/capture_writer.h"
#include "tests/testing/packet_builder.h"
#include "tests/testing/skip_or_fail.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

const absl::CivilDay kDay(2024, 11, 1);

// A capture as it would be had its first packet come at the day's first second. Of a little-endian file.
void MoveToDay(const std::string& from, const std::string& to) {
  std::ifstream file(from, std::ios::binary);
  std::string octets{std::istreambuf_iterator<char>(file), {}};
  constexpr size_t kFileHeader = 24, kRecordHeader = 16, kCapturedAt = 8;
  const auto number_at = [&](size_t at) {
    uint32_t number = 0;
    std::memcpy(&number, octets.data() + at, sizeof number);
    return number;
  };
  ASSERT_EQ(number_at(0), 0xa1b2c3d4u) << from;
  const int64_t moved = DayStartUnixSeconds(kDay) - int64_t{number_at(kFileHeader)};
  for (size_t at = kFileHeader; at < octets.size(); at += kRecordHeader + number_at(at + kCapturedAt)) {
    const auto seconds = static_cast<uint32_t>(number_at(at) + moved);
    std::memcpy(octets.data() + at, &seconds, sizeof seconds);
  }
  std::ofstream(to, std::ios::binary) << octets;
}

// Every figure of the day, as the programs make it of a capture.
std::vector<v1::Figure> FiguresOf(const std::string& folder, const std::string& capture,
                                  const std::string& telescopes) {
  const std::string key = folder + "/key";
  std::ofstream(key) << "a key of thirty-two octets; test";
  std::filesystem::permissions(key, std::filesystem::perms::owner_read);
  const v1::AggregatorConfig config = AggregatorConfigIn(folder);
  {
    auto aggregator = aggregator::Aggregator::Start(config);
    EXPECT_TRUE(aggregator.ok()) << aggregator.status();
    if (!aggregator.ok()) return {};
    v1::CollectorConfig collector;
    const auto parsed =
        ParseConfig(absl::StrCat("collector: dark\nisp: test-isp\naggregator: {address: \"",
                                 (*aggregator)->grpc_address(), "\"}\nspool: {path: ", folder,
                                 "/spool}\nlinks: [{point: dark, file: ", capture,
                                 "}]\ndarknet_sources: {key_path: ", key, "}\ntelescopes:\n", telescopes),
                    "collector.yaml", collector);
    EXPECT_TRUE(parsed.ok()) << parsed.status();
    const v1::Delivery delivery = Collect(collector);
    EXPECT_GT(delivery.reports_closed(), 0u);
    EXPECT_EQ(delivery.reports_acknowledged(), delivery.reports_closed());
    (*aggregator)->Stop();
  }
  const auto store = aggregator::SqliteStore::Open({.path = config.store_path()});
  EXPECT_TRUE(store.ok()) << store.status();
  if (!store.ok()) return {};
  EXPECT_TRUE((*store)->Quarantine({.most = 10})->empty());
  // A day waits until a call finds nothing more of it than the one before.
  aggregator::TelescopeKeeper keeper;
  const absl::Time now = absl::FromUnixSeconds(DayStartUnixSeconds(kDay + 1)) + aggregator::kDaySettles;
  for (int call = 0; call < 2; ++call)
    EXPECT_EQ(keeper.Keep(**store, now, [](const v1::TelescopeDay&) {}), absl::OkStatus());
  v1::TelescopeSelection asked;
  asked.set_first_day(DayText(kDay));
  const auto answer = aggregator::ReadTelescope(**store, asked, nullptr);
  EXPECT_TRUE(answer.ok()) << answer.status();
  if (!answer.ok()) return {};
  return {answer->figures().begin(), answer->figures().end()};
}

// The figure of this id that has this label, if any is asked for.
v1::Figure Find(const std::vector<v1::Figure>& figures, const std::string& id,
                const std::string& label = "") {
  for (const v1::Figure& figure : figures) {
    const auto& labels = figure.labels();
    const bool has_label =
        std::any_of(labels.begin(), labels.end(), [&](const auto& its) { return its.second == label; });
    if (figure.id() == id && (label.empty() || has_label)) return figure;
  }
  ADD_FAILURE() << "no " << id << " " << label;
  return {};
}

// DARKNET 5: 24 hours of what reached a real telescope. The busiest host sends two or three packets a minute
// all day, so that none is a victim of a flood by the thresholds, which the figure says.
TEST(BackscatterDay, OfARealTelescopeHasSourcesAndNoVictim) {
  if (!collector::HasTruth("darknet")) return SkipOrFail("no captures in ../shared/captures");
  const TempDir dir;
  const std::string capture = dir.File("moved.pcap");
  MoveToDay(collector::TruthFolder("darknet") / "ncsa-backscatter.trace", capture);
  const auto figures = FiguresOf(dir.path(), capture, "  - {sensor: all, prefix: 0.0.0.0/0}\n");
  EXPECT_EQ(Find(figures, "darknet_packets").value(), "4771");
  EXPECT_EQ(Find(figures, "darknet_class_packets", "backscatter_syn_ack").value(), "3431");
  EXPECT_EQ(Find(figures, "darknet_class_packets", "backscatter_rst").value(), "1310");
  EXPECT_EQ(Find(figures, "darknet_class_packets", "backscatter_icmp").value(), "28");
  EXPECT_EQ(Find(figures, "darknet_unjudged_packets", "no_room").value(), "0");
  EXPECT_EQ(Find(figures, "darknet_unjudged_packets", "untold").value(), "0");
  EXPECT_EQ(Find(figures, "darknet_backscatter_sources").value(), "203");
  const v1::Figure seconds = Find(figures, "darknet_prefix_address_seconds", "0.0.0.0/0");
  EXPECT_EQ(seconds.value(), std::to_string((seconds.windows() * 10) << 32));
  const v1::Figure victims = Find(figures, "darknet_victims");
  EXPECT_EQ(victims.value(), "0");
  EXPECT_NE(victims.method().find("25 packets over 60 seconds with 30 packets in some 60 seconds"),
            std::string::npos)
      << victims.method();
}

// Answers of one host in each window of ten seconds.
using Answers = std::map<int64_t, uint64_t>;

// DARKNET 1, of answers without a pause: 25 packets over 60 seconds, and 30 in some 60 seconds. It lasts from
// its first window to its last: how much of either it fills is not known.
bool IsFlood(const Answers& answers) {
  const auto packets_between = [&](int64_t first, int64_t end) {
    uint64_t packets = 0;
    for (const auto& [window, of_window] : answers)
      packets += first <= window && window < end ? of_window : 0;
    return packets;
  };
  const int64_t first = answers.begin()->first, last = answers.rbegin()->first;
  if (packets_between(first, last + 10) < 25 || last - first < 60) return false;
  for (int64_t minute = first; minute <= last; minute += 10) {
    if (packets_between(minute, minute + 60) >= 30) return true;
  }
  return false;
}

// A flood is over where no answer comes for 300 seconds.
bool IsVictim(const Answers& answers) {
  std::vector<Answers> floods(1);
  for (const auto& [window, packets] : answers) {
    if (!floods.back().empty() && window - floods.back().rbegin()->first > 300) floods.emplace_back();
    floods.back()[window] = packets;
  }
  return std::any_of(floods.begin(), floods.end(), IsFlood);
}

// Answers of one host, so many of them evenly over some seconds from the one second on.
void AddAnswers(const std::string& host, int64_t from_second, int64_t seconds, int packets,
                std::multimap<int64_t, std::vector<uint8_t>>& frames) {
  constexpr uint8_t kSynAck = collector::kTcpSyn | collector::kTcpAck;
  for (int i = 0; i < packets; ++i) {
    const uint8_t flags = i % 2 == 0 ? kSynAck : collector::kTcpRst;
    frames.emplace(
        (DayStartUnixSeconds(kDay) + from_second) * 1'000'000'000 + seconds * 1'000'000'000 / packets * i,
        PacketBuilder().Ethernet().Ipv4(host, "203.0.113.9").Tcp(80, 40'000, flags).Build());
  }
}

// Floods counted by hand.
TEST(BackscatterDay, HasAsVictimsWhomAFloodHitForLongAndHard) {
  std::multimap<int64_t, std::vector<uint8_t>> frames;  // by time
  AddAnswers("198.51.100.1", 0, 70, 35, frames);        // five in each of seven windows: 30 in a minute
  AddAnswers("198.51.100.2", 0, 20, 40, frames);        // hard, but not for long...
  AddAnswers("198.51.100.2", 420, 10, 1, frames);       // ...and what comes after 400 s is another flood
  AddAnswers("198.51.100.3", 0, 20, 40, frames);
  AddAnswers("198.51.100.3", 310, 10, 1, frames);   // the same flood: 300 s after its window before
  AddAnswers("198.51.100.4", 0, 300, 120, frames);  // for long, but never more than 24 in a minute
  AddAnswers("198.51.100.5", 0, 10, 29, frames);
  AddAnswers("198.51.100.5", 60, 10, 1, frames);  // 30 that are not of one minute
  const TempDir dir;
  CaptureWriter capture;
  for (const auto& [unix_ns, frame] : frames) capture.Add(unix_ns, frame);
  capture.WriteTo(dir.File("floods.pcap"));
  const auto figures =
      FiguresOf(dir.path(), dir.File("floods.pcap"), "  - {sensor: s, prefix: 203.0.113.0/24}\n");
  EXPECT_EQ(Find(figures, "darknet_packets").value(), std::to_string(35 + 41 + 41 + 120 + 30));
  EXPECT_EQ(Find(figures, "darknet_backscatter_sources").value(), "5");
  EXPECT_EQ(Find(figures, "darknet_victims").value(), "2");
  EXPECT_EQ(Find(figures, "darknet_victim_packets").value(), std::to_string(35 + 41));
}

// The captures of real floods are too short for a victim; the generator's storm is none too few.
TEST(BackscatterDay, OfAFloodHasVictims) {
  const TempDir dir;
  const Generated traffic =
      Generate(dir.path(), "storm",
               {"telescope", "--scanners", "--seed", "5", "--packets", "40000", "--seconds", "150", "--start",
                std::to_string(DayStartUnixSeconds(kDay) + 3'600)});
  std::ifstream file(traffic.truth);
  const nlohmann::json truth = nlohmann::json::parse(file);
  std::map<std::string, Answers> answers;  // by who sent them
  for (const auto& window : truth.at("windows")) {
    for (const auto& source : window.at("sources")) {
      for (const auto& [name, packets] : source.at("classes").items()) {
        if (name.starts_with("backscatter_"))
          answers[source.at("address")][window.at("start_unix_seconds")] += packets.get<uint64_t>();
      }
    }
  }
  uint64_t victims = 0, victim_packets = 0;
  for (const auto& [address, of_host] : answers) {
    if (!IsVictim(of_host)) continue;
    ++victims;
    for (const auto& [window, packets] : of_host) victim_packets += packets;
  }
  ASSERT_GT(victims, 1u);
  ASSERT_GT(answers.size(), 100u);

  const auto figures = FiguresOf(dir.path(), traffic.capture,
                                 "  - {sensor: sensor-east, prefix: 203.0.113.0/24}\n"
                                 "  - {sensor: sensor-west, prefix: 198.51.100.0/24}\n"
                                 "  - {sensor: sensor-west, prefix: 192.0.2.128/25, valid_until: "
                                 "\"2024-10-31T16:01:35Z\"}\n"
                                 "  - {sensor: sensor-east, prefix: \"2001:db8:dead::/48\"}\n");
  EXPECT_EQ(Find(figures, "darknet_victims").value(), std::to_string(victims));
  EXPECT_EQ(Find(figures, "darknet_victim_packets").value(), std::to_string(victim_packets));
  EXPECT_EQ(Find(figures, "darknet_backscatter_sources").value(), std::to_string(answers.size()));
  // 150 seconds, of which one was dark for 95.
  const auto seconds = [&](const std::string& prefix) {
    return Find(figures, "darknet_prefix_address_seconds", prefix).value();
  };
  EXPECT_EQ(seconds("203.0.113.0/24"), "38400");
  EXPECT_EQ(seconds("198.51.100.0/24"), "38400");
  EXPECT_EQ(seconds("192.0.2.128/25"), "12160");
  EXPECT_EQ(
      std::count_if(figures.begin(), figures.end(),
                    [](const v1::Figure& figure) { return figure.id() == "darknet_prefix_address_seconds"; }),
      3);
}

}  // namespace
}  // namespace kansoku::testing
