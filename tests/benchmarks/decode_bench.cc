// SPDX-License-Identifier: Apache-2.0
//
// Nanoseconds of Decode for one packet, by what is in front of its payload.
#include <benchmark/benchmark.h>

#include "collector/decode/decoder.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

constexpr char kSource4[] = "192.0.2.1", kDestination4[] = "198.51.100.2";
constexpr char kSource6[] = "2001:db8::1", kDestination6[] = "2001:db8:ffff::2";

void DecodeAgainAndAgain(benchmark::State& state, const PacketBuilder& builder) {
  const std::vector<uint8_t> octets = PacketBuilder(builder).Payload(400).Build();
  const PacketView packet = testing::ViewOf(octets);
  const DecodeOptions options;
  DecodedPacket decoded;
  for (auto _ : state) {
    benchmark::DoNotOptimize(Decode(packet, decoded, options));
    benchmark::ClobberMemory();
  }
}

PacketBuilder Ethernet() { return PacketBuilder().Ethernet(); }

BENCHMARK_CAPTURE(DecodeAgainAndAgain, Ipv4Tcp, Ethernet().Ipv4(kSource4, kDestination4).Tcp(40000, 443, 16));
BENCHMARK_CAPTURE(DecodeAgainAndAgain, Ipv4Udp, Ethernet().Ipv4(kSource4, kDestination4).Udp(40000, 443));
BENCHMARK_CAPTURE(DecodeAgainAndAgain, Ipv6Tcp, Ethernet().Ipv6(kSource6, kDestination6).Tcp(40000, 443, 16));
BENCHMARK_CAPTURE(DecodeAgainAndAgain, Ipv6Udp, Ethernet().Ipv6(kSource6, kDestination6).Udp(40000, 443));
BENCHMARK_CAPTURE(DecodeAgainAndAgain, VlanIpv4Tcp,
                  Ethernet().Vlan(7).Ipv4(kSource4, kDestination4).Tcp(40000, 443, 16));
BENCHMARK_CAPTURE(DecodeAgainAndAgain, QinqIpv4Tcp,
                  Ethernet().Vlan(7, 0x88a8).Vlan(8).Ipv4(kSource4, kDestination4).Tcp(40000, 443, 16));
BENCHMARK_CAPTURE(DecodeAgainAndAgain, PppoeIpv4Tcp,
                  Ethernet().Pppoe().Ipv4(kSource4, kDestination4).Tcp(40000, 443, 16));
BENCHMARK_CAPTURE(DecodeAgainAndAgain, GtpuIpv4Tcp,
                  Ethernet()
                      .Ipv4(kSource4, kDestination4)
                      .Udp(2152, 2152)
                      .Gtpu({0x85})
                      .Ipv4(kSource4, kDestination4)
                      .Tcp(40000, 443, 16));
BENCHMARK_CAPTURE(DecodeAgainAndAgain, VxlanIpv4Tcp,
                  Ethernet()
                      .Ipv4(kSource4, kDestination4)
                      .Udp(50000, 4789)
                      .Vxlan()
                      .Ethernet()
                      .Ipv4(kSource4, kDestination4)
                      .Tcp(40000, 443, 16));
BENCHMARK_CAPTURE(DecodeAgainAndAgain, DsliteIpv4Tcp,
                  Ethernet().Ipv6(kSource6, kDestination6).Ipv4(kSource4, kDestination4).Tcp(40000, 443, 16));

}  // namespace
}  // namespace kansoku::collector
