// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/unknown_fields.h"

#include <vector>

#include "gtest/gtest.h"

namespace kansoku::aggregator {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Gives the message one of each part that the schema knows, but of a oneof the part of this name, and
// collects the message and all of them.
void Fill(Message& message, const std::string& content, std::vector<Message*>& parts) {
  parts.push_back(&message);
  const Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (field->real_containing_oneof() != nullptr && field->name() != content) continue;
    Fill(field->is_repeated() ? *reflection.AddMessage(&message, field)
                              : *reflection.MutableMessage(&message, field),
         content, parts);
  }
}

class UnknownFields : public testing::TestWithParam<const char*> {};

TEST_P(UnknownFields, AreFoundInEachPartOfAReport) {
  v1::SequencedReport report;
  std::vector<Message*> parts;
  Fill(report, GetParam(), parts);
  EXPECT_FALSE(HasUnknownFields(report));
  for (Message* part : parts) {
    auto* unknown = part->GetReflection()->MutableUnknownFields(part);
    unknown->AddVarint(999, 1);
    EXPECT_TRUE(HasUnknownFields(report)) << part->GetTypeName();
    unknown->Clear();
  }
}

TEST_P(UnknownFields, AreRemovedAndNothingElse) {
  v1::SequencedReport report;
  std::vector<Message*> parts;
  Fill(report, GetParam(), parts);
  report.set_sequence(7);
  const std::string plain = report.SerializeAsString();
  for (Message* part : parts) part->GetReflection()->MutableUnknownFields(part)->AddVarint(999, 1);
  RemoveUnknownFields(report);
  EXPECT_FALSE(HasUnknownFields(report));
  EXPECT_EQ(report.SerializeAsString(), plain);
}

INSTANTIATE_TEST_SUITE_P(, UnknownFields, testing::Values("report", "tombstone"));

}  // namespace
}  // namespace kansoku::aggregator
