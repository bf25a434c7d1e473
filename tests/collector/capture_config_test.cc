// SPDX-License-Identifier: Apache-2.0
//
// What the configuration's capture section may ask for.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "collector/config.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::collector {
namespace {

std::string Check(const std::string& capture) {
  const testing::TempDir folder;
  const std::string path = folder.File("c.yaml");
  std::ofstream(path) << "collector: c\nisp: i\naggregator: {address: \"127.0.0.1:1\"}\nspool: {path: s.db}\n"
                         "links: [{point: p, interface: lo}]\ncapture: {"
                      << capture << "}\n";
  const absl::StatusOr<CheckedConfig> checked = LoadConfig(path);
  if (checked.ok()) return "";
  const std::string message(checked.status().message());
  return message.substr(message.find("c.yaml"));
}

TEST(CaptureConfig, AcceptsWhatARingCanDo) {
  EXPECT_EQ(Check(""), "");
  EXPECT_EQ(Check("method: packet_ring"), "");
  EXPECT_EQ(Check("method: packet_ring, workers: 64"), "");
  EXPECT_EQ(Check("method: packet_ring, workers: 8, ring_bytes: 65536, block_bytes: 4096"), "");
}

TEST(CaptureConfig, SeveralWorkersNeedTheRing) {
  EXPECT_EQ(Check("workers: 2"), "");
  EXPECT_EQ(Check("method: libpcap, workers: 2"),
            "c.yaml:6: capture.workers: several workers need `method: packet_ring`");
}

TEST(CaptureConfig, BlocksAreWholePages) {
  EXPECT_EQ(Check("method: packet_ring, block_bytes: 10000"),
            "c.yaml:6: capture.block_bytes: 10000 is not a multiple of 4096");
}

TEST(CaptureConfig, ABlockHoldsAPacket) {
  EXPECT_EQ(Check("method: packet_ring, block_bytes: 4096, snap_length: 3840"), "");
  EXPECT_EQ(Check("method: packet_ring, block_bytes: 4096, snap_length: 3841"),
            "c.yaml:6: capture.block_bytes: a block must hold a packet: at least snap_length + 256");
}

TEST(CaptureConfig, ARingHoldsTwoBlocksForEachWorker) {
  EXPECT_EQ(Check("method: packet_ring, workers: 9, ring_bytes: 65536, block_bytes: 4096"),
            "c.yaml:6: capture.ring_bytes: must hold 2 blocks for each worker: at least 73728");
  EXPECT_EQ(Check("ring_bytes: 524287"),
            "c.yaml:6: capture.ring_bytes: must hold 2 blocks for each worker: at least 524288");
  EXPECT_EQ(Check("ring_bytes: 524288"), "");
}

}  // namespace
}  // namespace kansoku::collector
