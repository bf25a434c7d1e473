// SPDX-License-Identifier: Apache-2.0
#include "tests/proto/random_measurement.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

namespace kansoku {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

void RandomMeasurement::Fill(Message& message) {
  if (message.GetDescriptor() == v1::Histogram::descriptor()) {
    return FillHistogram(static_cast<v1::Histogram&>(message));
  }
  if (message.GetDescriptor() == v1::SourceSketch::descriptor()) {
    return FillSketch(static_cast<v1::SourceSketch&>(message));
  }
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    const uint64_t times = field.is_repeated() ? Below(6) : Below(4) != 0;
    for (uint64_t n = 0; n < times; ++n) FillField(message, field);
  }
  if (message.GetDescriptor() == v1::DarknetTally::descriptor()) {
    AddUpPrefixes(static_cast<v1::DarknetTally&>(message));
  }
}

// One says none, or those that its seconds are of.
void RandomMeasurement::AddUpPrefixes(v1::DarknetTally& tally) {
  if (tally.prefixes().empty()) return;
  tally.clear_address_seconds();
  for (const v1::DarkPrefix& prefix : tally.prefixes()) {
    tally.set_address_seconds(tally.address_seconds() + prefix.address_seconds());
  }
}

// Its two lists are one.
void RandomMeasurement::FillHistogram(v1::Histogram& histogram) {
  for (uint64_t n = Below(6); n > 0; --n) {
    histogram.add_buckets(static_cast<uint32_t>(Below(8)));
    histogram.add_counts(engine_());
  }
}

// Its registers have two forms. Some sketches hold so many that the sum of two needs the other form.
void RandomMeasurement::FillSketch(v1::SourceSketch& sketch) {
  sketch.set_darknet_class(static_cast<v1::DarknetClass>(Below(2)));
  sketch.set_protocol(static_cast<uint32_t>(Below(2)));
  const bool is_large = Below(8) == 0;
  for (uint64_t n = is_large ? 3000 : Below(6); n > 0; --n) {
    sketch.add_few(static_cast<uint32_t>(Below(is_large ? 16384 : 4) * 64 + 1 + Below(51)));
  }
}

void RandomMeasurement::FillField(Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT64:
      // A name that happens to be a number is of a fixed width.
      return reflection.SetUInt64(&message, &field,
                                  field.type() == FieldDescriptor::TYPE_FIXED64 ? Below(2) : engine_());
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.SetUInt32(&message, &field, static_cast<uint32_t>(Below(2)));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.SetString(&message, &field, Below(2) == 0 ? "east" : "west");
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number = static_cast<int>(Below(2));
      if (field.is_repeated()) return reflection.AddEnumValue(&message, &field, number);
      return reflection.SetEnumValue(&message, &field, number);
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Fill(field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                      : *reflection.MutableMessage(&message, &field));
    default:
      ADD_FAILURE() << "teach RandomMeasurement to fill " << field.full_name();
  }
}

}  // namespace kansoku
