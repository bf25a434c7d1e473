// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <string>
#include <vector>

namespace kansoku::testing {

// What a program that was built with the released schema would misread, or could no longer say, to one that
// is built with the other; one line each, empty if there is nothing. What was released keeps its number,
// name, type and place; it may be deleted where both its number and its name stay reserved. Names count as
// much as numbers: configurations and JSON are read by them. Adding breaks nothing.
std::vector<std::string> BreakingChanges(const google::protobuf::FileDescriptorSet& released,
                                         const google::protobuf::FileDescriptorSet& now);

}  // namespace kansoku::testing
