// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "collector/doctor/full_speed.h"
#include "collector/doctor/judgements.h"

namespace kansoku::collector {
namespace {

// Until an interrupt of a busy machine is served; and the same with room to spare.
constexpr double kLeastCardSeconds = 250e-6, kAmpleCardSeconds = 1e-3;
// Until a thread of a busy machine is its turn again.
constexpr double kLeastCaptureSeconds = 0.02;
// What the kernel writes before each packet of a ring, and leaves free between two.
constexpr double kRingOctetsBeforePacket = 112;
constexpr double kMebibyte = 1 << 20, kLargestRing = 1 << 30;

}  // namespace

Finding JudgeCardRing(const InterfaceFacts& facts) {
  Finding finding{.check = "card_ring", .interface = facts.name};
  const double speed = FullSpeed(facts);
  if (facts.ring_packets == 0 || speed == 0) {
    finding.found = "the driver does not say how large its ring is, or how fast the link";
    return finding;
  }
  const uint64_t packets = uint64_t{facts.ring_packets} * std::max(facts.queues, 1u);
  const double seconds = static_cast<double>(packets) / speed;
  finding.found =
      absl::StrFormat("its ring has room for %d packets, %.2f ms at full speed", packets, seconds * 1e3);
  const bool may_grow = facts.ring_packets < facts.most_ring_packets;
  if (seconds >= kAmpleCardSeconds || !may_grow) return finding;
  finding.remedy = absl::StrCat("ethtool -G ", facts.name, " rx ", facts.most_ring_packets);
  finding.meaning = "packets may be dropped before the kernel sees them";
  if (seconds >= kLeastCardSeconds) {
    finding.verdict = Verdict::kNote;
    return finding;
  }
  finding.verdict = Verdict::kDistorts;
  finding.flag = v1::QUALITY_FLAG_LITTLE_HEADROOM;
  return finding;
}

Finding JudgeCaptureRing(const InterfaceFacts& facts, const v1::CaptureConfig& capture, int sides) {
  Finding finding{.check = "capture_ring", .interface = facts.name};
  const double speed = sides * FullSpeed(facts);
  if (speed == 0) {
    finding.found = "how fast the link is the driver does not say";
    return finding;
  }
  const double packet_octets =
      std::min<double>(capture.snap_length(), kMeanPacketOctets) + kRingOctetsBeforePacket;
  const double seconds = static_cast<double>(capture.ring_bytes()) / (speed * packet_octets);
  finding.found = absl::StrFormat("capture.ring_bytes rides out %.0f ms at full speed", seconds * 1e3);
  if (seconds >= kLeastCaptureSeconds) return finding;
  const double wanted = std::ceil(kLeastCaptureSeconds * speed * packet_octets / kMebibyte) * kMebibyte;
  finding.verdict = Verdict::kDistorts;
  finding.meaning = "packets are dropped when the collector is kept waiting";
  finding.remedy =
      absl::StrFormat("capture: {ring_bytes: %d}", static_cast<uint64_t>(std::min(wanted, kLargestRing)));
  finding.flag = v1::QUALITY_FLAG_LITTLE_HEADROOM;
  return finding;
}

}  // namespace kansoku::collector
