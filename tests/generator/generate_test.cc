// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/generate.h"

#include <gtest/gtest.h>
#include <pcap/pcap.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

namespace kansoku::generator {
namespace {

using Json = nlohmann::json;

struct Written {
  std::string path;
  std::string capture;
  Json truth;
};

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Generate : public testing::TestWithParam<Scene> {
 protected:
  static CaptureOptions Small() {
    CaptureOptions options;
    options.packets = 40'000;
    options.seconds = 35;
    options.start_unix_seconds = 1'700'000'105;
    options.subscribers = 100;
    return options;
  }

  Written Write(const CaptureOptions& options) {
    const std::filesystem::path folder =
        std::filesystem::path(testing::TempDir()) /
        ("kansoku-generate-" + std::to_string(getpid()) + "-" + std::to_string(folders_.size()));
    std::filesystem::create_directories(folder);
    folders_.push_back(folder);
    const std::string capture = folder / "x.pcap", truth = folder / "x.json";
    EXPECT_EQ(kansoku::generator::Generate(GetParam(), options, capture, truth), "");
    return {capture, ReadAll(capture), Json::parse(ReadAll(truth))};
  }

  void TearDown() override {
    for (const auto& folder : folders_) std::filesystem::remove_all(folder);
  }

 private:
  std::vector<std::filesystem::path> folders_;
};

uint64_t Sum(const Json& list, const char* field) {
  uint64_t sum = 0;
  for (const Json& entry : list) sum += entry.at(field).get<uint64_t>();
  return sum;
}

uint64_t Fnv1a(const std::string& bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  return hash;
}

TEST_P(Generate, SameSeedGivesSameBytes) {
  const Written first = Write(Small()), second = Write(Small());
  EXPECT_EQ(first.capture, second.capture);
  EXPECT_EQ(first.truth, second.truth);
}

// The bytes are the same on every machine. A change of the traffic itself changes these numbers; update them
// together.
TEST_P(Generate, BytesAreTheKnownOnes) {
  EXPECT_EQ(Fnv1a(Write(Small()).capture), GetParam() == Scene::kIsp       ? 14977673990978371920u
                                           : GetParam() == Scene::kTunnels ? 6107350335591888734u
                                                                           : 10356944680586782152u);
}

TEST_P(Generate, OtherSeedGivesOtherBytes) {
  CaptureOptions other = Small();
  other.seed = 2;
  EXPECT_NE(Write(Small()).capture, Write(other).capture);
}

TEST_P(Generate, TruthAddsUp) {
  const Json truth = Write(Small()).truth;
  for (const char* field : {"packets", "wire_octets"}) {
    EXPECT_EQ(
        Sum(truth.at("traffic"), field) + Sum(truth.at("darknet"), field) + Sum(truth.at("refused"), field),
        truth.at(std::string_view(field) == "packets" ? "frames" : field).get<uint64_t>());
  }
  EXPECT_EQ(Sum(truth.at("traffic"), "ip_octets") + Sum(truth.at("darknet"), "ip_octets"),
            truth.at("ip_octets").get<uint64_t>());
  EXPECT_EQ(truth.at("frames"), 40'000);

  uint64_t windows_packets = 0;
  for (const Json& window : truth.at("windows")) {
    EXPECT_EQ(window.at("start_unix_seconds").get<int64_t>() % 10, 0);
    windows_packets += Sum(window.at("traffic"), "packets") + Sum(window.at("darknet"), "packets") +
                       window.at("refused_packets").get<uint64_t>();
  }
  EXPECT_EQ(windows_packets, 40'000u);
  EXPECT_EQ(truth.at("windows").size(), 4u);
}

TEST_P(Generate, LibpcapReadsTheFileWhole) {
  const CaptureOptions options = Small();
  const Written written = Write(options);
  char error[PCAP_ERRBUF_SIZE] = "";
  pcap_t* capture =
      pcap_open_offline_with_tstamp_precision(written.path.c_str(), PCAP_TSTAMP_PRECISION_NANO, error);
  ASSERT_NE(capture, nullptr) << error;
  EXPECT_EQ(pcap_datalink(capture), DLT_EN10MB);
  EXPECT_EQ(pcap_snapshot(capture), static_cast<int>(options.snap_octets));

  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  int64_t last_ns = options.start_unix_seconds * 1'000'000'000 - 1;
  uint64_t frames = 0, wire_octets = 0, captured_octets = 0;
  int status = 0;
  while ((status = pcap_next_ex(capture, &header, &bytes)) == 1) {
    const int64_t now_ns = int64_t{header->ts.tv_sec} * 1'000'000'000 + header->ts.tv_usec;
    ASSERT_GT(now_ns, last_ns);
    ASSERT_LE(header->caplen, std::min(header->len, options.snap_octets));
    last_ns = now_ns;
    frames += 1;
    wire_octets += header->len;
    captured_octets += header->caplen;
  }
  pcap_close(capture);
  EXPECT_EQ(status, PCAP_ERROR_BREAK);
  EXPECT_LT(last_ns, (options.start_unix_seconds + options.seconds) * 1'000'000'000);
  EXPECT_EQ(frames, written.truth.at("frames").get<uint64_t>());
  EXPECT_EQ(wire_octets, written.truth.at("wire_octets").get<uint64_t>());
  EXPECT_EQ(captured_octets, written.truth.at("captured_octets").get<uint64_t>());
}

TEST_P(Generate, SnapLengthChangesOnlyWhatWasCaptured) {
  CaptureOptions whole = Small();
  whole.snap_octets = kMostSnapOctets;
  Json snapped = Write(Small()).truth, full = Write(whole).truth;
  EXPECT_EQ(full.at("traffic"), snapped.at("traffic"));
  EXPECT_EQ(full.at("darknet"), snapped.at("darknet"));
  EXPECT_EQ(full.at("refused"), snapped.at("refused"));
  EXPECT_GT(full.at("captured_octets").get<uint64_t>(), snapped.at("captured_octets").get<uint64_t>());
}

TEST_P(Generate, EveryCarrierOfTheSceneOccurs) {
  CaptureOptions options = Small();
  options.subscribers = 1'000;
  std::set<std::string> carriers;
  const Json truth = Write(options).truth;
  for (const Json& entry : truth.at("traffic")) {
    carriers.insert(entry.at("carrier").get<std::string>());
    EXPECT_GE(entry.at("outer_ip_octets").get<uint64_t>(), entry.at("ip_octets").get<uint64_t>());
  }
  std::set<std::string> expected = {"native"};
  if (GetParam() != Scene::kTelescope) expected.insert({"pppoe", "mpls"});
  if (GetParam() == Scene::kTunnels) expected.insert(kCarrierLabels.begin() + 3, kCarrierLabels.end());
  EXPECT_EQ(carriers, expected);
}

TEST_P(Generate, UnwritableFileIsNamed) {
  const std::string trouble =
      kansoku::generator::Generate(GetParam(), Small(), "/nonexistent/x.pcap", "/nonexistent/x.json");
  EXPECT_EQ(trouble.find("cannot write /nonexistent/x.pcap: No such file or directory"), 0u) << trouble;
}

INSTANTIATE_TEST_SUITE_P(, Generate, testing::Values(Scene::kIsp, Scene::kTunnels, Scene::kTelescope),
                         [](const auto& scene) {
                           return scene.param == Scene::kIsp       ? "Isp"
                                  : scene.param == Scene::kTunnels ? "Tunnels"
                                                                   : "Telescope";
                         });

}  // namespace
}  // namespace kansoku::generator
