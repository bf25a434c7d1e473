// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a capture file: packets lie inside of it, and each one read is accounted for.
#include <array>

#include "collector/capture/capture_reader.h"
#include "tests/collector/chain.h"
#include "tests/fuzz/expect.h"

namespace {

bool LiesWithin(std::span<const uint8_t> part, std::span<const uint8_t> whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace kansoku::collector;
  const std::span<const uint8_t> file(data, size);
  absl::StatusOr<CaptureReader> reader = CaptureReader::Open(file, "fuzz");
  if (!reader.ok()) return 0;
  Chain chain({}, 1);
  std::array<PacketView, 16> room;
  uint64_t read = 0;
  while (true) {
    const absl::StatusOr<size_t> packets = reader->Read(room);
    if (!packets.ok()) break;
    if (*packets == 0) {
      kansoku::fuzz::input_was_taken = read > 0;
      break;
    }
    const std::span<const PacketView> burst = std::span(room).first(*packets);
    for (const PacketView& packet : burst) {
      kansoku::fuzz::Expect(LiesWithin(packet.bytes, file), "a packet lies within its file");
    }
    chain.Meter(burst);
    read += burst.size();
  }
  const kansoku::v1::Measurement sum = chain.Finish();
  kansoku::fuzz::ExpectUnbroken(ViolatedIdentities(sum));
  kansoku::fuzz::Expect(sum.ledger().captured_packets() == read, "every packet read was captured");
  kansoku::fuzz::Expect(reader->delivered_packets() == read, "the reader knows how many it gave");
  return 0;
}
