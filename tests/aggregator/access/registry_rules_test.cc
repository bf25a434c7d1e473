// SPDX-License-Identifier: Apache-2.0
#include "aggregator/access/registry_rules.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

constexpr char kTls[] = "tls: {certificate_path: c, key_path: k, authorities_path: a}\n";

absl::Status Check(const std::string& yaml) {
  v1::AggregatorConfig config;
  const absl::StatusOr<ConfigPlaces> places =
      ParseConfig(absl::StrCat("store_path: s\n", yaml), "a.yaml", config);
  return places.ok() ? CheckRegistry(config, *places) : places.status();
}

TEST(RegistryRules, AnOrderlyRegistryIsAccepted) {
  const absl::Status status = Check(absl::StrCat(kTls,
                                                 "registry:\n"
                                                 "  collectors:\n"
                                                 "    - {name: tokyo, isp: isp-a, points: [p1, p2]}\n"
                                                 "    - {name: osaka, isp: isp-a, points: [p3]}\n"
                                                 "  clients:\n"
                                                 "    - {name: tokyo, role: operator, isp: isp-a}\n"
                                                 "    - {name: ministry, role: regulator}\n"
                                                 "    - {name: web, role: public}\n"));
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_TRUE(Check("").ok());
}

TEST(RegistryRules, WhatContradictsItselfIsRefusedWithItsPlace) {
  const struct {
    std::string registry;
    std::string complaint;
  } cases[] = {
      {"collectors: [{name: t, isp: a, points: [p]}, {name: t, isp: a, points: [q]}]",
       "a.yaml:3: registry.collectors[1].name: \"t\" is listed twice"},
      {"collectors: [{name: t, isp: a, points: [p]}, {name: u, isp: a, points: [q, p]}]",
       "a.yaml:3: registry.collectors[1].points[1]: \"p\" is a point of collector \"t\" already; each "
       "belongs to one"},
      {"collectors: [{name: t, isp: a, points: []}]",
       "a.yaml:3: registry.collectors[0].points: expected at least one entry"},
      {"clients: [{name: t, role: regulator}, {name: t, role: public}]",
       "a.yaml:3: registry.clients[1].name: \"t\" is listed twice"},
      {"clients: [{name: t, role: operator}]",
       "a.yaml:3: registry.clients[0]: an operator reads the points of one ISP: say which, with isp"},
      {"clients: [{name: t, role: public, isp: a}]",
       "a.yaml:3: registry.clients[0].isp: only an operator is of an ISP; leave it out"},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(Check(absl::StrCat(kTls, "registry: {", one.registry, "}\n")).message(), one.complaint);
  }
}

TEST(RegistryRules, UnknownRolesAreRefused) {
  EXPECT_FALSE(Check(absl::StrCat(kTls, "registry: {clients: [{name: t, role: admin}]}\n")).ok());
  EXPECT_FALSE(Check(absl::StrCat(kTls, "registry: {clients: [{name: t}]}\n")).ok());
}

TEST(RegistryRules, RegistryAndTlsGoTogether) {
  EXPECT_EQ(Check("registry: {clients: [{name: t, role: public}]}\n").message(),
            "a.yaml:2: registry: without tls nobody can be told apart, and everyone on this machine may do "
            "all; give "
            "tls too, or leave out both");
  EXPECT_EQ(
      Check(kTls).message(),
      "a.yaml:2: tls: with it only those in the registry may report or ask, and it is empty; give registry");
}

}  // namespace
}  // namespace kansoku::aggregator
