// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/quality_text.h"

#include "absl/strings/str_join.h"
#include "kansoku/v1/report.pb.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {

std::string QualityText(const google::protobuf::RepeatedField<int>& flags, const char* separator) {
  return absl::StrJoin(flags, separator, [](std::string* out, int flag) {
    out->append(EnumLabel(static_cast<v1::QualityFlag>(flag)));
  });
}

}  // namespace kansoku::aggregator
