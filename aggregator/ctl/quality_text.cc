// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/quality_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "kansoku/v1/report.pb.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {

std::string QualityText(const google::protobuf::RepeatedField<int>& flags, const char* separator) {
  return absl::StrJoin(flags, separator, [](std::string* out, int flag) {
    out->append(EnumLabel(static_cast<v1::QualityFlag>(flag)));
  });
}

std::string GapReasonText(const v1::GapCount& gap) {
  return gap.quarantined_because() == v1::QUARANTINE_REASON_UNSPECIFIED
             ? EnumLabel(gap.evicted_because())
             : "quarantined_" + EnumLabel(gap.quarantined_because());
}

std::string QualityText(const google::protobuf::RepeatedField<int>& flags,
                        const google::protobuf::RepeatedPtrField<v1::GapCount>& gaps, const char* separator) {
  std::string text = QualityText(flags, separator);
  for (const v1::GapCount& gap : gaps) {
    absl::StrAppend(&text, text.empty() ? "" : separator, gap.windows(), " missing: ", GapReasonText(gap));
  }
  return text;
}

std::string RulesText(uint32_t rules) { return rules == 0 ? "" : absl::StrCat(rules); }

}  // namespace kansoku::aggregator
