// SPDX-License-Identifier: Apache-2.0
//
// How much more several workers carry than one, fed from memory: each has the packets of its own flows, as
// the kernel would hand them out, and the whole chain to itself. Wall time over all packets; meaningful up to
// as many workers as there are idle processors. Reads the file named by KANSOKU_TRACE, or else an ISP's
// capture that it generates.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "collector/capture/capture_reader.h"
#include "collector/config.h"
#include "collector/meter_burst.h"
#include "tests/generator/generate.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

constexpr size_t kBurst = 128;
constexpr char kConfig[] = R"(collector: bench
isp: bench
aggregator: {address: "127.0.0.1:1"}
spool: {path: unused}
links: [{point: bench, file: unused}]
subscribers: [{prefix: 100.64.0.0/10, access: fixed}, {prefix: "2001:db8:1::/48", access: mobile}]
)";

std::string ReadTrace() {
  const testing::TempDir folder;
  std::string path = folder.File("isp.pcap");
  if (const char* named = std::getenv("KANSOKU_TRACE"); named != nullptr) {
    path = named;
  } else {
    generator::CaptureOptions options;
    options.packets = 2'000'000;
    if (!generator::Generate(generator::Scene::kIsp, options, path, "").empty()) std::abort();
  }
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Packets of the trace, those of one flow in one list.
std::vector<std::vector<PacketView>> Dealt(size_t workers) {
  static const std::string trace = ReadTrace();
  std::vector<std::vector<PacketView>> hands(workers);
  auto reader = CaptureReader::Open({reinterpret_cast<const uint8_t*>(trace.data()), trace.size()}, "trace");
  if (!reader.ok()) std::abort();
  const FlowTable table(1, 1, 1);
  std::vector<PacketView> burst(kBurst);
  DecodedPacket packet;
  for (auto filled = reader->Read(burst); filled.ok() && *filled > 0; filled = reader->Read(burst)) {
    for (const PacketView& view : std::span(burst).first(*filled)) {
      const bool is_ip = Decode(view, packet) == Refusal::kNone;
      hands[is_ip ? table.Hash(packet) % workers : 0].push_back(view);
    }
  }
  return hands;
}

void Work(std::span<const PacketView> packets, const CheckedConfig& checked) {
  LinkMeter meter({.point = "bench"}, [](const v1::WindowReport&) {});
  const Classifier classifier(checked.plan, checked.config.links(0));
  const DecodeOptions options = DecodeOptionsOf(checked.config, checked.config.links(0));
  CaptureStats stats;
  while (!packets.empty()) {
    const auto burst = packets.first(std::min(packets.size(), kBurst));
    packets = packets.subspan(burst.size());
    stats.received_packets += burst.size();
    MeterBurst(
        burst, options, classifier, meter, [&] { return stats; },
        [](const PacketView&, Refusal, const DecodedPacket&) {});
  }
  meter.Finish(stats, false);
}

void Workers(benchmark::State& state) {
  const auto hands = Dealt(static_cast<size_t>(state.range(0)));
  const auto checked = CompileConfig(kConfig, "bench");
  if (!checked.ok()) return state.SkipWithError(std::string(checked.status().message()).c_str());
  size_t packets = 0;
  for (const auto& hand : hands) packets += hand.size();
  for (auto _ : state) {
    std::vector<std::jthread> threads;
    for (const auto& hand : hands) threads.emplace_back([&] { Work(hand, *checked); });
  }
  state.SetItemsProcessed(static_cast<int64_t>(packets) * state.iterations());
}
BENCHMARK(Workers)->Arg(1)->Arg(2)->Arg(4)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kansoku::collector

BENCHMARK_MAIN();
