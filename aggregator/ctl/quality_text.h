// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/repeated_field.h>

#include <string>

namespace kansoku::aggregator {

// The labels of v1::QualityFlag, "partial, drops". Any thread.
std::string QualityText(const google::protobuf::RepeatedField<int>& flags, const char* separator);

}  // namespace kansoku::aggregator
