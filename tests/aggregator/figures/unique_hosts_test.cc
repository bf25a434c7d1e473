// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/unique_hosts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>

#include "aggregator/figures/darknet_figures.h"
#include "proto/contract/source_sketch.h"
#include "tests/aggregator/figures/figure_literals.h"

namespace kansoku::aggregator {
namespace {

constexpr TimeSteps kHour{1'730'386'800, 1'730'390'400, 0};
constexpr char kId[] = "darknet_unique_hosts";

// The sources first to last - 1 of a fixed stream of hashes.
v1::SourceSketch Sketch(v1::DarknetClass darknet_class, uint32_t protocol, int first, int last,
                        v1::Family family = v1::FAMILY_IPV4) {
  std::mt19937_64 hashes(11);
  const auto sketch = std::make_unique<SourceSketch>();
  for (int i = 0; i < last; ++i) {
    const uint64_t hash = hashes();
    if (i >= first) sketch->Add(hash);
  }
  v1::SourceSketch message;
  message.set_darknet_class(darknet_class);
  message.set_family(family);
  message.set_protocol(protocol);
  sketch->WriteTo(message);
  return message;
}

v1::DarknetTally Told(const std::string& sensor, uint64_t key, uint32_t rules,
                      std::vector<v1::SourceSketch> sketches) {
  v1::DarknetTally tally = Tally(sensor, 3'600, {PortCell(6, 23, 5)});
  tally.set_source_key(key);
  tally.set_rules(rules);
  for (v1::SourceSketch& sketch : sketches) *tally.add_sketches() = std::move(sketch);
  return tally;
}

std::vector<v1::Figure> HostsOf(std::vector<v1::DarknetTally> east, std::vector<v1::DarknetTally> west) {
  const std::vector<PointSum> points = {Point("east", v1::GROUP_NONE, 360, 360, {}, std::move(east)),
                                        Point("west", v1::GROUP_NONE, 360, 360, {}, std::move(west))};
  std::vector<v1::Figure> figures = DarknetFigures(points, kHour);
  std::erase_if(figures, [](const v1::Figure& figure) { return figure.id() != kId; });
  return figures;
}

TEST(UniqueHosts, AreTheUnionOverPointsAndClasses) {
  constexpr auto kSyn = v1::DARKNET_CLASS_TCP_SYN;
  constexpr auto kProbe = v1::DARKNET_CLASS_UDP_PROBE;
  const auto figures =
      HostsOf({Told("kyoto", 7, 1, {Sketch(kSyn, 6, 0, 60), Sketch(kProbe, 17, 50, 80)})},
              {Told("nara", 7, 1, {Sketch(kSyn, 6, 40, 90), Sketch(kSyn, 6, 0, 3, v1::FAMILY_IPV6)})});
  ASSERT_EQ(figures.size(), 5u);
  const v1::Figure all = Find(figures, kId, {{"family", "ipv4"}});
  EXPECT_EQ(all.value(), "89");          // of 90, two share a register
  EXPECT_EQ(all.standard_error(), "1");  // 0.73
  EXPECT_EQ(all.unit(), "hosts");
  EXPECT_EQ(all.windows(), 720u);
  const auto of_class = [&](const char* family, const char* darknet_class, const char* protocol) {
    return Find(figures, kId, {{"family", family}, {"class", darknet_class}, {"protocol", protocol}}).value();
  };
  EXPECT_EQ(of_class("ipv4", "tcp_syn", "tcp"), "89");
  EXPECT_EQ(of_class("ipv4", "udp_probe", "udp"), "30");
  EXPECT_EQ(of_class("ipv6", "tcp_syn", "tcp"), "3");
  EXPECT_EQ(Find(figures, kId, {{"family", "ipv6"}}).value(), "3");
}

TEST(UniqueHosts, OfTheSameSourcesAgainAreNoMore) {
  const v1::SourceSketch once = Sketch(v1::DARKNET_CLASS_TCP_SYN, 6, 0, 5'000);
  EXPECT_EQ(
      Find(HostsOf({Told("kyoto", 7, 1, {once})}, {Told("nara", 7, 1, {once})}), kId, {{"family", "ipv4"}})
          .value(),
      std::to_string(EstimateSources(once)));
}

TEST(UniqueHosts, AreWithheldWhereKeysOrRulesMeet) {
  const v1::SourceSketch sketch = Sketch(v1::DARKNET_CLASS_TCP_SYN, 6, 0, 10);
  const v1::DarknetTally east = Told("kyoto", 7, 1, {sketch});
  v1::DarknetTally untold = Told("nara", 0, 0, {});
  for (const v1::DarknetTally& west : {Told("nara", 8, 1, {sketch}), Told("nara", 7, 2, {sketch}), untold}) {
    const auto figures = HostsOf({east}, {west});
    ASSERT_EQ(figures.size(), 1u);
    EXPECT_EQ(
        Why(figures[0]),
        "other_keys: sources were hashed with several keys, judged by several sets of rules, or in part not "
        "told apart");
  }
  // Of one sensor, in an hour in which its key changed.
  EXPECT_EQ(HostsOf({east, Told("kyoto", 8, 1, {sketch})}, {})[0].withheld_reason(),
            v1::WITHHELD_REASON_OTHER_KEYS);
  // A sensor that nothing reached has nothing to tell apart.
  untold.clear_cells();
  EXPECT_EQ(HostsOf({east}, {untold})[0].value(), "10");
}

TEST(UniqueHosts, AreNoneWhereNobodyToldSourcesApart) {
  EXPECT_TRUE(HostsOf({Told("kyoto", 0, 0, {})}, {Told("nara", 0, 1, {})}).empty());
}

TEST(UniqueHosts, AreWithheldOfASample) {
  PointSum point = Point("east", v1::GROUP_NONE, 360, 360, {},
                         {Told("kyoto", 7, 1, {Sketch(v1::DARKNET_CLASS_TCP_SYN, 6, 0, 10)})});
  point.measurement.add_flags(v1::QUALITY_FLAG_SAMPLED);
  EXPECT_EQ(Find(DarknetFigures({&point, 1}, kHour), kId, {}).withheld_reason(), v1::WITHHELD_REASON_SAMPLED);
}

}  // namespace
}  // namespace kansoku::aggregator
