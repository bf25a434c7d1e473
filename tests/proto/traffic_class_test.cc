// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/traffic_class.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <vector>

namespace kansoku {
namespace {

using google::protobuf::util::MessageDifferencer;

// Every value of every dimension, the others at zero; then every pair of neighbouring dimensions at their
// ends.
std::vector<v1::TrafficClass> Samples() {
  std::vector<v1::TrafficClass> samples{v1::TrafficClass()};
  const auto* type = v1::TrafficClass::descriptor();
  for (int f = 0; f < type->field_count(); ++f) {
    for (int v = 0; v < type->field(f)->enum_type()->value_count(); ++v) {
      v1::TrafficClass sample;
      sample.GetReflection()->SetEnumValue(&sample, type->field(f), v);
      samples.push_back(sample);
    }
  }
  v1::TrafficClass all;
  for (int f = 0; f < type->field_count(); ++f) {
    all.GetReflection()->SetEnumValue(&all, type->field(f), type->field(f)->enum_type()->value_count() - 1);
    samples.push_back(all);
  }
  return samples;
}

TEST(TrafficClass, SurvivesTheJourneyThroughItsMessage) {
  for (const v1::TrafficClass& sample : Samples()) {
    EXPECT_TRUE(MessageDifferencer::Equals(TrafficClass(sample).ToMessage(), sample))
        << sample.ShortDebugString();
  }
}

TEST(TrafficClass, PutsEachDimensionInItsOwnBits) {
  v1::TrafficClass all;
  all.set_group(v1::GROUP_B3);
  all.set_access(v1::ACCESS_MOBILE);
  all.set_technology(v1::TECHNOLOGY_BWA);
  all.set_direction(v1::DIRECTION_TRANSIT);
  all.set_family(v1::FAMILY_IPV6);
  all.set_carrier(v1::CARRIER_MAPT);
  all.set_transport(v1::TRANSPORT_OTHER);
  EXPECT_EQ(TrafficClass(all).bits(), 0x52742125u);
}

TEST(TrafficClass, SettingADimensionTwiceKeepsTheSecondValue) {
  const TrafficClass twice = TrafficClass().Set(v1::TECHNOLOGY_BWA).Set(v1::TECHNOLOGY_FTTH);
  EXPECT_EQ(twice, TrafficClass().Set(v1::TECHNOLOGY_FTTH));
}

TEST(TrafficClass, IsOrderedByGroupFirstAndTransportLast) {
  const std::vector<TrafficClass> ascending{
      TrafficClass(),
      TrafficClass().Set(v1::TRANSPORT_OTHER),
      TrafficClass().Set(v1::CARRIER_NATIVE),
      TrafficClass().Set(v1::FAMILY_IPV4),
      TrafficClass().Set(v1::DIRECTION_DOWNLOAD),
      TrafficClass().Set(v1::TECHNOLOGY_FTTH),
      TrafficClass().Set(v1::ACCESS_FIXED),
      TrafficClass().Set(v1::GROUP_A1),
      TrafficClass().Set(v1::GROUP_A1).Set(v1::TRANSPORT_TCP),
      TrafficClass().Set(v1::GROUP_A2),
  };
  for (size_t i = 1; i < ascending.size(); ++i) EXPECT_LT(ascending[i - 1], ascending[i]) << i;
}

TEST(TrafficClass, MatchesWhereEverySetFieldIsEqual) {
  const TrafficClass it = TrafficClass().Set(v1::ACCESS_FIXED).Set(v1::DIRECTION_UPLOAD).Set(v1::FAMILY_IPV6);
  EXPECT_TRUE(it.Matches(TrafficClass()));
  EXPECT_TRUE(it.Matches(it));
  EXPECT_TRUE(it.Matches(TrafficClass().Set(v1::DIRECTION_UPLOAD)));
  EXPECT_FALSE(it.Matches(TrafficClass().Set(v1::DIRECTION_DOWNLOAD)));
  EXPECT_FALSE(it.Matches(TrafficClass().Set(v1::DIRECTION_INTERNAL))) << "3 has the bits of 2";
  EXPECT_FALSE(it.Matches(TrafficClass().Set(v1::DIRECTION_UPLOAD).Set(v1::GROUP_A1)));
}

TEST(TrafficClass, KeepsOnlyTheDimensionsAskedFor) {
  const TrafficClass it = TrafficClass().Set(v1::GROUP_B3).Set(v1::ACCESS_FIXED).Set(v1::TRANSPORT_UDP);
  EXPECT_EQ(it.Keep(0), TrafficClass());
  EXPECT_EQ(it.Keep(TrafficClass::kAccess), TrafficClass().Set(v1::ACCESS_FIXED));
  EXPECT_EQ(it.Keep(TrafficClass::kGroup | TrafficClass::kTransport),
            TrafficClass().Set(v1::GROUP_B3).Set(v1::TRANSPORT_UDP));
  EXPECT_EQ(it.Keep(TrafficClass::MaskOfSetFields(it)), it);
}

TEST(TrafficClass, KnowsItsOwnValuesAndNoOthers) {
  for (const v1::TrafficClass& sample : Samples()) EXPECT_TRUE(IsKnownTrafficClass(sample));
  const auto* type = v1::TrafficClass::descriptor();
  for (int f = 0; f < type->field_count(); ++f) {
    for (const int bad : {-1, type->field(f)->enum_type()->value_count(), 99}) {
      v1::TrafficClass sample;
      sample.GetReflection()->SetEnumValue(&sample, type->field(f), bad);
      EXPECT_FALSE(IsKnownTrafficClass(sample)) << type->field(f)->name() << " " << bad;
    }
  }
}

}  // namespace
}  // namespace kansoku
