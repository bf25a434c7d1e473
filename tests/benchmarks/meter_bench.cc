// SPDX-License-Identifier: Apache-2.0
//
// Nanoseconds per packet of what follows the decoder: classifier, flow table, and the whole meter.
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "collector/classify/classifier.h"
#include "collector/meter/link_meter.h"

namespace kansoku::collector {
namespace {

constexpr int64_t kStartNs = 1'700'000'400'000'000'000;
constexpr size_t kPackets = 1 << 20;  // a power of two
constexpr uint32_t kPrefixes = 100'000;

// Subscriber i of a family: one of 100,000 ranges side by side, IPv4 /28 from 10.0.0.0, IPv6 /48 from 2001::.
IpAddress SubscriberAt(uint8_t ip_version, uint32_t i) {
  if (ip_version == 4) return IpAddress::Ipv4(0x0a000000u + i * 16);
  return {0x2001'0000'0000'0000 + (uint64_t{i} << 16), 0};
}

// Packets of so many flows, each from one of the Internet's hosts to one of the subscribers, a microsecond
// apart.
std::vector<DecodedPacket> Packets(uint8_t ip_version, uint32_t flows) {
  std::mt19937_64 random(1);
  std::vector<DecodedPacket> of_flow(flows);
  for (DecodedPacket& packet : of_flow) {
    const auto host = static_cast<uint32_t>(random());
    packet = {.source = ip_version == 4 ? IpAddress::Ipv4(host | 0x80000000u)
                                        : IpAddress{0x2400'0000'0000'0000, host},
              .destination = SubscriberAt(ip_version, static_cast<uint32_t>(random() % kPrefixes)),
              .wire_octets = 1514,
              .ip_octets = 1500,
              .source_port = 443,
              .destination_port = static_cast<uint16_t>(random()),
              .ip_version = ip_version,
              .protocol = kProtocolTcp,
              .tcp_flags = kTcpAck,
              .has_tcp_flags = true};
  }
  std::vector<DecodedPacket> packets(kPackets);
  for (size_t i = 0; i < kPackets; ++i) {
    packets[i] = of_flow[random() % flows];
    packets[i].captured_unix_ns = kStartNs + static_cast<int64_t>(i) * 1000;
  }
  return packets;
}

Classifier MakeClassifier(uint8_t ip_version) {
  v1::CollectorConfig config;
  for (uint32_t i = 0; i < kPrefixes; ++i) {
    v1::SubscriberPrefix& subscriber = *config.add_subscribers();
    const uint8_t length = ip_version == 4 ? 96 + 28 : 48;
    subscriber.set_prefix(ToString(Prefix{SubscriberAt(ip_version, i), length}));
    subscriber.set_access(i % 2 == 0 ? v1::ACCESS_FIXED : v1::ACCESS_MOBILE);
  }
  return {AddressPlan::Compile(config, ConfigPlaces("bench")).value(), v1::LinkConfig()};
}

// Argument: IP version.
void ClassifyWith100000Prefixes(benchmark::State& state) {
  const auto ip_version = static_cast<uint8_t>(state.range(0));
  const Classifier classifier = MakeClassifier(ip_version);
  const std::vector<DecodedPacket> packets = Packets(ip_version, 100'000);
  size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(classifier.Classify(packets[i++ % kPackets]));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ClassifyWith100000Prefixes)->Arg(4)->Arg(6);

// Arguments: IP version, flows, entries of the table.
void TouchFlows(benchmark::State& state) {
  const std::vector<DecodedPacket> packets =
      Packets(static_cast<uint8_t>(state.range(0)), static_cast<uint32_t>(state.range(1)));
  FlowTable table(static_cast<uint32_t>(state.range(2)), 60'000'000'000, 1);
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(table.Touch(packets[i++ % kPackets], TrafficClass(), 1'700'000'400));
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["evicted"] =
      static_cast<double>(table.evicted_flows()) / static_cast<double>(state.iterations());
}
BENCHMARK(TouchFlows)
    ->ArgsProduct({{4, 6}, {1000, 100'000}, {262'144}})
    ->Args({4, 1'000'000, 4'194'304})
    ->Args({4, 1'000'000, 262'144})
    ->Args({4, 1000, 1});

// Everything between decoder and report. Arguments: IP version, flows.
void ClassifyAndCount(benchmark::State& state) {
  const auto ip_version = static_cast<uint8_t>(state.range(0));
  const Classifier classifier = MakeClassifier(ip_version);
  const std::vector<DecodedPacket> packets = Packets(ip_version, static_cast<uint32_t>(state.range(1)));
  LinkMeter meter({.point = "bench"}, [](v1::WindowReport) {});
  meter.Advance(kStartNs, {}, 0);
  size_t i = 0;
  for (auto _ : state) {
    const DecodedPacket& packet = packets[i++ % kPackets];
    if (meter.EndsBefore(packet.captured_unix_ns)) state.SkipWithError("the window must hold every packet");
    meter.Count(packet, classifier.Classify(packet));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ClassifyAndCount)->ArgsProduct({{4, 6}, {1000, 100'000}});

}  // namespace
}  // namespace kansoku::collector
