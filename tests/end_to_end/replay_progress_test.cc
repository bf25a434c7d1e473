// SPDX-License-Identifier: Apache-2.0
//
// A collector that reads files: how far it has come is shown on a terminal, and nowhere else.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "tests/testing/capture_writer.h"
#include "tests/testing/child_process.h"
#include "tests/testing/packet_builder.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/terminal.h"

namespace kansoku::testing {
namespace {

constexpr char kAway[] = "\r\x1b[K";

class ReplayProgress : public ::testing::Test {
 protected:
  void SetUp() override {
    CaptureWriter()
        .Add(1'730'419'200'000'000'000,
             PacketBuilder().Ethernet().Ipv4("192.0.2.1", "198.51.100.2").Udp(1, 9).Build())
        .WriteTo(capture_);
    std::ofstream(dir_.File("collector.yaml"))
        << "collector: c\nisp: i\naggregator: {address: \"127.0.0.1:1\"}\nspool: {path: "
        << dir_.File("spool.db") << "}\nlinks: [{point: p, file: " << capture_ << "}]\n";
  }

  TempDir dir_;
  const std::string capture_ = dir_.File("one.pcap");
  Terminal terminal_{200, 24};
};

TEST_F(ReplayProgress, IsShownWhileAFileIsMeasured) {
  terminal_.Start({KANSOKU_COLLECTOR, "measure", capture_});
  std::string drawn;
  EXPECT_EQ(terminal_.Wait(drawn), 0);
  const std::string line = kAway + ("reading " + capture_) + ": ";
  EXPECT_TRUE(drawn.starts_with(line)) << drawn;
  EXPECT_NE(drawn.find(" %" + std::string(kAway)), std::string::npos) << drawn;
  EXPECT_EQ(RunProgram({KANSOKU_COLLECTOR, "measure", capture_}).err, "");
}

// Nobody takes what it reports, so that it stays.
TEST_F(ReplayProgress, IsShownWhileAFileIsReported) {
  terminal_.Start({KANSOKU_COLLECTOR, "--config", dir_.File("collector.yaml")});
  EXPECT_NE(terminal_.WaitFor(std::string(kAway) + "reading the links' files: 100 %"), "");
  terminal_.Type("\x03");
  std::string drawn;
  EXPECT_EQ(terminal_.Wait(drawn), 0);
  EXPECT_NE(drawn.find(std::string(kAway) + "kansoku-collector: stopping: closing the open windows\r\n"),
            std::string::npos)
      << drawn;
}

// Its system calls are filtered by then.
TEST_F(ReplayProgress, StaysWithinANarrowTerminalWhileAFileIsReported) {
  Terminal narrow{20, 24};
  narrow.Start({KANSOKU_COLLECTOR, "--config", dir_.File("collector.yaml")});
  const std::string line = std::string(kAway) + "reading the links' ";
  EXPECT_NE(narrow.WaitFor(line + kAway), "");
  narrow.Type("\x03");
  std::string drawn;
  EXPECT_EQ(narrow.Wait(drawn), 0);
  EXPECT_EQ(drawn.find("files"), std::string::npos) << drawn;
}

}  // namespace
}  // namespace kansoku::testing
