// SPDX-License-Identifier: Apache-2.0
//
// One value, as text to a field of a message: the same spelling in configuration files and in tables.
#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace kansoku {

// Sets a field, or adds to a repeated one. Types, enum values, ranges and formats are those of the field's
// rule (options.proto). Empty if the text was taken; else what is wrong with it, and then the message is as
// it was. For fields that hold no message. Any thread.
std::string SetFieldFromText(const std::string& text, const google::protobuf::FieldDescriptor& field,
                             google::protobuf::Message& message);

}  // namespace kansoku
