// SPDX-License-Identifier: Apache-2.0
//
// docs/register.md against the schema: its examples are a register, and it names every key and column.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "aggregator/register/register_text.h"

namespace kansoku::aggregator {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

struct Section {
  std::string prose;
  std::string example;  // the first fenced block
};

// By heading: "contracts.csv".
std::map<std::string, Section> ReadSections() {
  std::ifstream page(absl::StrCat(KANSOKU_SOURCE_DIR, "/docs/register.md"));
  EXPECT_TRUE(page);
  std::map<std::string, Section> sections;
  std::string heading;
  bool is_in_block = false;
  int blocks = 0;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      is_in_block = !is_in_block;
      blocks += is_in_block ? 1 : 0;
    } else if (!is_in_block && line.starts_with("## ")) {
      heading = line.substr(3);
      blocks = 0;
    } else if (!is_in_block) {
      sections[heading].prose += line + "\n";
    } else if (blocks == 1) {
      sections[heading].example += line + "\n";
    }
  }
  return sections;
}

void ExpectNamed(const Descriptor& type, const std::string& prose, const std::string& where) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    EXPECT_NE(prose.find(absl::StrCat("`", field.name(), "`")), std::string::npos)
        << "docs/register.md, " << where << ": says nothing of " << field.full_name();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
      ExpectNamed(*field.message_type(), prose, where);
  }
}

TEST(RegisterPage, NamesEveryKeyAndColumn) {
  const std::map<std::string, Section> sections = ReadSections();
  const Descriptor& type = *v1::Statistics::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string file = field.is_repeated() ? absl::StrCat(field.name(), ".csv") : kSettingsFile;
    ASSERT_TRUE(sections.contains(file)) << "docs/register.md has no section " << file;
    ExpectNamed(*field.message_type(), sections.at(file).prose, file);
  }
}

TEST(RegisterPage, ItsExamplesAreARegister) {
  RegisterFiles files;
  for (const auto& [heading, section] : ReadSections()) {
    if (IsRegisterFile(heading)) files[heading] = section.example;
  }
  EXPECT_EQ(files.size(), 6u);
  const absl::StatusOr<Register> read = ParseRegister(files, "docs/register.md");
  EXPECT_TRUE(read.ok()) << read.status();
}

}  // namespace
}  // namespace kansoku::aggregator
