// SPDX-License-Identifier: Apache-2.0
#include "absl/strings/str_cat.h"
#include "collector/doctor/judgements.h"

namespace kansoku::collector {
namespace {

constexpr uint64_t kMebibyte = 1 << 20;

}  // namespace

Finding JudgeSpoolRoom(const v1::SpoolConfig& spool, const DiskUse& use) {
  Finding finding{.check = "spool_room"};
  if (!use.free_bytes.has_value()) {
    finding.verdict = Verdict::kCannotMeasure;
    finding.found = absl::StrCat("there is no folder for the spool ", spool.path());
    finding.meaning = "the collector does not start";
    finding.remedy = absl::StrCat("mkdir -p $(dirname ", spool.path(), ")");
    return finding;
  }
  const uint64_t room = *use.free_bytes + use.bytes;
  finding.found = absl::StrCat("the spool has room for ", room / kMebibyte, " MiB and may take ",
                               spool.max_bytes() / kMebibyte, " MiB");
  if (room >= spool.max_bytes()) return finding;
  finding.verdict = Verdict::kNote;
  finding.meaning = "reports wait in memory when the disk is full, and are lost with the process";
  finding.remedy = absl::StrCat("spool: {max_bytes: ", room / 2, "}, or more disk");
  return finding;
}

}  // namespace kansoku::collector
