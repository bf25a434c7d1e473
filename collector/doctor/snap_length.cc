// SPDX-License-Identifier: Apache-2.0
#include "absl/strings/str_cat.h"
#include "collector/doctor/judgements.h"

namespace kansoku::collector {
namespace {

// Ethernet with two tags, IPv6, UDP, GTP-U with extensions, IPv6 and TCP with its longest header.
constexpr uint32_t kTunnelHeadersOctets = 192;

}  // namespace

Finding JudgeSnapLength(const v1::CaptureConfig& capture) {
  Finding finding{.check = "snap_length",
                  .found = absl::StrCat(capture.snap_length(), " octets are kept of each packet")};
  if (capture.snap_length() >= kTunnelHeadersOctets) return finding;
  finding.verdict = Verdict::kNote;
  finding.meaning =
      "a tunnelled packet whose headers are longer counts by those that were kept, with a remark";
  finding.remedy = absl::StrCat("capture: {snap_length: ", kTunnelHeadersOctets, "}");
  return finding;
}

}  // namespace kansoku::collector
