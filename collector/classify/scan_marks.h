// SPDX-License-Identifier: Apache-2.0
//
// The marks that scanning tools leave in the TCP SYNs they send, from the published sources of these tools
// (DARKNET 2.3). A mark is a hint: some fit one in 65,536 SYNs by chance, so that only a source with several
// of them is told by its tool. Of IPv4 alone: no tool is known to mark IPv6. Pure; any thread.
#pragma once

#include <cstdint>

#include "collector/decode/decoded_packet.h"

namespace kansoku::collector {

// Bits of a set of marks, in the order of v1::ScanMarks.
enum ScanMark : uint8_t {
  kMirai = 1 << 0,    // sequence number = destination address, and no TCP options
  kZmap = 1 << 1,     // identification 54321 and the largest window; ZMap until 4.0, gone since
  kMasscan = 1 << 2,  // identification = low half of destination address ^ port ^ sequence number, and the
                      // window and options of either its older versions or those since November 2023
  kNmap = 1 << 3,     // pairs: sequence numbers differ by the same 16 bits in both halves
  kUnicornscan = 1 << 4,  // pairs: sequence numbers hide the same key
};

// What of a SYN the next one from the same source is compared with.
struct SynTrace {
  uint32_t sequence = 0;
  uint32_t residue = 0;          // Unicornscan's key, had Unicornscan sent it
  uint32_t swapped_residue = 0;  // the same, had its machine the other byte order
};

// Each `syn` here is of DARKNET_CLASS_TCP_SYN. Its own marks: kMirai, kZmap and kMasscan.
uint8_t MarksOf(const DecodedPacket& syn);

SynTrace TraceOf(const DecodedPacket& syn);

// Whether a SYN can be compared with the one before it from the same source. Not where both have the same
// sequence number: every tool, and every system, repeats itself.
inline bool ArePair(const SynTrace& before, const DecodedPacket& syn) {
  return syn.ip_version == 4 && before.sequence != syn.tcp_sequence;
}

// The marks of a SYN together with the one before it: kNmap and kUnicornscan. None where they are no pair.
uint8_t MarksOfPair(const SynTrace& before, const DecodedPacket& syn);

}  // namespace kansoku::collector
