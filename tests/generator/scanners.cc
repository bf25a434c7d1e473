// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/scanners.h"

#include "tests/generator/plan.h"

namespace kansoku::generator {
namespace {

constexpr uint32_t kDarkIpv4Addresses = 512;  // of the first two ranges
static_assert(kDarkRanges[0].prefix.length == 24 && kDarkRanges[1].prefix.length == 24);

// Each dark IPv4 address once while `number` goes through kDarkIpv4Addresses of them, as if at random.
DarkPacket Begin(uint32_t host, uint32_t number, uint16_t port, DarkClass dark_class, Random& random) {
  const uint32_t scattered = (number * 197 + 31) % kDarkIpv4Addresses;
  const DarkRange& range = kDarkRanges[scattered / 256];
  DarkPacket dark;
  dark.packet.source = kServersIpv4.At(host);
  dark.packet.destination = range.prefix.At(scattered % 256);
  dark.packet.protocol = kProtocolTcp;
  dark.packet.tcp_flags = kSyn;
  dark.packet.tcp_sequence = random.Next32();
  dark.packet.identification = static_cast<uint16_t>(random.Next32());
  dark.packet.source_port = static_cast<uint16_t>(random.Between(32'768, 60'999));
  dark.packet.destination_port = port;
  dark.key = {range.sensor, dark_class, Family::kIpv4, kProtocolTcp, port};
  return dark;
}

DarkPacket Syn(uint32_t host, uint32_t number, uint16_t port, Random& random) {
  return Begin(host, number, port, DarkClass::kTcpSyn, random);
}

void Shape(DarkPacket& dark, Mark mark, uint16_t window, uint8_t option_octets, uint8_t hop_limit) {
  dark.mark = mark;
  dark.packet.tcp_window = window;
  dark.packet.tcp_option_octets = option_octets;
  dark.packet.hop_limit = hop_limit;
}

void MixIdentification(DarkPacket& dark) {
  dark.packet.identification = static_cast<uint16_t>(dark.packet.destination.low ^
                                                     dark.packet.destination_port ^ dark.packet.tcp_sequence);
}

constexpr uint32_t Swapped(uint32_t word) {
  return word << 24 | (word & 0xff00) << 8 | (word >> 8 & 0xff00) | word >> 24;
}

}  // namespace

// Each tenth probe of a host goes to 2323, the others to 23.
DarkPacket Scanners::Mirai(Random& random) {
  const uint32_t host = random.Below(ScannerHosts::kMirais);
  const uint16_t port = mirai_probes_[host]++ % 10 == 0 ? 2323 : 23;
  DarkPacket dark = Syn(ScannerHosts::kFirstMirai + host, random.Next32(), port, random);
  Shape(dark, Mark::kMirai, static_cast<uint16_t>(random.Next32()), 0, 47);
  dark.packet.tcp_sequence = static_cast<uint32_t>(dark.packet.destination.low);
  dark.packet.source_port = static_cast<uint16_t>(20'000 + host);
  return dark;
}

DarkPacket Scanners::ZmapOld(Random& random) {
  DarkPacket dark = Syn(ScannerHosts::kZmapOld, random.Next32(), 443, random);
  Shape(dark, Mark::kZmap, 65535, 0, 245);
  dark.packet.identification = 54321;
  return dark;
}

// Since 4.1.1 it looks like Windows, and has no mark.
DarkPacket Scanners::ZmapNew(Random& random) {
  DarkPacket dark = Syn(ScannerHosts::kZmapNew, random.Next32(), 443, random);
  Shape(dark, Mark::kNone, 65535, 12, 54);
  return dark;
}

DarkPacket Scanners::MasscanOld(Random& random) {
  DarkPacket dark = Syn(ScannerHosts::kMasscanOld, random.Next32(), 3389, random);
  Shape(dark, Mark::kMasscan, 1024, 0, 238);
  MixIdentification(dark);
  return dark;
}

DarkPacket Scanners::MasscanNew(Random& random) {
  DarkPacket dark = Syn(ScannerHosts::kMasscanNew, random.Next32(), 8728, random);
  Shape(dark, Mark::kMasscan, 1025, 4, 238);
  MixIdentification(dark);
  return dark;
}

// Three probes have the same sequence number.
DarkPacket Scanners::Nmap(Random& random) {
  constexpr uint32_t kMask = 0xdd52'8318;
  constexpr std::array<uint16_t, 4> kWindows = {1024, 2048, 3072, 4096};
  const uint32_t probe = nmap_probes_++;
  DarkPacket dark = Syn(ScannerHosts::kNmap, 7, static_cast<uint16_t>(1 + probe % 1000), random);
  Shape(dark, Mark::kNmap, random.Pick(kWindows), 4, 44);
  const uint32_t half = (probe / 3) & 0xffff;
  dark.packet.tcp_sequence = kMask ^ (half << 16 | half);
  return dark;
}

DarkPacket Scanners::Unicornscan(Random& random) {
  constexpr uint32_t kKey = 0x5eed'1234;
  const bool little = random.OneIn(2);
  DarkPacket dark = Syn(little ? ScannerHosts::kUnicornscanLittle : ScannerHosts::kUnicornscanBig,
                        random.Next32(), static_cast<uint16_t>(random.Between(1, 30)), random);
  Shape(dark, Mark::kUnicornscan, 16384, 20, 120);
  const auto address = static_cast<uint32_t>(dark.packet.destination.low);
  const uint32_t ports = (uint32_t{dark.packet.destination_port} << 16) + dark.packet.source_port;
  dark.packet.tcp_sequence = kKey ^ (little ? Swapped(address) : address) ^ ports;
  return dark;
}

DarkPacket Scanners::Survey(Random& random) {
  const uint32_t probe = survey_probes_++;
  const uint32_t port = (probe + probe / kDarkIpv4Addresses) % kSurveyPorts;
  DarkPacket dark = Syn(ScannerHosts::kSurvey, probe, static_cast<uint16_t>(1000 + 25 * port), random);
  Shape(dark, Mark::kNone, 64240, 20, 52);
  return dark;
}

// Whoever attacks it gives our addresses as his own.
DarkPacket Scanners::Storm(Random& random) {
  DarkPacket dark =
      Begin(ScannerHosts::kVictim, random.Next32(), static_cast<uint16_t>(random.Between(1024, 1087)),
            DarkClass::kBackscatterSynAck, random);
  dark.packet.tcp_flags = kSyn | kAck;
  dark.packet.source_port = 443;
  return dark;
}

DarkPacket Scanners::Next(Random& random) {
  const uint32_t lot = random.Below(100);
  if (lot < 30) return Mirai(random);
  if (lot < 40) return ZmapOld(random);
  if (lot < 48) return ZmapNew(random);
  if (lot < 56) return MasscanOld(random);
  if (lot < 64) return MasscanNew(random);
  if (lot < 72) return Nmap(random);
  if (lot < 80) return Unicornscan(random);
  if (lot < 92) return Survey(random);
  return Storm(random);
}

}  // namespace kansoku::generator
