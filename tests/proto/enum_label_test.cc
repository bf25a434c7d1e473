// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/enum_label.h"

#include <gtest/gtest.h>

#include <set>

#include "kansoku/v1/query.pb.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku {
namespace {

TEST(EnumLabel, DropsThePrefixAndCapitals) {
  EXPECT_EQ(EnumLabel(v1::GROUP_A1), "a1");
  EXPECT_EQ(EnumLabel(v1::ACCESS_FIXED), "fixed");
  EXPECT_EQ(EnumLabel(v1::QUALITY_FLAG_FLOW_TABLE_FULL), "flow_table_full");
  EXPECT_EQ(EnumLabel(v1::DARKNET_CLASS_BACKSCATTER_SYN_ACK), "backscatter_syn_ack");
  EXPECT_EQ(EnumLabel(v1::DIRECTION_UNSPECIFIED), "unspecified");
}

TEST(EnumLabel, WorksOnAnEnumInsideAMessage) {
  EXPECT_EQ(EnumLabel(v1::Tombstone::REASON_QUEUE_FULL), "queue_full");
}

TEST(EnumLabel, PrintsTheNumberOfAnUnknownValue) { EXPECT_EQ(EnumLabel(static_cast<v1::Access>(77)), "77"); }

TEST(EnumLabel, IsUniqueWithinEachEnumOfTheSchema) {
  for (const auto* file : {v1::Cell::descriptor()->file(), v1::Point::descriptor()->file()}) {
    for (int e = 0; e < file->enum_type_count(); ++e) {
      std::set<std::string> labels;
      for (int v = 0; v < file->enum_type(e)->value_count(); ++v) {
        const std::string label = EnumLabel(*file->enum_type(e)->value(v));
        EXPECT_FALSE(label.empty() || label.front() == '_') << file->enum_type(e)->value(v)->name();
        EXPECT_TRUE(labels.insert(label).second) << label;
      }
    }
  }
}

}  // namespace
}  // namespace kansoku
