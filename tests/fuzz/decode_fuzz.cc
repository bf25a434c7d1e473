// SPDX-License-Identifier: Apache-2.0
//
// Any bytes on any link: decoded at both layers as promised, and accounted for to the octet.
#include "tests/collector/chain.h"
#include "tests/collector/decode/promises.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/packet_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace kansoku::collector;
  // Not even an empty packet, which a source has in its memory like any other.
  if (size < kansoku::fuzz::kPrefixOctets) return 0;
  const PacketView packet = kansoku::fuzz::PacketOf({data, size});
  kansoku::fuzz::ExpectUnbroken(BrokenPromise(packet));
  kansoku::fuzz::ExpectUnbroken(BrokenPromise(packet, {.opaque = ~0u}));
  for (const Layer layer : {Layer::kInner, Layer::kOuter}) {
    Chain chain({.layer = layer}, 1);
    chain.Meter({&packet, 1});
    const kansoku::v1::Measurement sum = chain.Finish();
    kansoku::fuzz::ExpectUnbroken(ViolatedIdentities(sum));
    kansoku::fuzz::Expect(sum.ledger().captured_wire_octets() == packet.wire_octets, "the octets captured");
    if (sum.ledger().refused().empty()) kansoku::fuzz::input_was_taken = true;
  }
  return 0;
}
