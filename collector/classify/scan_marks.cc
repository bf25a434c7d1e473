// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/scan_marks.h"

namespace kansoku::collector {
namespace {

constexpr uint8_t kNoOptions = 20,
                  kOneOption = 24;  // octets of the TCP header; the option is the segment size

bool HasMirai(const DecodedPacket& syn) {
  return syn.tcp_sequence == syn.destination.ipv4() && syn.tcp_header_octets == kNoOptions;
}

// https://github.com/zmap/zmap, src/probe_modules/packet.c before 4.1.0
bool HasZmap(const DecodedPacket& syn) {
  return syn.identification == 54321 && syn.tcp_window == 65535 &&
         (syn.tcp_header_octets == kNoOptions || syn.tcp_header_octets == kOneOption);
}

// https://github.com/robertdavidgraham/masscan, src/templ-pkt.c: a window of 1024 without options until
// commit 4f89257 of November 2023, of 1025 with one since.
bool HasMasscan(const DecodedPacket& syn) {
  const uint32_t mixed = syn.destination.ipv4() ^ syn.destination_port ^ syn.tcp_sequence;
  return syn.identification == (mixed & 0xffff) &&
         ((syn.tcp_window == 1024 && syn.tcp_header_octets == kNoOptions) ||
          (syn.tcp_window == 1025 && syn.tcp_header_octets == kOneOption));
}

// Nmap's sequence number is a 32-bit mask, kept for long, ^ the same 16 bits twice.
bool HasNmap(const SynTrace& before, const DecodedPacket& syn) {
  const uint32_t difference = before.sequence ^ syn.tcp_sequence;
  return difference >> 16 == (difference & 0xffff) && syn.tcp_header_octets == kOneOption &&
         (syn.tcp_window == 1024 || syn.tcp_window == 2048 || syn.tcp_window == 3072 ||
          syn.tcp_window == 4096);
}

// Unicornscan's (src/scan_progs/tcphash.h) is a key ^ the destination's address, as its machine reads it from
// the wire, ^ both ports. Mirai's number, the address itself, would pass for it wherever the ports stay.
bool HasUnicornscan(const SynTrace& before, const SynTrace& trace, const DecodedPacket& syn) {
  return (before.residue == trace.residue || before.swapped_residue == trace.swapped_residue) &&
         !HasMirai(syn);
}

}  // namespace

uint8_t MarksOf(const DecodedPacket& syn) {
  if (syn.ip_version != 4) return 0;
  return static_cast<uint8_t>((HasMirai(syn) ? kMirai : 0) | (HasZmap(syn) ? kZmap : 0) |
                              (HasMasscan(syn) ? kMasscan : 0));
}

SynTrace TraceOf(const DecodedPacket& syn) {
  const uint32_t address = syn.destination.ipv4();
  const uint32_t ports = (uint32_t{syn.destination_port} << 16) + syn.source_port;
  return {syn.tcp_sequence, syn.tcp_sequence ^ address ^ ports,
          syn.tcp_sequence ^ __builtin_bswap32(address) ^ ports};
}

uint8_t MarksOfPair(const SynTrace& before, const DecodedPacket& syn) {
  if (!ArePair(before, syn)) return 0;
  return static_cast<uint8_t>((HasNmap(before, syn) ? kNmap : 0) |
                              (HasUnicornscan(before, TraceOf(syn), syn) ? kUnicornscan : 0));
}

}  // namespace kansoku::collector
