// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/conversations.h"

#include <algorithm>
#include <array>
#include <utility>

namespace kansoku::generator {
namespace {

constexpr uint32_t kMostPackets = 20'000;
constexpr std::array<uint16_t, 6> kTcpPorts = {443, 443, 443, 443, 80, 8080};

}  // namespace

Conversations::Conversations(size_t at_once, std::function<Flow(Random&)> begin, Random& random,
                             Recorder& recorder)
    : begin_(std::move(begin)), random_(random), recorder_(recorder) {
  flows_.reserve(at_once);
  for (size_t i = 0; i < at_once; ++i) flows_.push_back(begin_(random_));
}

void Conversations::WritePacket() {
  Flow& flow = flows_[random_.Below(static_cast<uint32_t>(flows_.size()))];
  const bool is_first = flow.packets_sent == 0;
  const IpPacket packet = NextPacket(flow, random_);
  if (is_first) recorder_.NoteFlow(packet);  // later fragments belong to the flow of their first
  recorder_.Traffic(packet, LinkOf(flow, packet), KeyOf(flow, packet));
  if (flow.is_over()) flow = begin_(random_);
}

size_t FlowsAtOnce(uint32_t packets) { return std::clamp<size_t>(packets / 64, 16, 2048); }

void ChooseScript(Flow& flow, Random& random) {
  flow.client_port = static_cast<uint16_t>(random.Between(32768, 60999));
  flow.client_sequence = random.Next32();
  flow.server_sequence = random.Next32();
  flow.client_sends_bulk = random.OneIn(15);
  if (random.OneIn(40)) flow.ipv4_option_octets = static_cast<uint8_t>(4 * random.Between(1, 10));
  if (random.OneIn(25)) flow.ipv6_extensions = static_cast<uint8_t>(1 << random.Below(3));

  const uint32_t lot = random.Below(100);
  if (lot < 54) {
    flow.script = Script::kTcp;
    flow.server_port = random.Pick(kTcpPorts);
    const uint32_t bulk = random.HeavyTailed(8, kMostPackets);
    flow.packets_in_all =
        random.OneIn(12) ? random.Between(1, 2) : bulk;  // unanswered, refused, or a transfer
  } else if (lot < 74) {
    flow.script = Script::kQuic;
    flow.server_port = 443;
    flow.packets_in_all = random.HeavyTailed(4, kMostPackets);
  } else if (lot < 92) {
    flow.script = Script::kDns;
    flow.server_port = 53;
    flow.packets_in_all = 2;
  } else if (lot < 95) {
    flow.script = Script::kPing;
    flow.client_port = 0;
    flow.packets_in_all = 2 * random.Between(1, 10);
  } else if (lot < 97) {
    flow.script = Script::kDatagrams;
    flow.server_port = 2049;
    flow.packets_in_all = 4 * random.HeavyTailed(1, 200);
  } else if (lot < 99) {
    flow.script = Script::kSctp;
    flow.server_port = 3868;
    flow.packets_in_all = 2 * random.HeavyTailed(2, 500);
  } else {
    flow.script = Script::kEsp;
    flow.client_port = 0;
    flow.packets_in_all = random.HeavyTailed(4, 2'000);
  }
}

}  // namespace kansoku::generator
