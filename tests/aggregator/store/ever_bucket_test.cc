// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/ever_bucket.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

namespace kansoku::aggregator {
namespace {

using google::protobuf::util::MessageDifferencer;

v1::Measurement Text(const std::string& text) {
  v1::Measurement measurement;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &measurement)) << text;
  return measurement;
}

TEST(MakeEver, AddsUpTheTalliesOfASensorWithoutTheirSketchesAndPrefixes) {
  v1::Measurement sum = Text(R"(
    darknet { sensor: "a" address_seconds: 1 cells { protocol: 6 packets: 1 } }
    darknet { sensor: "a" address_seconds: 2 source_key: 7 rules: 1 cells { protocol: 6 packets: 2 }
              sketches { protocol: 6 few: 70 } }
    darknet { sensor: "a" address_seconds: 4 source_key: 9 rules: 1 cells { protocol: 17 packets: 4 }
              prefixes { address: 0xc0000200 length: 32 address_seconds: 4 } }
    darknet { sensor: "b" address_seconds: 8 rules: 2
              prefixes { address: 0xc0000208 length: 29 address_seconds: 8 } }
    windows: 3)");
  MakeEver(sum);
  EXPECT_TRUE(MessageDifferencer::Equals(sum, Text(R"(
    darknet { sensor: "a" address_seconds: 7 cells { protocol: 6 packets: 3 } cells { protocol: 17 packets: 4 } }
    darknet { sensor: "b" address_seconds: 8 }
    windows: 3)")))
      << sum.DebugString();
  const std::string once = sum.SerializeAsString();
  MakeEver(sum);
  EXPECT_EQ(sum.SerializeAsString(), once);
}

}  // namespace
}  // namespace kansoku::aggregator
