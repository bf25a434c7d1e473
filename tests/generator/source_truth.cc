// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/source_truth.h"

namespace kansoku::generator {

void SourceTruth::Count(const IpPacket& packet, DarkClass dark_class, Mark mark) {
  ++packets;
  ++classes[dark_class];
  addresses.insert(packet.destination);
  if (dark_class == DarkClass::kTcpSyn || dark_class == DarkClass::kUdpProbe)
    ++ports[{packet.protocol, packet.destination_port}];
  if (dark_class != DarkClass::kTcpSyn) return;
  const bool is_pair = classes[dark_class] > 1 && packet.source.family == Family::kIpv4 &&
                       last_sequence_ != packet.tcp_sequence;
  if (is_pair) ++pairs;
  const bool of_pairs = mark == Mark::kNmap || mark == Mark::kUnicornscan;
  const bool is_marked = of_pairs ? last_mark_ == mark && is_pair : mark != Mark::kNone;
  if (is_marked) ++marks[mark];
  last_mark_ = mark;
  last_sequence_ = packet.tcp_sequence;
}

}  // namespace kansoku::generator
