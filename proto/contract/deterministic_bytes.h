// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/message_lite.h>

#include <string>

namespace kansoku {

// The message's bytes, with maps in the order of their keys: of equal messages they are equal, as long as the
// same version of Protobuf wrote them.
std::string DeterministicBytes(const google::protobuf::MessageLite& message);

}  // namespace kansoku
