// SPDX-License-Identifier: Apache-2.0
//
// A fuzz target's input as the messages of one gRPC stream, each behind its length. Seeds are written, and
// inputs read, by this.
#pragma once

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/delimited_message_util.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace kansoku::fuzz {

// Up to the first that gRPC would not have handed over.
template <typename Message>
std::vector<Message> MessagesOf(std::span<const uint8_t> input) {
  google::protobuf::io::ArrayInputStream bytes(input.data(), static_cast<int>(input.size()));
  std::vector<Message> messages;
  bool at_end = false;
  for (Message message; google::protobuf::util::ParseDelimitedFromZeroCopyStream(&message, &bytes, &at_end);
       message.Clear()) {
    messages.push_back(message);
  }
  return messages;
}

template <typename Message>
std::string InputOf(const std::vector<Message>& messages) {
  std::string input;
  google::protobuf::io::StringOutputStream bytes(&input);
  for (const Message& message : messages)
    google::protobuf::util::SerializeDelimitedToZeroCopyStream(message, &bytes);
  return input;
}

}  // namespace kansoku::fuzz
