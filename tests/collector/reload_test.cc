// SPDX-License-Identifier: Apache-2.0
#include "collector/reload.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>

#include "proto/contract/config_text.h"

namespace kansoku::collector {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

constexpr char kBeginning[] = R"(
collector: edge-1
isp: example
aggregator: {address: "127.0.0.1:50051"}
)";
constexpr char kSpool[] = "spool: {path: spool.db}\n";
constexpr char kLinks[] = R"(
links:
  - {point: uplink, interface: eth0, group: a1}
  - {point: exchange, interface: eth1, group: b1}
)";

v1::CollectorConfig Parse(const std::string& yaml) {
  v1::CollectorConfig config;
  const auto parsed = ParseConfig(yaml, "c.yaml", config);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return config;
}

v1::CollectorConfig Running() { return Parse(std::string(kBeginning) + kSpool + kLinks); }

bool IsEqual(const v1::CollectorConfig& a, const v1::CollectorConfig& b) {
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

TEST(Reload, OfTheSameFileChangesNothing) {
  const ReloadPlan plan = PlanReload(Running(), Running());
  EXPECT_THAT(plan.taken, IsEmpty());
  EXPECT_THAT(plan.awaiting_restart, IsEmpty());
  EXPECT_TRUE(IsEqual(plan.config, Running()));
}

TEST(Reload, TakesWhatTellsPacketsApartTheAggregatorAndTheSpoolsLimits) {
  const v1::CollectorConfig wanted = Parse(R"(
collector: edge-1
isp: example
aggregator: {address: "localhost:50051"}
spool: {path: spool.db, max_bytes: 8192, max_age_hours: 2}
links:
  - {point: uplink, interface: eth0, group: a2, layer: outer, access: mobile, side: {received: upload},
     region: kanto}
  - {point: exchange, interface: eth1, group: b1}
subscribers: [{prefix: 192.0.2.0/24, access: fixed}]
subscriber_files: [more.csv]
telescopes: [{sensor: dark, prefix: 198.51.100.0/24}]
tunnels: {vxlan_port: 8472}
)");
  v1::CollectorConfig running = Running();
  running.mutable_links(0)->mutable_side()->set_received(v1::DIRECTION_DOWNLOAD);
  const ReloadPlan plan = PlanReload(running, wanted);
  EXPECT_THAT(plan.taken,
              UnorderedElementsAre("aggregator", "spool.max_bytes", "spool.max_age_hours", "subscribers",
                                   "subscriber_files", "telescopes", "tunnels", "links[0].group",
                                   "links[0].side", "links[0].access", "links[0].layer", "links[0].region"));
  EXPECT_THAT(plan.awaiting_restart, IsEmpty());
  EXPECT_TRUE(IsEqual(plan.config, wanted)) << plan.config.DebugString();
}

TEST(Reload, NamesWhatWaitsForARestartAndKeepsIt) {
  const ReloadPlan plan = PlanReload(Running(), Parse(R"(
collector: edge-2
isp: other
aggregator: {address: "127.0.0.1:50051"}
spool: {path: elsewhere.db}
window_seconds: 60
links:
  - {point: uplink, interface: eth0, group: a1}
  - {point: exchange, interface: eth1, group: b1}
capture: {ring_bytes: 1048576, sampling_interval: 10}
flow_table: {entries: 1}
flow_records: {enabled: true, plain_addresses: true}
)"));
  EXPECT_THAT(plan.taken, IsEmpty());
  EXPECT_THAT(plan.awaiting_restart,
              UnorderedElementsAre("collector", "isp", "spool.path", "window_seconds", "capture.ring_bytes",
                                   "capture.sampling_interval", "flow_table.entries", "flow_records.enabled",
                                   "flow_records.plain_addresses"));
  EXPECT_TRUE(IsEqual(plan.config, Running())) << plan.config.DebugString();
}

// Which sides are captured is settled when the link is opened.
TEST(Reload, SidesThatComeOrGoWaitForARestart) {
  const auto with_side = [](const std::string& side) {
    return Parse(std::string(kBeginning) + kSpool + "links: [{point: uplink, interface: eth0" + side + "}]\n");
  };
  const v1::CollectorConfig none = with_side("");
  const v1::CollectorConfig tap = with_side(", side: {received: upload}");
  const v1::CollectorConfig both = with_side(", side: {received: upload, sent: download}");
  const std::pair<const v1::CollectorConfig*, const v1::CollectorConfig*> changes[] = {
      {&none, &tap}, {&tap, &none}, {&none, &both}, {&both, &none}, {&tap, &both}, {&both, &tap}};
  for (const auto& [running, wanted] : changes) {
    const ReloadPlan plan = PlanReload(*running, *wanted);
    EXPECT_THAT(plan.taken, IsEmpty());
    EXPECT_THAT(plan.awaiting_restart, ElementsAre(StartsWith("links[0].side")));
    EXPECT_TRUE(IsEqual(plan.config, *running)) << plan.config.DebugString();
  }
  const ReloadPlan turned = PlanReload(both, with_side(", side: {received: download, sent: upload}"));
  EXPECT_THAT(turned.taken, ElementsAre("links[0].side"));
  EXPECT_THAT(turned.awaiting_restart, IsEmpty());
}

TEST(Reload, KnowsALinkByItsPointAndItsInterfaceWhateverItsPlace) {
  const ReloadPlan plan = PlanReload(Running(), Parse(std::string(kBeginning) + kSpool + R"(
links:
  - {point: exchange, interface: eth1, group: b2}
  - {point: uplink, interface: eth0, group: a1}
)"));
  EXPECT_THAT(plan.taken, ElementsAre("links[0].group"));
  EXPECT_THAT(plan.awaiting_restart, IsEmpty());
  ASSERT_EQ(plan.config.links_size(), 2);
  EXPECT_EQ(plan.config.links(0).group(), v1::GROUP_A1);
  EXPECT_EQ(plan.config.links(1).group(), v1::GROUP_B2);
}

TEST(Reload, LinksThatComeGoOrMoveWaitForARestart) {
  const ReloadPlan plan = PlanReload(Running(), Parse(std::string(kBeginning) + kSpool + R"(
links:
  - {point: uplink, interface: eth7, group: a2}
  - {point: exchange, interface: eth1, group: b2}
  - {point: new, interface: eth2}
)"));
  EXPECT_THAT(plan.taken, ElementsAre("links[1].group"));
  EXPECT_THAT(plan.awaiting_restart, ElementsAre("links[0]", "links[2]", "links (uplink)"));
  ASSERT_EQ(plan.config.links_size(), 2);
  EXPECT_EQ(plan.config.links(0).interface(), "eth0");
  EXPECT_EQ(plan.config.links(0).group(), v1::GROUP_A1);
}

}  // namespace
}  // namespace kansoku::collector
