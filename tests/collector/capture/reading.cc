// SPDX-License-Identifier: Apache-2.0
#include "tests/collector/capture/reading.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "collector/capture/capture_reader.h"

namespace kansoku::collector {
namespace {

void Append(std::span<const PacketView> burst, Reading& reading) {
  for (const PacketView& packet : burst) {
    reading.packets.push_back({{packet.bytes.begin(), packet.bytes.end()},
                               packet.wire_octets,
                               packet.link_type,
                               packet.side,
                               packet.captured_unix_ns});
  }
}

bool LiesIn(std::span<const uint8_t> part, std::span<const uint8_t> whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const ReadPacket& packet) {
  return out << packet.bytes.size() << " of " << packet.wire_octets << " octets, link type "
             << static_cast<int>(packet.link_type) << ", side " << static_cast<int>(packet.side) << ", at "
             << packet.captured_unix_ns;
}

GuardedCapture::GuardedCapture(std::span<const uint8_t> capture) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t readable = (capture.size() + page - 1) / page * page;
  mapping_octets_ = readable + page;
  mapping_ = mmap(nullptr, mapping_octets_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping_ == MAP_FAILED) std::abort();
  auto* const first = static_cast<uint8_t*>(mapping_) + (readable - capture.size());
  std::copy(capture.begin(), capture.end(), first);
  if (mprotect(static_cast<uint8_t*>(mapping_) + readable, page, PROT_NONE) != 0) std::abort();
  bytes_ = {first, capture.size()};
}

GuardedCapture::~GuardedCapture() { munmap(mapping_, mapping_octets_); }

Reading ReadSource(PacketSource& source) {
  Reading reading;
  absl::StatusOr<PollState> state = PollState::kMore;
  while (state.ok() && *state == PollState::kMore) {
    state = source.Poll([&](std::span<const PacketView> burst) { Append(burst, reading); });
  }
  reading.status = state.status();
  return reading;
}

Reading ReadGuarded(const std::string& capture, size_t burst_packets) {
  const GuardedCapture guarded(capture);
  Reading reading;
  absl::StatusOr<CaptureReader> reader = CaptureReader::Open(guarded.bytes(), "capture");
  if (!reader.ok()) {
    reading.status = reader.status();
    return reading;
  }
  std::vector<PacketView> burst(burst_packets);
  for (;;) {
    const absl::StatusOr<size_t> packets = reader->Read(burst);
    reading.status = packets.status();
    if (!packets.ok() || *packets == 0) break;
    for (const PacketView& packet : std::span(burst).first(*packets)) {
      EXPECT_TRUE(LiesIn(packet.bytes, guarded.bytes()));
    }
    Append(std::span(burst).first(*packets), reading);
  }
  EXPECT_EQ(reader->delivered_packets(), reading.packets.size());
  EXPECT_EQ(reading.status.ok(), reader->position() == capture.size());
  EXPECT_EQ(reader->Read(burst).status(), reading.status) << "reading on says the same again";
  return reading;
}

}  // namespace kansoku::collector
