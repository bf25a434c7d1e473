// SPDX-License-Identifier: Apache-2.0
#include "aggregator/access/access_control.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kansoku::aggregator {
namespace {

using Uris = std::vector<std::string>;

v1::RegistryConfig Registry() {
  v1::RegistryConfig registry;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
    collectors { name: "tokyo" isp: "isp-a" points: "tokyo-1" points: "tokyo-2" }
    collectors { name: "osaka" isp: "isp-b" points: "osaka-1" }
    clients { name: "noc-a" role: ROLE_OPERATOR isp: "isp-a" }
    clients { name: "ministry" role: ROLE_REGULATOR }
    clients { name: "web" role: ROLE_PUBLIC }
    fewest_isps: 3
  )",
                                                            &registry));
  return registry;
}

v1::Hello Hello(const std::string& collector, const std::string& isp,
                const std::vector<std::string>& points) {
  v1::Hello hello;
  hello.set_collector(collector);
  hello.set_isp(isp);
  for (const std::string& point : points) hello.add_points()->set_point(point);
  return hello;
}

void ExpectDenied(const absl::Status& status, const std::string& why) {
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(status.message(), why);
}

class AccessControlTest : public ::testing::Test {
 protected:
  const AccessControl access_ = AccessControl::By(Registry());
};

TEST_F(AccessControlTest, ACollectorReportsItsPoints) {
  EXPECT_TRUE(
      access_.MayReport(Uris{"kansoku:collector/tokyo"}, Hello("tokyo", "isp-a", {"tokyo-1", "tokyo-2"}))
          .ok());
  EXPECT_TRUE(access_.MayReport(Uris{"kansoku:collector/tokyo"}, Hello("tokyo", "isp-a", {"tokyo-2"})).ok());
}

TEST_F(AccessControlTest, WhichAddressesAreDarkIsForTheirOwnerAlone) {
  EXPECT_TRUE(access_.MayReadPublished(Uris{"kansoku:client/noc-a"})->sees_dark_prefixes());
  EXPECT_FALSE(access_.MayReadPublished(Uris{"kansoku:client/ministry"})->sees_dark_prefixes());
  EXPECT_FALSE(access_.MayReadPublished(Uris{"kansoku:client/web"})->sees_dark_prefixes());
  EXPECT_TRUE(AccessControl::Open().MayRead(Uris{})->sees_dark_prefixes());
}

TEST_F(AccessControlTest, ACollectorIsNobodyElse) {
  ExpectDenied(
      access_.MayReport(Uris{"kansoku:collector/tokyo"}, Hello("osaka", "isp-b", {"osaka-1"})),
      "kansoku:collector/tokyo may not call itself \"osaka\"; give it the name of its certificate, or a "
      "certificate of that name");
}

TEST_F(AccessControlTest, ACollectorSpeaksForItsIsp) {
  ExpectDenied(
      access_.MayReport(Uris{"kansoku:collector/tokyo"}, Hello("tokyo", "isp-b", {"tokyo-1"})),
      "kansoku:collector/tokyo may not report for ISP \"isp-b\"; the registry has it under \"isp-a\"");
}

TEST_F(AccessControlTest, ACollectorReportsNoOtherPoint) {
  ExpectDenied(
      access_.MayReport(Uris{"kansoku:collector/tokyo"}, Hello("tokyo", "isp-a", {"tokyo-1", "osaka-1"})),
      "kansoku:collector/tokyo may not report point \"osaka-1\"; the registry does not list it among its "
      "points");
}

TEST_F(AccessControlTest, StrangersAndClientsDoNotReport) {
  ExpectDenied(access_.MayReport(Uris{"kansoku:collector/kobe"}, Hello("kobe", "isp-a", {"tokyo-1"})),
               "kansoku:collector/kobe is not in the aggregator's registry; add it to registry.collectors");
  ExpectDenied(access_.MayReport(Uris{"kansoku:client/noc-a"}, Hello("tokyo", "isp-a", {"tokyo-1"})),
               "kansoku:client/noc-a may not report: only collectors do");
  EXPECT_EQ(access_.MayReport(Uris{}, Hello("tokyo", "isp-a", {"tokyo-1"})).code(),
            absl::StatusCode::kUnauthenticated);
}

TEST_F(AccessControlTest, WordsOfAPeerAreEscaped) {
  ExpectDenied(
      access_.MayReport(Uris{"kansoku:collector/tokyo"}, Hello("tokyo", "isp\n-a", {})),
      "kansoku:collector/tokyo may not report for ISP \"isp\\n-a\"; the registry has it under \"isp-a\"");
}

TEST_F(AccessControlTest, EachRoleHasItsScope) {
  const absl::StatusOr<ReadScope> of_operator = access_.MayRead(Uris{"kansoku:client/noc-a"});
  ASSERT_TRUE(of_operator.ok()) << of_operator.status();
  EXPECT_EQ(of_operator->isp, "isp-a");
  const absl::StatusOr<ReadScope> of_regulator = access_.MayRead(Uris{"kansoku:client/ministry"});
  ASSERT_TRUE(of_regulator.ok()) << of_regulator.status();
  EXPECT_EQ(of_regulator->isp, std::nullopt);
  // What is to be published is judged alike, whoever asks.
  EXPECT_EQ(of_operator->fewest_isps, 1u);
  EXPECT_EQ(of_regulator->fewest_isps, 3u);
  EXPECT_EQ(of_operator->fewest_isps_of_public, 3u);
  EXPECT_EQ(of_regulator->fewest_isps_of_public, 3u);
  ExpectDenied(access_.MayRead(Uris{"kansoku:client/web"}).status(),
               "kansoku:client/web is of the public, which may read what is published: figures of months, "
               "their kinds and their vintages");
}

TEST_F(AccessControlTest, WhatIsPublishedEveryClientReads) {
  const absl::StatusOr<ReadScope> of_public = access_.MayReadPublished(Uris{"kansoku:client/web"});
  ASSERT_TRUE(of_public.ok()) << of_public.status();
  EXPECT_TRUE(of_public->published_only);
  for (const char* client : {"kansoku:client/noc-a", "kansoku:client/ministry"}) {
    const absl::StatusOr<ReadScope> scope = access_.MayReadPublished(Uris{client});
    ASSERT_TRUE(scope.ok()) << scope.status();
    EXPECT_FALSE(scope->published_only) << client;
  }
  ExpectDenied(access_.MayReadPublished(Uris{"kansoku:client/nobody"}).status(),
               "kansoku:client/nobody is not in the aggregator's registry; add it to registry.clients");
  ExpectDenied(access_.MayReadPublished(Uris{"kansoku:collector/tokyo"}).status(),
               "kansoku:collector/tokyo may not ask: only clients do");
}

TEST_F(AccessControlTest, StrangersAndCollectorsDoNotRead) {
  ExpectDenied(access_.MayRead(Uris{"kansoku:client/nobody"}).status(),
               "kansoku:client/nobody is not in the aggregator's registry; add it to registry.clients");
  ExpectDenied(access_.MayRead(Uris{"kansoku:collector/tokyo"}).status(),
               "kansoku:collector/tokyo may not ask: only clients do");
  EXPECT_EQ(access_.MayRead(Uris{}).status().code(), absl::StatusCode::kUnauthenticated);
}

TEST(AccessControl, NothingIsWithheldWhereThereIsNoRegulator) {
  v1::RegistryConfig registry = Registry();
  AccessControl access = AccessControl::By(registry);
  EXPECT_EQ(access.FewestIspsOfRegulators(), 3u);
  registry.mutable_clients(1)->set_role(v1::ROLE_PUBLIC);
  access.Replace(registry);
  EXPECT_EQ(access.FewestIspsOfRegulators(), 1u);
}

TEST(AccessControl, OpenLetsEveryoneDoEverything) {
  const AccessControl access = AccessControl::Open();
  EXPECT_EQ(access.FewestIspsOfRegulators(), 1u);
  EXPECT_TRUE(access.MayReport({}, Hello("anyone", "any", {"p"})).ok());
  const absl::StatusOr<ReadScope> scope = access.MayRead({});
  ASSERT_TRUE(scope.ok()) << scope.status();
  EXPECT_EQ(scope->isp, std::nullopt);
  EXPECT_EQ(scope->fewest_isps_of_public, 1u);
}

}  // namespace
}  // namespace kansoku::aggregator
