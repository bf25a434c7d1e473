// SPDX-License-Identifier: Apache-2.0
//
// A real kernel under test: a network namespace of the test's own with a veth pair in it, `left` and `right`,
// on which nothing is sent but what the test sends.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "collector/capture/packet_source.h"

namespace kansoku::testing {

// Runs a shell command in the calling thread's network namespace; its output is not shown.
bool RunCommand(const std::string& command);

// Waits until the interface can send: the kernel notices a carrier some time after the other end is up, and
// what is sent before is lost. False after ten seconds.
bool WaitUntilUp(const std::string& interface);

// Hands whole frames to an interface, in order, many with each call. Fails the test if one is refused.
void SendFrames(const std::string& interface, std::span<const std::vector<uint8_t>> frames);
void SendFrames(const std::string& interface, const std::vector<uint8_t>& frame, int times);

// Sets one of ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO of <linux/ethtool.h>.
bool SetOffload(const std::string& interface, uint32_t ethtool_command, bool on);

// Polls until `done`, or fails after ten seconds.
absl::Status PollUntil(collector::PacketSource& source, collector::PacketSource::Sink sink,
                       const std::function<bool()>& done);

// A second namespace, to which `left` is moved: a host at the other end of the wire. Both ends get addresses,
// 192.0.2.1 and 2001:db8::1 the left one, .2 and ::2 the right one.
class FarHost {
 public:
  FarHost();
  ~FarHost();
  FarHost(const FarHost&) = delete;
  FarHost& operator=(const FarHost&) = delete;

  // Runs there, to its end, on a thread of its own.
  void Run(const std::function<void()>& task);

  // A TCP connection over which one host sends so many octets to the other; waits until all have arrived.
  enum class Sender { kFarHost, kThisHost };
  void Transfer(int family, Sender sender, size_t octets);

 private:
  int namespace_ = -1;
};

// Moves the thread of the test into the namespace, and back at the end. Skipped where namespaces cannot be
// made, but failed there if the environment variable CI is "true".
class LiveNetworkTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

 private:
  int home_ = -1;
};

}  // namespace kansoku::testing
