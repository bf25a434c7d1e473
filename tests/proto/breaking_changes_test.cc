// SPDX-License-Identifier: Apache-2.0
//
// Collectors and aggregators of neighbouring versions talk to each other, so what was released stays as it
// was.
#include "tests/proto/breaking_changes.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/testing/child_process.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

using google::protobuf::FileDescriptorSet;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

FileDescriptorSet ReadSet(const std::string& path) {
  FileDescriptorSet files;
  std::ifstream stream(path, std::ios::binary);
  EXPECT_TRUE(files.ParseFromIstream(&stream)) << path;
  return files;
}

FileDescriptorSet Parse(const std::string& body) {
  const TempDir folder;
  std::ofstream(folder.File("p.proto")) << "syntax = \"proto3\"; package p; " << body;
  const Finished run = RunProgram({KANSOKU_PROTOC, "-I", folder.path(),
                                   "--descriptor_set_out=" + folder.File("set"), folder.File("p.proto")});
  EXPECT_EQ(run.exit_status, 0) << run.err;
  return ReadSet(folder.File("set"));
}

std::vector<std::string> Changes(const std::string& released, const std::string& now) {
  return BreakingChanges(Parse(released), Parse(now));
}

TEST(BreakingChanges, ThereAreNoneSinceTheLastRelease) {
  const FileDescriptorSet released = ReadSet(KANSOKU_RELEASED_SCHEMA);
  EXPECT_GE(released.file_size(), 5);
  EXPECT_THAT(BreakingChanges(released, ReadSet(KANSOKU_SCHEMA)), IsEmpty())
      << "collectors and aggregators of version " KANSOKU_RELEASED_VERSION " would misunderstand this";
}

TEST(BreakingChanges, AddingBreaksNothing) {
  EXPECT_THAT(Changes("message M { int32 a = 1; } enum E { NONE = 0; } service S { rpc R(M) returns (M); }",
                      "message M { int32 a = 1; int32 b = 2; oneof o { M m = 3; } reserved 9; } message N {} "
                      "enum E { NONE = 0; ONE = 1; } enum F { X = 0; } "
                      "service S { rpc R(M) returns (M); rpc Q(N) returns (stream N); }"),
              IsEmpty());
}

TEST(BreakingChanges, AFieldKeepsNumberNameTypeAndPlace) {
  const auto field = [](const std::string& now) {
    return Changes("message M { int32 a = 1; }", "message M { " + now + " } message N {}");
  };
  EXPECT_THAT(field("int32 b = 1;"), ElementsAre("p.M: int32 a = 1 is now int32 b = 1"));
  EXPECT_THAT(field("uint32 a = 1;"), ElementsAre("p.M: int32 a = 1 is now uint32 a = 1"));
  EXPECT_THAT(field("N a = 1;"), ElementsAre("p.M: int32 a = 1 is now optional p.N a = 1"));
  EXPECT_THAT(field("optional int32 a = 1;"), ElementsAre("p.M: int32 a = 1 is now optional int32 a = 1"));
  EXPECT_THAT(field("repeated int32 a = 1;"), ElementsAre("p.M: int32 a = 1 is now repeated int32 a = 1"));
  EXPECT_THAT(field("oneof o { int32 a = 1; }"),
              ElementsAre("p.M: int32 a = 1 is now optional int32 a = 1 in oneof o"));
  EXPECT_THAT(field("int32 a = 2;"), ElementsAre("p.M: int32 a = 1 is gone: say reserved 1",
                                                 "p.M: int32 a = 1 is gone: say reserved \"a\""));
  EXPECT_THAT(
      Changes("message M { repeated int32 a = 1; }", "message M { repeated int32 a = 1 [packed = false]; }"),
      ElementsAre("p.M: repeated int32 a = 1 is now repeated int32 a = 1 not packed"));
}

TEST(BreakingChanges, WhatIsDeletedStaysReserved) {
  EXPECT_THAT(
      Changes("message M { int32 a = 1; } enum E { NONE = 0; ONE = 1; }",
              "message M { reserved 1; reserved \"a\"; } enum E { NONE = 0; reserved 1; reserved \"ONE\"; }"),
      IsEmpty());
  EXPECT_THAT(Changes("message M { int32 a = 1; }", "message M { reserved 1; }"),
              ElementsAre("p.M: int32 a = 1 is gone: say reserved \"a\""));
  EXPECT_THAT(
      Changes("message M { reserved 4 to 5; reserved \"a\"; }", "message M { int32 a = 5; reserved 4; }"),
      ElementsAre("p.M: reserved \"a\" is gone", "p.M: reserved 5 is gone"));
  EXPECT_THAT(Changes("enum E { NONE = 0; reserved 4 to 5; }", "enum E { NONE = 0; reserved 4; }"),
              ElementsAre("p.E: reserved 5 is gone"));
}

TEST(BreakingChanges, AnEnumKeepsItsValues) {
  EXPECT_THAT(Changes("enum E { NONE = 0; ONE = 1; }", "enum E { NONE = 0; UNO = 1; }"),
              ElementsAre("p.E: ONE = 1 is now UNO = 1"));
  EXPECT_THAT(
      Changes("enum E { NONE = 0; ONE = 1; }", "enum E { NONE = 0; }"),
      ElementsAre("p.E: ONE = 1 is gone: say reserved 1", "p.E: ONE = 1 is gone: say reserved \"ONE\""));
}

TEST(BreakingChanges, NothingThatIsNamedGoes) {
  EXPECT_THAT(
      Changes("message M { message N {} enum E { X = 0; } } service S {}", "message M {}"),
      ElementsAre("p.M.N: the message is gone", "p.M.E: the enum is gone", "p.S: the service is gone"));
}

TEST(BreakingChanges, ACallKeepsItsMessagesAndStreams) {
  const std::string released = "message M {} message N {} service S { rpc R(stream M) returns (M); }";
  EXPECT_THAT(Changes(released, "message M {} message N {} service S { rpc R(M) returns (N); }"),
              ElementsAre("p.S: R(stream p.M) returns (p.M) is now R(p.M) returns (p.N)"));
  EXPECT_THAT(Changes(released, "message M {} message N {} service S {}"),
              ElementsAre("p.S: R(stream p.M) returns (p.M) is gone"));
}

}  // namespace
}  // namespace kansoku::testing
