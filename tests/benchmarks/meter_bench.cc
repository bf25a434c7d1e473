// SPDX-License-Identifier: Apache-2.0
//
// Nanoseconds per packet of what follows the decoder: gate, classifier, flow table, meter, and the whole
// chain as MeterBurst runs it.
#include <benchmark/benchmark.h>

#include <array>
#include <utility>

#include "collector/classify/classifier.h"
#include "collector/meter/link_meter.h"
#include "collector/meter_burst.h"

namespace kansoku::collector {
namespace {

constexpr int64_t kStartNs = 1'700'000'400'000'000'000;
constexpr uint32_t kPrefixes = 100'000;

// One iteration is one hand of packets.
void CountPackets(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(PacketHand::kRoom));
}

// Subscriber i of a family: one of 100,000 ranges side by side, IPv4 /28 from 10.0.0.0, IPv6 /48 from 2001::.
IpAddress SubscriberAt(uint8_t ip_version, uint32_t i) {
  if (ip_version == 4) return IpAddress::Ipv4(0x0a000000u + i * 16);
  return {0x2001'0000'0000'0000 + (uint64_t{i} << 16), 0};
}

// The next packets of so many flows, each between one of the Internet's hosts and one of the subscribers,
// half of the packets in either direction, a microsecond apart. Made as they are needed, because reading them
// from memory would cost more than what is measured.
class Traffic {
 public:
  Traffic(uint8_t ip_version, uint32_t flows) : ip_version_(ip_version), flows_(flows) {}

  std::array<DecodedPacket, PacketHand::kRoom>& Next() {
    for (DecodedPacket& packet : hand_) Draw(packet);
    return hand_;
  }

 private:
  void Draw(DecodedPacket& packet) {
    const uint64_t drawn = random_.Next();
    const auto flow = static_cast<uint32_t>((drawn >> 32) * flows_ >> 32);
    const uint64_t of_flow = (flow + uint64_t{1}) * 0x9e3779b97f4a7c15u;
    const auto host = static_cast<uint32_t>(of_flow >> 32) | 0x80000000u;
    packet.source = ip_version_ == 4 ? IpAddress::Ipv4(host) : IpAddress{0x2400'0000'0000'0000, host};
    packet.destination = SubscriberAt(ip_version_, flow % kPrefixes);
    packet.source_port = 443;
    packet.destination_port = static_cast<uint16_t>(of_flow >> 16);
    if (drawn % 2 == 0) {
      std::swap(packet.source, packet.destination);
      std::swap(packet.source_port, packet.destination_port);
    }
    packet.captured_unix_ns = kStartNs + count_++ * 1000 % 300'000'000'000;
  }

  uint8_t ip_version_;
  uint32_t flows_;
  SplitMix64 random_{1};
  int64_t count_ = 0;
  std::array<DecodedPacket, PacketHand::kRoom> hand_ = [this] {
    std::array<DecodedPacket, PacketHand::kRoom> hand;
    hand.fill({.wire_octets = 1514,
               .ip_octets = 1500,
               .outer_ip_octets = 1500,
               .inner_ip_octets = 1500,
               .tcp_payload_octets = 1460,
               .ip_version = ip_version_,
               .protocol = kProtocolTcp,
               .header_octets = 54,
               .tcp_flags = kTcpAck,
               .has_tcp_flags = true});
    return hand;
  }();
};

// What the others below include: subtract it.
void MakePackets(benchmark::State& state) {
  Traffic traffic(4, static_cast<uint32_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(traffic.Next());
  CountPackets(state);
}
BENCHMARK(MakePackets)->Arg(100'000);

// So many subscriber prefixes, and a dark one in each family.
Classifier MakeClassifier(uint8_t ip_version, uint32_t prefixes) {
  v1::CollectorConfig config;
  for (uint32_t i = 0; i < prefixes; ++i) {
    v1::SubscriberPrefix& subscriber = *config.add_subscribers();
    const uint8_t length = ip_version == 4 ? 96 + 28 : 48;
    subscriber.set_prefix(ToString(Prefix{SubscriberAt(ip_version, i), length}));
    subscriber.set_access(i % 2 == 0 ? v1::ACCESS_FIXED : v1::ACCESS_MOBILE);
  }
  for (const char* dark : {"203.0.113.0/24", "2001:db8:dead::/48"}) {
    v1::Telescope& telescope = *config.add_telescopes();
    telescope.set_sensor("dark");
    telescope.set_prefix(dark);
  }
  return {AddressPlan::Compile(config, ConfigPlaces("bench")).value(), v1::LinkConfig()};
}

// Argument: IP version.
void GateSubscribers(benchmark::State& state) {
  const auto ip_version = static_cast<uint8_t>(state.range(0));
  const Classifier classifier = MakeClassifier(ip_version, kPrefixes);
  Traffic traffic(ip_version, 100'000);
  for (auto _ : state) {
    for (const DecodedPacket& packet : traffic.Next()) benchmark::DoNotOptimize(classifier.SensorOf(packet));
  }
  CountPackets(state);
}
BENCHMARK(GateSubscribers)->Arg(4)->Arg(6);

// Arguments: IP version, prefixes.
void Classify(benchmark::State& state) {
  const auto ip_version = static_cast<uint8_t>(state.range(0));
  const Classifier classifier = MakeClassifier(ip_version, static_cast<uint32_t>(state.range(1)));
  Traffic traffic(ip_version, 100'000);
  for (auto _ : state) {
    for (const DecodedPacket& packet : traffic.Next()) {
      benchmark::DoNotOptimize(classifier.TrafficClassOf(packet));
    }
  }
  CountPackets(state);
}
BENCHMARK(Classify)->ArgsProduct({{4, 6}, {100, 1000, 10'000, 100'000}});

// Arguments: IP version, flows, entries of the table.
void TouchFlows(benchmark::State& state) {
  Traffic traffic(static_cast<uint8_t>(state.range(0)), static_cast<uint32_t>(state.range(1)));
  FlowTable table(static_cast<uint32_t>(state.range(2)), 60'000'000'000, 1);
  std::array<uint64_t, PacketHand::kRoom> hashes;
  std::array<uint32_t, PacketHand::kRoom> found;
  for (auto _ : state) {
    const auto& hand = traffic.Next();
    for (size_t i = 0; i < PacketHand::kRoom; ++i) table.Prefetch(hashes[i] = table.Hash(hand[i]));
    for (size_t i = 0; i < PacketHand::kRoom; ++i) found[i] = table.Find(hashes[i]);
    for (size_t i = 0; i < PacketHand::kRoom; ++i) {
      if (found[i] == FlowTable::kNowhere) found[i] = table.FindElsewhere(hashes[i]);
    }
    for (size_t i = 0; i < PacketHand::kRoom; ++i) {
      benchmark::DoNotOptimize(table.Touch(hand[i], hashes[i], found[i], 1, [](const Flow&, FlowEnd) {}));
    }
  }
  CountPackets(state);
  state.counters["evicted"] =
      static_cast<double>(table.evicted_flows()) / static_cast<double>(state.items_processed());
}
BENCHMARK(TouchFlows)
    ->ArgsProduct({{4, 6}, {1000, 10'000, 100'000}, {262'144}})
    ->Args({4, 1'000'000, 1'048'576})
    ->Args({6, 1'000'000, 1'048'576})
    ->Args({4, 1'000'000, 262'144})
    ->Args({4, 1000, 1});

// Everything between decoder and report, as MeterBurst runs it. Arguments: IP version, flows. A table of
// 262,144: with a million flows nearly every packet is of a new one.
void CountTraffic(benchmark::State& state) {
  const auto ip_version = static_cast<uint8_t>(state.range(0));
  const Classifier classifier = MakeClassifier(ip_version, kPrefixes);
  Traffic traffic(ip_version, static_cast<uint32_t>(state.range(1)));
  LinkMeter meter({.point = "bench", .window_seconds = 300}, [](v1::WindowReport) {});
  meter.Advance(kStartNs, {}, 0);
  const auto classify = [&](const DecodedPacket& packet) { return classifier.TrafficClassOf(packet); };
  std::array<PacketInHand, PacketHand::kRoom> hand;
  for (auto _ : state) {
    const auto& packets = traffic.Next();
    for (size_t i = 0; i < PacketHand::kRoom; ++i) {
      hand[i].packet = packets[i];
      hand[i].sensor = classifier.SensorOf(packets[i]);
      if (hand[i].sensor != PacketInHand::kNoSensor) state.SkipWithError("nothing is dark here");
    }
    meter.Count(hand, classify);
  }
  CountPackets(state);
}
BENCHMARK(CountTraffic)->ArgsProduct({{4, 6}, {1000, 10'000, 100'000, 1'000'000}});

// A telescope that is scanned: every packet at another port.
void CountDark(benchmark::State& state) {
  v1::CollectorConfig config;
  config.add_telescopes()->set_sensor("t");
  config.mutable_telescopes(0)->set_prefix("0.0.0.0/0");
  const Classifier classifier(AddressPlan::Compile(config, ConfigPlaces("bench")).value(), v1::LinkConfig());
  Traffic traffic(4, 1'000'000);
  LinkMeter meter({.point = "bench", .window_seconds = 300, .sensors = {"t"}}, [](v1::WindowReport) {});
  meter.Advance(kStartNs, {}, 0);
  const auto classify = [](const DecodedPacket&) { return TrafficClass(); };
  std::array<PacketInHand, PacketHand::kRoom> hand;
  for (auto _ : state) {
    const auto& packets = traffic.Next();
    for (size_t i = 0; i < PacketHand::kRoom; ++i) {
      hand[i].packet = packets[i];
      hand[i].sensor = classifier.SensorOf(packets[i]);
      hand[i].darknet_class = DarknetClassOf(packets[i]);
      if (hand[i].sensor != 0) state.SkipWithError("everything is dark here");
    }
    meter.Count(hand, classify);
  }
  CountPackets(state);
}
BENCHMARK(CountDark);

// What telling sources apart adds to that: SYNs of so many sources to eight ports, whoever comes next drawn
// by lot. Arguments: sources, entries of the table. Of many more sources than entries nearly every packet is
// of a new one, as in a spoofed flood.
void TellSourcesApart(benchmark::State& state) {
  const auto sources = static_cast<uint64_t>(state.range(0));
  DarkSources dark(
      {.hash = SourceHash::FromKey({1, 2, 3}).value(), .entries = static_cast<uint32_t>(state.range(1))}, 1,
      1);
  SplitMix64 random(1);
  std::array<DecodedPacket, PacketHand::kRoom> hand;
  hand.fill({.ip_version = 4,
             .protocol = kProtocolTcp,
             .tcp_flags = kTcpSyn,
             .has_tcp_flags = true,
             .tcp_header_octets = 20});
  std::array<uint64_t, PacketHand::kRoom> keys;
  std::array<uint32_t, PacketHand::kRoom> found;
  for (auto _ : state) {
    for (DecodedPacket& packet : hand) {
      const uint64_t drawn = random.Next();
      packet.source = IpAddress::Ipv4(static_cast<uint32_t>((drawn >> 32) * sources >> 32) * 0x9e3779b1u);
      packet.destination = IpAddress::Ipv4(0xc6336400 | (drawn & 0xff));
      packet.destination_port = static_cast<uint16_t>(1 + (drawn >> 8) % 8);
      packet.tcp_sequence = static_cast<uint32_t>(drawn >> 16);
    }
    for (size_t i = 0; i < PacketHand::kRoom; ++i) dark.Prefetch(keys[i] = dark.KeyOf(0, hand[i]));
    for (size_t i = 0; i < PacketHand::kRoom; ++i) found[i] = dark.Find(keys[i]);
    for (size_t i = 0; i < PacketHand::kRoom; ++i)
      dark.Count(0, v1::DARKNET_CLASS_TCP_SYN, hand[i], keys[i], found[i], 1);
  }
  CountPackets(state);
  state.counters["octets"] = static_cast<double>(dark.octets());
}
BENCHMARK(TellSourcesApart)
    ->ArgsProduct({{1000, 100'000, 1'000'000, 10'000'000, 100'000'000}, {16'384, 1'048'576}});

}  // namespace
}  // namespace kansoku::collector
