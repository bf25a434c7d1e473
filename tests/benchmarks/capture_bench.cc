// SPDX-License-Identifier: Apache-2.0
//
// Nanoseconds of CPU per packet that a capture file costs before anything is decoded: in place, through
// libpcap, and from memory that is already there. Reads the file named by KANSOKU_TRACE, or else an ISP's
// capture that it generates. The first octets of each packet are looked at, as any decoder would.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "collector/capture/capture_reader.h"
#include "collector/capture/mapped_file_source.h"
#include "collector/capture/pcap_file_source.h"
#include "tests/generator/generate.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

const std::string& TracePath() {
  static const testing::TempDir folder;
  static const std::string path = [] {
    if (const char* named = std::getenv("KANSOKU_TRACE"); named != nullptr) return std::string(named);
    const std::string generated = folder.File("isp.pcap");
    generator::CaptureOptions options;
    options.packets = 2'000'000;
    if (const std::string trouble = generator::Generate(generator::Scene::kIsp, options, generated, "");
        !trouble.empty()) {
      std::abort();
    }
    return generated;
  }();
  return path;
}

uint64_t Look(std::span<const PacketView> burst) {
  uint64_t seen = 0;
  for (const PacketView& packet : burst) {
    seen += packet.wire_octets;
    if (packet.bytes.size() > 12) seen += packet.bytes[12];
  }
  return seen;
}

void Report(benchmark::State& state, uint64_t packets) {
  state.counters["packets"] = static_cast<double>(packets) / static_cast<double>(state.iterations());
  state.counters["s_per_packet"] = benchmark::Counter(
      static_cast<double>(packets), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

template <typename Source>
void ReadFile(benchmark::State& state) {
  TracePath();
  uint64_t packets = 0;
  for (auto _ : state) {
    auto source = Source::Open(TracePath());
    if (!source.ok()) return state.SkipWithError(std::string(source.status().message()).c_str());
    absl::StatusOr<PollState> at = PollState::kMore;
    while (at.ok() && *at == PollState::kMore) {
      at = (*source)->Poll([](std::span<const PacketView> burst) { benchmark::DoNotOptimize(Look(burst)); });
    }
    packets += (*source)->Stats().received_packets;
  }
  Report(state, packets);
}
BENCHMARK(ReadFile<MappedFileSource>)->Name("in place")->Unit(benchmark::kMillisecond);
BENCHMARK(ReadFile<PcapFileSource>)->Name("through libpcap")->Unit(benchmark::kMillisecond);

void ReadMemory(benchmark::State& state) {
  std::ifstream file(TracePath(), std::ios::binary);
  const std::vector<char> capture(std::istreambuf_iterator<char>(file), {});
  std::array<PacketView, 128> burst;
  uint64_t packets = 0;
  for (auto _ : state) {
    auto reader =
        CaptureReader::Open({reinterpret_cast<const uint8_t*>(capture.data()), capture.size()}, TracePath());
    if (!reader.ok()) return state.SkipWithError(std::string(reader.status().message()).c_str());
    for (;;) {
      const absl::StatusOr<size_t> read = reader->Read(burst);
      if (!read.ok() || *read == 0) break;
      benchmark::DoNotOptimize(Look({burst.data(), *read}));
    }
    packets += reader->delivered_packets();
  }
  Report(state, packets);
}
BENCHMARK(ReadMemory)->Name("from memory")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kansoku::collector

BENCHMARK_MAIN();
