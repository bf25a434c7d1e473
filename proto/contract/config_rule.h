// SPDX-License-Identifier: Apache-2.0
//
// What a field of config.proto accepts: its rule (options.proto), read by the loader and by the reference
// page. Pure; any thread.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>

#include "kansoku/v1/options.pb.h"

namespace kansoku {

// The default instance where the schema states none.
const v1::Rule& RuleOf(const google::protobuf::FieldDescriptor& field);

// "fixed, mobile, none": every spelling of an enum that a file may use. Unspecified is not one of them.
std::string AcceptedLabels(const google::protobuf::EnumDescriptor& type);

// Empty if the text has the shape of its format; else what was expected. Whether a prefix's bits make sense
// is left to where addresses are known.
std::string FormatComplaint(v1::Format format, std::string_view text);

}  // namespace kansoku
