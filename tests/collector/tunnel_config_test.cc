// SPDX-License-Identifier: Apache-2.0
//
// What the configuration's tunnels section may ask for.
#include <gtest/gtest.h>

#include <string>

#include "collector/config.h"

namespace kansoku::collector {
namespace {

std::string Check(const std::string& tunnels) {
  const absl::StatusOr<CheckedConfig> checked = CompileConfig(
      "collector: c\nisp: i\naggregator: {address: \"127.0.0.1:1\"}\nspool: {path: s.db}\n"
      "links: [{point: p, interface: lo}]\ntunnels:\n" +
          tunnels,
      "c.yaml");
  return checked.ok() ? "" : std::string(checked.status().message());
}

TEST(TunnelConfig, AcceptsEveryTunnelBehindAnIpHeaderAsOpaque) {
  EXPECT_EQ(Check("  opaque: [mpls, l2tp, pptp, gtpu, ipip, 6in4, 4in6, 6in6, gre, erspan, vxlan, geneve, "
                  "teredo, srv6]\n"),
            "");
}

TEST(TunnelConfig, RefusesWhatCannotBeOpaque) {
  for (const std::string carrier : {"native", "pppoe", "nat64", "mapt"}) {
    EXPECT_EQ(Check("  opaque:\n  - gre\n  - " + carrier + "\n"),
              "c.yaml:9: tunnels.opaque[1]: " + carrier +
                  " has no IP header outside that could count instead; leave it out");
  }
}

TEST(TunnelConfig, AcceptsPortsThatDiffer) {
  EXPECT_EQ(Check("  vxlan_port: 8472\n  geneve_port: 4789\n"), "");
}

TEST(TunnelConfig, RefusesAPortOfTwoTunnels) {
  EXPECT_EQ(
      Check("  teredo_port: 9\n  wireguard_port: 9\n"),
      "c.yaml:8: tunnels.wireguard_port: 9 is the port of teredo_port; give each tunnel a port of its own");
  EXPECT_EQ(
      Check("  geneve_port: 4789\n"),
      "c.yaml:7: tunnels.geneve_port: 4789 is the port of vxlan_port; give each tunnel a port of its own");
  for (const auto& [port, name] :
       {std::pair("4500", "ESP"), std::pair("4790", "VXLAN-GPE"), std::pair("6635", "MPLS")}) {
    EXPECT_EQ(Check(std::string("  gtpu_port: ") + port + "\n"),
              std::string("c.yaml:7: tunnels.gtpu_port: ") + port + " is the port of " + name +
                  ", which is fixed; give each tunnel a port of its own");
  }
}

}  // namespace
}  // namespace kansoku::collector
