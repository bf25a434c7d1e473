// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "collector/doctor/full_speed.h"
#include "collector/doctor/judgements.h"

namespace kansoku::collector {
namespace {

// docs/measurement.md, "What a machine carries": of a live link, by method.
constexpr double kRingSecondsPerPacket = 133e-9, kLibpcapSecondsPerPacket = 208e-9;
// Windows must be closed and merged too, and packets do not come evenly.
constexpr double kMostBusy = 0.8;

}  // namespace

Finding JudgeWorkers(const InterfaceFacts& facts, const v1::CaptureConfig& capture, int sides,
                     size_t processors) {
  Finding finding{.check = "workers", .interface = facts.name};
  const double speed = sides * FullSpeed(facts);
  if (speed == 0) {
    finding.found = "how fast the link is the driver does not say";
    return finding;
  }
  const bool has_ring = capture.method() != v1::CAPTURE_METHOD_LIBPCAP;
  const double busy = speed * (has_ring ? kRingSecondsPerPacket : kLibpcapSecondsPerPacket);
  const size_t workers = std::min<size_t>(std::max(capture.workers(), 1u), processors);
  finding.found = absl::StrFormat("full speed takes %.0f %% of one processor, and %d may work on it",
                                  busy * 100, workers);
  if (busy <= kMostBusy * static_cast<double>(workers)) return finding;
  const auto wanted = static_cast<size_t>(std::ceil(speed * kRingSecondsPerPacket / kMostBusy));
  finding.verdict = Verdict::kDistorts;
  finding.meaning = "packets are dropped at full speed";
  finding.remedy =
      wanted <= processors
          ? absl::StrCat("capture: {method: packet_ring, workers: ", wanted, "}")
          : absl::StrCat("a machine with ", wanted, " processors, or capture: {sampling_interval: N}");
  finding.flag = v1::QUALITY_FLAG_LITTLE_HEADROOM;
  return finding;
}

}  // namespace kansoku::collector
