// SPDX-License-Identifier: Apache-2.0
//
// What a running program may still do, as the kernel tells, and that it is enough.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "tests/end_to_end/live_system.h"
#include "tests/testing/capture_writer.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::testing {
namespace {

using ::testing::HasSubstr;

constexpr char kNobody[] = "65534";
constexpr char kNoCapability[] = "0000000000000000";
constexpr char kNetRaw[] = "0000000000002000";  // 1 << CAP_NET_RAW

std::string TextOf(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// One field of /proc/PID/status or of a thread's.
std::string StatusField(const std::filesystem::path& process, const std::string& name) {
  std::istringstream lines(TextOf(process / "status"));
  for (std::string field, value; lines >> field && std::getline(lines >> std::ws, value);) {
    if (field == name + ":") return value;
  }
  return "";
}

// Of every thread: each has rights of its own.
void ExpectThreadsHold(pid_t pid, const std::map<std::string, std::string>& fields) {
  const std::filesystem::path process = absl::StrCat("/proc/", pid);
  int threads = 0;
  for (const auto& thread : std::filesystem::directory_iterator(process / "task")) {
    ++threads;
    for (const auto& [name, value] : fields) {
      EXPECT_EQ(StatusField(thread.path(), name), value)
          << name << " of thread " << StatusField(thread.path(), "Name");
    }
  }
  EXPECT_GT(threads, 2);
}

void ExpectMemoryIsPrivate(pid_t pid) {
  const std::filesystem::path process = absl::StrCat("/proc/", pid);
  std::istringstream lines(TextOf(process / "limits"));
  std::string core;
  while (std::getline(lines, core) && !core.starts_with("Max core file size")) {
  }
  std::istringstream words(core.substr(std::string("Max core file size").size()));
  std::string soft, hard;
  words >> soft >> hard;
  EXPECT_EQ(soft, "0");
  EXPECT_EQ(hard, "0");
}

class Confinement : public LiveSystemTest, public ::testing::WithParamInterface<const char*> {
 protected:
  // As the service manager starts it: another user, with one capability.
  std::vector<std::string> AsNobody(std::vector<std::string> command) {
    std::error_code error;
    // Where the program was built, nobody may have no way in.
    std::filesystem::copy_file(command[0], dir_.File("program"), error);
    EXPECT_FALSE(error) << error.message();
    command[0] = dir_.File("program");
    EXPECT_TRUE(RunCommand(
        absl::StrCat("chmod 755 ", dir_.path(), " && chown ", kNobody, ":", kNobody, " ", dir_.path())));
    std::vector<std::string> whole = {"setpriv",
                                      absl::StrCat("--reuid=", kNobody),
                                      absl::StrCat("--regid=", kNobody),
                                      "--clear-groups",
                                      "--inh-caps=-all,+net_raw",
                                      "--ambient-caps=+net_raw",
                                      "--bounding-set=-all,+net_raw"};
    whole.insert(whole.end(), command.begin(), command.end());
    return whole;
  }
  std::string WriteCollectorConfig(const std::string& links) {
    std::ofstream(dir_.File("collector.yaml")) << CollectorConfig(GetParam(), links);
    return dir_.File("collector.yaml");
  }
  static std::vector<uint8_t> Frame() {
    return PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Build();
  }
};

INSTANTIATE_TEST_SUITE_P(Capture, Confinement,
                         ::testing::Values("method: libpcap", "method: packet_ring",
                                           "method: packet_ring, workers: 3"));

constexpr char kRight[] = "  - {point: p, interface: right, side: {received: download}}\n";

TEST_P(Confinement, CountsToThePacketAsAnyUserWithOneCapability) {
  ASSERT_NO_FATAL_FAILURE(StartAggregator());
  ChildProcess collector(AsNobody({KANSOKU_COLLECTOR, "--config", WriteCollectorConfig(kRight)}));
  ASSERT_THAT(collector.WaitForLine("connected to"), HasSubstr(address_));
  ExpectThreadsHold(collector.pid(), {{"CapEff", kNoCapability},
                                      {"CapPrm", kNetRaw},
                                      {"CapInh", kNoCapability},
                                      {"CapAmb", kNoCapability},
                                      {"CapBnd", kNetRaw},
                                      {"NoNewPrivs", "1"},
                                      {"Seccomp", "2"}});
  ExpectMemoryIsPrivate(collector.pid());
  // What is not dumpable belongs to root (proc(5)), whoever runs it.
  struct stat process{};
  ASSERT_EQ(stat(absl::StrCat("/proc/", collector.pid(), "/mem").c_str(), &process), 0);
  EXPECT_EQ(process.st_uid, 0u);
  EXPECT_THAT(StatusField(absl::StrCat("/proc/", collector.pid()), "Uid"), HasSubstr(kNobody));

  SendFrames("left", Frame(), 2000);
  ASSERT_TRUE(WaitForPackets({{"p", 2000}}));
  collector.Signal(SIGTERM);
  EXPECT_THAT(collector.WaitForLine("reports closed"), HasSubstr("0 in the spool, 0 evicted"));
  EXPECT_EQ(collector.Wait(), 0);
  ExpectCounted("p", 2000);
  ExpectIdentitiesHold();
}

TEST_P(Confinement, AnInterfaceThatComesBackIsCapturedAgain) {
  ASSERT_NO_FATAL_FAILURE(StartAggregator());
  ChildProcess collector(AsNobody({KANSOKU_COLLECTOR, "--config", WriteCollectorConfig(kRight)}));
  ASSERT_THAT(collector.WaitForLine("connected to"), HasSubstr(address_));
  SendFrames("left", Frame(), 100);
  ASSERT_TRUE(WaitForPackets({{"p", 100}}));
  ASSERT_TRUE(RunCommand("ip link del right"));
  ASSERT_NE(collector.WaitForLine("waiting for it to come back"), "");
  ASSERT_TRUE(RunCommand(
      "ip link add left type veth peer name right && ip link set left up && ip link set right up"));
  ASSERT_TRUE(WaitUntilUp("left"));
  ASSERT_NE(collector.WaitForLine("right: the interface is back"), "");
  SendFrames("left", Frame(), 50);
  EXPECT_TRUE(WaitForPackets({{"p", 150}}));
  ExpectThreadsHold(collector.pid(), {{"CapEff", kNoCapability}, {"CapPrm", kNetRaw}});
  collector.Signal(SIGTERM);
  EXPECT_EQ(collector.Wait(), 0);
  EXPECT_EQ(Number(Ledgers()["p"], "captured_packets"), 150u);
  ExpectIdentitiesHold();
}

TEST_P(Confinement, RootKeepsOneCapabilityToo) {
  ASSERT_NO_FATAL_FAILURE(StartAggregator());
  ChildProcess collector({KANSOKU_COLLECTOR, "--config", WriteCollectorConfig(kRight)});
  ASSERT_THAT(collector.WaitForLine("connected to"), HasSubstr(address_));
  ExpectThreadsHold(collector.pid(),
                    {{"CapEff", kNoCapability}, {"CapPrm", kNetRaw}, {"CapBnd", kNetRaw}, {"Seccomp", "2"}});
}

class FileConfinement : public LiveSystemTest {};

// Nobody listens there, so that the collector waits with its report.
TEST_F(FileConfinement, WithoutALiveLinkNoCapabilityIsLeft) {
  address_ = "127.0.0.1:9";
  CaptureWriter()
      .Add(1'700'000'000'000'000'000,
           PacketBuilder().Ethernet().Ipv4("192.0.2.1", "192.0.2.2").Udp(1, 2).Build())
      .WriteTo(dir_.File("one.pcap"));
  std::ofstream(dir_.File("collector.yaml"))
      << CollectorConfig("snap_length: 256", "  - {point: p, file: " + dir_.File("one.pcap") + "}\n");
  ChildProcess collector({KANSOKU_COLLECTOR, "--config", dir_.File("collector.yaml")});
  ASSERT_NE(collector.WaitForLine("127.0.0.1:9"), "");
  ExpectThreadsHold(
      collector.pid(),
      {{"CapEff", kNoCapability}, {"CapPrm", kNoCapability}, {"CapBnd", kNoCapability}, {"Seccomp", "2"}});
}

TEST_F(FileConfinement, TheAggregatorHasNoRightAndKeepsItsMemoryPrivate) {
  ASSERT_NO_FATAL_FAILURE(StartAggregator());
  ExpectThreadsHold(aggregator_->pid(), {{"CapEff", kNoCapability},
                                         {"CapPrm", kNoCapability},
                                         {"CapAmb", kNoCapability},
                                         {"CapBnd", kNoCapability},
                                         {"NoNewPrivs", "1"},
                                         {"Seccomp", "2"}});
  ExpectMemoryIsPrivate(aggregator_->pid());
}

}  // namespace
}  // namespace kansoku::testing
