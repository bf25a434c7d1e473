// SPDX-License-Identifier: Apache-2.0
//
// What an operator can get wrong about a collector's own /metrics.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "collector/config.h"

namespace kansoku::collector {
namespace {

using ::testing::HasSubstr;

absl::Status Loaded(const std::string& section) {
  return CompileConfig(
             "collector: c\nisp: i\naggregator: {address: \"127.0.0.1:1\"}\nspool: {path: s}\n"
             "links: [{point: p, interface: lo}]\n" +
                 section,
             "c.yaml")
      .status();
}

TEST(MetricsConfig, StaysOnThisMachineUnlessProtected) {
  for (const char* section : {"", "metrics_listen: 127.0.0.1:9465\n",
                              "metrics_listen: 0.0.0.0:9465\nmetrics: {unprotected: true}\n",
                              "metrics_listen: 0.0.0.0:9465\nmetrics: {certificate_path: a, key_path: b, "
                              "client_authorities_path: c}\n"})
    EXPECT_TRUE(Loaded(section).ok()) << Loaded(section);
  for (const char* section :
       {"metrics_listen: 0.0.0.0:9465\n",
        "metrics_listen: 0.0.0.0:9465\nmetrics: {certificate_path: a, key_path: b}\n"}) {
    EXPECT_THAT(
        std::string(Loaded(section).message()),
        HasSubstr("c.yaml:6: metrics_listen: \"0.0.0.0:9465\": beyond loopback /metrics shows traffic to "
                  "whoever asks"));
  }
}

TEST(MetricsConfig, ProtectsSomething) {
  EXPECT_THAT(std::string(Loaded("metrics: {user: u, password_path: p}\n").message()),
              HasSubstr("c.yaml:6: metrics: protects nothing: give metrics_listen"));
}

}  // namespace
}  // namespace kansoku::collector
