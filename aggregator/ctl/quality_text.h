// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/repeated_field.h>

#include <cstdint>
#include <string>

#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// The labels of v1::QualityFlag, "partial, drops". Any thread.
std::string QualityText(const google::protobuf::RepeatedField<int>& flags, const char* separator);

// "spool_full", "quarantined_behind".
std::string GapReasonText(const v1::GapCount& gap);

// The version of the rules that packets at dark addresses were judged by; empty: before it was said.
std::string RulesText(uint32_t rules);

// The quality flags, then what is missing: "partial, 3 missing: spool_full".
std::string QualityText(const google::protobuf::RepeatedField<int>& flags,
                        const google::protobuf::RepeatedPtrField<v1::GapCount>& gaps, const char* separator);

}  // namespace kansoku::aggregator
